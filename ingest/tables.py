"""The tables of ingest. Every row carries its authority; every instant is UTC.

The bytes that a unit signed are kept in `raw` beside what was taken from them, so that a signature can be
checked for ever. The migrations in `ingest/migrations` make these tables; a test holds both to one shape.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

from ingest.instant import Instant

METADATA = MetaData()

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def _name(title: str, *, key: bool = False, absent: bool = False) -> Column[str]:
    return Column(title, String(64), primary_key=key, nullable=absent)


def _instant(title: str, *, absent: bool = False) -> Column[Any]:
    return Column(title, Instant, nullable=absent)


def _number(title: str) -> Column[int]:
    return Column(title, BigInteger, nullable=False)


PASSAGES = Table(
    "passages",
    METADATA,
    _name("authority", key=True),
    _name("passage_id", key=True),
    _name("agent_id"),
    _name("camera_id"),
    _name("site_id"),
    Column("site_version", Integer, nullable=False),
    _name("source"),
    _instant("captured_at"),
    _instant("received_at"),
    _name("direction"),
    Column("vrm", String(12), nullable=True),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    _instant("deployment_started_at", absent=True),
    _instant("deployment_ended_at", absent=True),
    Column("clock_within_s", Float, nullable=True),
    Column("clock_ok", Boolean, nullable=False),
    Column("clock_doubted", Boolean, nullable=False, server_default=false()),
    _name("outbox_id"),
    _number("seq"),
    _name("payload_sha256"),
    Column("raw", LargeBinary, nullable=False),
    Index("passages_by_time", "authority", "captured_at"),
    Index("passages_by_vrm", "authority", "vrm", "captured_at"),
)

TOMBSTONES = Table(
    "passage_tombstones",
    METADATA,
    _name("authority", key=True),
    _name("passage_id", key=True),
    _instant("deleted_at"),
    Column("why", String(300), nullable=False),
)

EVIDENCE_REFERENCES = Table(
    "evidence_references",
    METADATA,
    _name("authority", key=True),
    _name("passage_id", key=True),
    _name("sha256", key=True),
    _name("kind"),
    Column("size_bytes", Integer, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Index("evidence_references_by_hash", "authority", "sha256"),
)

EVIDENCE = Table(
    "evidence",
    METADATA,
    _name("authority", key=True),
    _name("sha256", key=True),
    _name("agent_id"),
    _name("outbox_id"),
    Column("state", String(16), nullable=False),
    _instant("named_at"),
    _instant("asked_at", absent=True),
    _instant("held_at", absent=True),
    Column("lost_why", String(300), nullable=True),
    Index("evidence_by_state", "state", "named_at"),
)

# What units say that they have lost. A picture may be said to be lost before the passage that names it comes.
LOSSES = Table(
    "losses",
    METADATA,
    _name("authority", key=True),
    _name("loss_id", key=True),
    _name("agent_id"),
    _instant("noticed_at"),
    _instant("received_at"),
    _name("cause"),
    Column("words", String(300), nullable=False),
    _name("earlier_outbox_id", absent=True),
    Column("earlier_last_seq", BigInteger, nullable=True),
    _number("carried"),
    _name("outbox_id"),
    _number("seq"),
    _name("payload_sha256"),
    Column("raw", LargeBinary, nullable=False),
)

LOST_PICTURES = Table(
    "lost_pictures",
    METADATA,
    _name("authority", key=True),
    _name("agent_id", key=True),
    _name("sha256", key=True),
    _name("cause"),
)

TRAFFIC = Table(
    "traffic",
    METADATA,
    _name("authority", key=True),
    _name("traffic_id", key=True),
    _name("agent_id"),
    _name("camera_id"),
    _name("site_id"),
    Column("site_version", Integer, nullable=False),
    _instant("minute"),
    _instant("received_at"),
    _name("outbox_id"),
    _number("seq"),
    _name("payload_sha256"),
    Column("raw", LargeBinary, nullable=False),
    Index("traffic_by_minute", "authority", "minute"),
)

TRAFFIC_COUNTS = Table(
    "traffic_counts",
    METADATA,
    _name("authority", key=True),
    _name("traffic_id", key=True),
    _name("vehicle_class", key=True),
    _name("direction", key=True),
    Column("vehicles", Integer, nullable=False),
)

HEARTBEATS = Table(
    "heartbeats",
    METADATA,
    Column("heartbeat_id", _ROW_ID, primary_key=True, autoincrement=True),
    _name("authority"),
    _name("agent_id"),
    _instant("sent_at"),
    _instant("received_at"),
    Column("state", String(16), nullable=False),
    _name("outbox_id"),
    _number("last_seq"),
    _number("depth"),
    _name("clock_source"),
    Column("clock_offset_s", Float, nullable=True),
    Column("clock_error_s", Float, nullable=True),
    Column("clock_least_s", Float, nullable=True),
    Column("clock_most_s", Float, nullable=True),
    Column("clock_bad", Boolean, nullable=False, server_default=false()),
    Column("raw", LargeBinary, nullable=False),
    Index("heartbeats_once", "authority", "agent_id", "sent_at", "state", unique=True),
    Index("heartbeats_by_arrival", "authority", "agent_id", "received_at"),
    Index("heartbeats_clock_bad", "authority", "agent_id", "clock_bad", "sent_at"),
)

CAMERA_HEARTBEATS = Table(
    "camera_heartbeats",
    METADATA,
    Column("heartbeat_id", _ROW_ID, primary_key=True, autoincrement=False),
    _name("camera_id", key=True),
    _name("authority"),
    _name("agent_id"),
    Column("site_version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    _number("frames"),
    _instant("sent_at"),
    _instant("last_frame_at", absent=True),
    Column("reason", String(300), nullable=True),
    _name("fault", absent=True),
    _instant("faulty_since", absent=True),
    _instant("seeing_since", absent=True),
    _instant("seeing_from", absent=True),
    Index("camera_heartbeats_by_frame", "authority", "agent_id", "camera_id", "last_frame_at"),
    Index("camera_heartbeats_by_time", "authority", "agent_id", "camera_id", "sent_at"),
)

# When cameras were seeing, merged; kept up as heartbeats come. It decides where an absence tells nothing.
CAMERA_UPTIME = Table(
    "camera_uptime",
    METADATA,
    _name("authority", key=True),
    _name("agent_id", key=True),
    _name("camera_id", key=True),
    Column("site_version", Integer, primary_key=True, autoincrement=False),
    Column("started_at", Instant, primary_key=True),
    _instant("ended_at"),
)

# Which camera watches which site: heartbeats name cameras, orders name sites.
CAMERAS = Table(
    "cameras",
    METADATA,
    _name("authority", key=True),
    _name("agent_id", key=True),
    _name("camera_id", key=True),
    _name("site_id", key=True),
    Column("site_version", Integer, primary_key=True, autoincrement=False),
)

OUTBOXES = Table(
    "outboxes",
    METADATA,
    _name("authority", key=True),
    _name("agent_id", key=True),
    _name("outbox_id", key=True),
    _number("highest_seq"),
    _number("promised_seq"),
    _instant("heard_at"),
)

GAPS = Table(
    "gaps",
    METADATA,
    _name("authority", key=True),
    _name("agent_id", key=True),
    _name("outbox_id", key=True),
    Column("first_seq", BigInteger, primary_key=True, autoincrement=False),
    _number("last_seq"),
    _instant("noticed_at"),
)

QUARANTINE = Table(
    "quarantine",
    METADATA,
    Column("quarantine_id", _ROW_ID, primary_key=True, autoincrement=True),
    _name("authority"),
    _name("bytes_sha256"),
    Column("topic", String(300), nullable=False),
    Column("code", String(32), nullable=False),
    Column("reason", String(600), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    _number("size_bytes"),
    _number("times"),
    _instant("first_at"),
    _instant("last_at"),
    _name("agent_id"),
    _instant("settled_at", absent=True),
    Column("settled_why", String(300), nullable=True),
    Index("quarantine_once", "bytes_sha256", "topic", "code", unique=True),
    Index("quarantine_by_unit", "agent_id", "settled_at"),
    Index("quarantine_open", "settled_at", "authority", "agent_id", "code"),
)

# What somebody has to be told. One row while it lasts; `figure` is how much of it there is.
ALERTS = Table(
    "alerts",
    METADATA,
    Column("alert_id", _ROW_ID, primary_key=True, autoincrement=True),
    _name("authority"),
    _name("agent_id"),
    _name("kind"),
    Column("subject", String(128), nullable=False),
    Column("text", String(600), nullable=False),
    _number("figure"),
    _instant("opened_at"),
    _instant("closed_at", absent=True),
    _instant("accepted_at", absent=True),
    Column("accepted_why", String(300), nullable=True),
    Index(
        "alerts_once",
        "authority",
        "agent_id",
        "kind",
        "subject",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

AGENT_KEYS = Table(
    "agent_keys",
    METADATA,
    Column("key_id", String(128), primary_key=True),
    _name("authority"),
    _name("agent_id"),
    Column("public_jwk", Text, nullable=False),
    _instant("stored_at"),
    _instant("revoked_at", absent=True),
)

ORDER_VERSIONS = Table(
    "order_versions",
    METADATA,
    _name("authority", key=True),
    _name("order_id", key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_from", Date, nullable=False),
    Column("document", LargeBinary, nullable=False),
    _instant("stored_at"),
)

SITES = Table(
    "sites",
    METADATA,
    _name("authority", key=True),
    _name("site_id", key=True),
    Column("site_version", Integer, primary_key=True, autoincrement=False),
    Column("document", LargeBinary, nullable=False),
    _instant("stored_at"),
)

PERMITS = Table(
    "permits",
    METADATA,
    _name("authority", key=True),
    _name("order_id", key=True),
    Column("vrm", String(12), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date, primary_key=True),
    Column("holder", String(300), nullable=False),
    _instant("stored_at"),
    _instant("withdrawn_at", absent=True),
)

TRANSITS = Table(
    "transits",
    METADATA,
    _name("authority", key=True),
    _name("transit_id", key=True),
    _name("order_id"),
    Column("order_version", Integer, nullable=False),
    _name("zone_id"),
    Column("vrm", String(12), nullable=False),
    _name("entry_passage_id", absent=True),
    _name("exit_passage_id", absent=True),
    Column("conclusion", String(16), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("elapsed_s", Float, nullable=True),
    _instant("started_at"),
    _instant("concluded_at"),
    _instant("withdrawn_at", absent=True),
    Index("transits_by_time", "authority", "started_at"),
    Index("transits_by_vrm", "authority", "vrm", "started_at"),
)

# Passages whose pairing is to be reckoned (again) once `due_at` has come; made in the passage's own commit.
PAIRING_DUE = Table(
    "pairing_due",
    METADATA,
    _name("authority", key=True),
    _name("passage_id", key=True),
    Column("vrm", String(12), nullable=False),
    _instant("captured_at"),
    _instant("due_at"),
    Index("pairing_due_by_time", "due_at"),
)
