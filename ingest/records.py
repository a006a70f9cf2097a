"""What enforcement may use of ingest, and all of it.

Sessions are `sqlalchemy.orm.Session` on an engine from `open_database`; the caller commits. A session on
`reading(engine)` leaves the writer alone. Every function takes the authority whose rows it may see.
"""

from ingest.archive.clocks import ClockRecord, clock_records
from ingest.archive.old import (
    delete_quarantined,
    delete_transits,
    passages_before,
    quarantined_before,
    transits_unfounded,
)
from ingest.archive.passages import delete_passages, passage, passages
from ingest.archive.signed import signed_passage
from ingest.archive.traffic import traffic
from ingest.archive.transits import transit, transits
from ingest.archive.vehicles import SeenVehicle, seen_vehicle, seen_vehicles
from ingest.database.branch import SchemaBranch
from ingest.database.changing import rows_changed
from ingest.database.instant import Instant
from ingest.database.opening import check_schema, migrate, open_database, reading
from ingest.database.slices import slices
from ingest.errors import (
    EvidenceDamaged,
    EvidenceError,
    EvidenceMissing,
    IngestError,
    NotFound,
    RecordsError,
    SchemaRefused,
    VersionChanged,
)
from ingest.evidence.store import evidence_bytes
from ingest.evidence.sweep import delete_unnamed_evidence
from ingest.heartbeats.uptime import site_uptime
from ingest.intake.keys import agent_keys, revoke_agent_key, store_agent_key
from ingest.pairing.conclusions import camera_seeing, conclude, seeing_by, seen_of, tells_of_bad_clock
from ingest.pairing.law import (
    order_version,
    order_versions,
    permits,
    sites,
    store_order_version,
    store_permits,
    store_sites,
)
from ingest.pairing.match import Law, Seen
from ingest.values import AgentKey, EvidenceRecord, PassageRecord, Reason, TrafficRecord, TransitRecord
from ingest.watching.alerts import Alert, Condition, open_alerts

__all__ = [
    "AgentKey",
    "Alert",
    "ClockRecord",
    "Condition",
    "EvidenceDamaged",
    "EvidenceError",
    "EvidenceMissing",
    "EvidenceRecord",
    "IngestError",
    "Instant",
    "Law",
    "NotFound",
    "PassageRecord",
    "Reason",
    "RecordsError",
    "SchemaBranch",
    "SchemaRefused",
    "Seen",
    "SeenVehicle",
    "TrafficRecord",
    "TransitRecord",
    "VersionChanged",
    "agent_keys",
    "camera_seeing",
    "check_schema",
    "clock_records",
    "conclude",
    "delete_passages",
    "delete_quarantined",
    "delete_transits",
    "delete_unnamed_evidence",
    "evidence_bytes",
    "migrate",
    "open_alerts",
    "open_database",
    "order_version",
    "order_versions",
    "passage",
    "passages",
    "passages_before",
    "permits",
    "quarantined_before",
    "reading",
    "revoke_agent_key",
    "rows_changed",
    "seeing_by",
    "seen_of",
    "seen_vehicle",
    "seen_vehicles",
    "signed_passage",
    "site_uptime",
    "sites",
    "slices",
    "store_agent_key",
    "store_order_version",
    "store_permits",
    "store_sites",
    "tells_of_bad_clock",
    "traffic",
    "transit",
    "transits",
    "transits_unfounded",
]
