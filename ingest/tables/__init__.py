"""The tables of ingest. Every row carries its authority; every instant is UTC.

The bytes that a unit signed are kept in `raw` beside what was taken from them, so that a signature can be
checked for ever. The migrations in `ingest/migrations` make these tables; a test holds both to one shape.
"""

from ingest.tables.columns import METADATA
from ingest.tables.law import ORDER_VERSIONS, PAIRING_DUE, PERMITS, SITES, TRANSITS
from ingest.tables.told import (
    EVIDENCE,
    EVIDENCE_REFERENCES,
    LOSSES,
    LOST_PICTURES,
    PASSAGES,
    TOMBSTONES,
    TRAFFIC,
    TRAFFIC_COUNTS,
)
from ingest.tables.trouble import ALERTS, QUARANTINE
from ingest.tables.units import (
    AGENT_KEYS,
    CAMERA_HEARTBEATS,
    CAMERA_UPTIME,
    CAMERAS,
    GAPS,
    HEARTBEATS,
    OUTBOXES,
)

__all__ = [
    "AGENT_KEYS",
    "ALERTS",
    "CAMERAS",
    "CAMERA_HEARTBEATS",
    "CAMERA_UPTIME",
    "EVIDENCE",
    "EVIDENCE_REFERENCES",
    "GAPS",
    "HEARTBEATS",
    "LOSSES",
    "LOST_PICTURES",
    "METADATA",
    "ORDER_VERSIONS",
    "OUTBOXES",
    "PAIRING_DUE",
    "PASSAGES",
    "PERMITS",
    "QUARANTINE",
    "SITES",
    "TOMBSTONES",
    "TRAFFIC",
    "TRAFFIC_COUNTS",
    "TRANSITS",
]
