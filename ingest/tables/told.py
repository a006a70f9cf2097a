"""What units have told: passages, the pictures they name, counts of traffic, losses."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, String, Table, false

from ingest.tables.columns import METADATA, instant, name, number

PASSAGES = Table(
    "passages",
    METADATA,
    name("authority", key=True),
    name("passage_id", key=True),
    name("agent_id"),
    name("camera_id"),
    name("site_id"),
    Column("site_version", Integer, nullable=False),
    name("source"),
    instant("captured_at"),
    instant("received_at"),
    name("direction"),
    Column("vrm", String(12), nullable=True),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    instant("deployment_started_at", absent=True),
    instant("deployment_ended_at", absent=True),
    Column("clock_within_s", Float, nullable=True),
    Column("clock_ok", Boolean, nullable=False),
    Column("clock_doubted", Boolean, nullable=False, server_default=false()),
    name("outbox_id"),
    number("seq"),
    name("payload_sha256"),
    Column("raw", LargeBinary, nullable=False),
    Index("passages_by_time", "authority", "captured_at"),
    Index("passages_by_vrm", "authority", "vrm", "captured_at"),
)

TOMBSTONES = Table(
    "passage_tombstones",
    METADATA,
    name("authority", key=True),
    name("passage_id", key=True),
    instant("deleted_at"),
    Column("why", String(300), nullable=False),
)

EVIDENCE_REFERENCES = Table(
    "evidence_references",
    METADATA,
    name("authority", key=True),
    name("passage_id", key=True),
    name("sha256", key=True),
    name("kind"),
    Column("size_bytes", Integer, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
)

EVIDENCE = Table(
    "evidence",
    METADATA,
    name("authority", key=True),
    name("sha256", key=True),
    name("agent_id"),
    name("outbox_id"),
    Column("state", String(16), nullable=False),
    instant("named_at"),
    instant("asked_at", absent=True),
    instant("held_at", absent=True),
    Column("lost_why", String(300), nullable=True),
    Index("evidence_by_state", "state", "named_at"),
)

# What units say that they have lost. A picture may be said to be lost before the passage that names it comes.
LOSSES = Table(
    "losses",
    METADATA,
    name("authority", key=True),
    name("loss_id", key=True),
    name("agent_id"),
    instant("noticed_at"),
    instant("received_at"),
    name("cause"),
    Column("words", String(300), nullable=False),
    name("earlier_outbox_id", absent=True),
    Column("earlier_last_seq", BigInteger, nullable=True),
    number("carried"),
    name("outbox_id"),
    number("seq"),
    name("payload_sha256"),
    Column("raw", LargeBinary, nullable=False),
)

LOST_PICTURES = Table(
    "lost_pictures",
    METADATA,
    name("authority", key=True),
    name("agent_id", key=True),
    name("sha256", key=True),
    name("cause"),
)

TRAFFIC = Table(
    "traffic",
    METADATA,
    name("authority", key=True),
    name("traffic_id", key=True),
    name("agent_id"),
    name("camera_id"),
    name("site_id"),
    Column("site_version", Integer, nullable=False),
    instant("minute"),
    instant("received_at"),
    name("outbox_id"),
    number("seq"),
    name("payload_sha256"),
    Column("raw", LargeBinary, nullable=False),
    Index("traffic_by_minute", "authority", "minute"),
)

TRAFFIC_COUNTS = Table(
    "traffic_counts",
    METADATA,
    name("authority", key=True),
    name("traffic_id", key=True),
    name("vehicle_class", key=True),
    name("direction", key=True),
    Column("vehicles", Integer, nullable=False),
)
