"""Units and their cameras: keys, heartbeats, uptime, what has come of their outboxes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
)

from ingest.database.instant import Instant
from ingest.tables.columns import METADATA, ROW_ID, index_where, instant, name, number

AGENT_KEYS = Table(
    "agent_keys",
    METADATA,
    Column("key_id", String(128), primary_key=True),
    name("authority"),
    name("agent_id"),
    Column("public_jwk", Text, nullable=False),
    instant("stored_at"),
    instant("revoked_at", absent=True),
)

HEARTBEATS = Table(
    "heartbeats",
    METADATA,
    Column("heartbeat_id", ROW_ID, primary_key=True, autoincrement=True),
    name("authority"),
    name("agent_id"),
    instant("sent_at"),
    instant("received_at"),
    Column("state", String(16), nullable=False),
    name("outbox_id"),
    number("last_seq"),
    number("depth"),
    Column("storage", String(16), nullable=False, server_default="ok"),
    name("clock_source"),
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
    Column("heartbeat_id", ROW_ID, primary_key=True, autoincrement=False),
    name("camera_id", key=True),
    name("authority"),
    name("agent_id"),
    Column("site_version", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    number("frames"),
    instant("sent_at"),
    instant("last_frame_at", absent=True),
    Column("reason", String(300), nullable=True),
    name("fault", absent=True),
    instant("faulty_since", absent=True),
    instant("seeing_since", absent=True),
    instant("seeing_from", absent=True),
    Index("camera_heartbeats_by_frame", "authority", "agent_id", "camera_id", "last_frame_at"),
    Index("camera_heartbeats_by_time", "authority", "agent_id", "camera_id", "sent_at"),
    index_where("faulty_since IS NOT NULL", "camera_heartbeats_faulty", "authority", "last_frame_at"),
)

# When cameras were seeing, merged; kept up as heartbeats come. It decides where an absence tells nothing.
CAMERA_UPTIME = Table(
    "camera_uptime",
    METADATA,
    name("authority", key=True),
    name("agent_id", key=True),
    name("camera_id", key=True),
    Column("site_version", Integer, primary_key=True, autoincrement=False),
    Column("started_at", Instant, primary_key=True),
    instant("ended_at"),
)

# Which camera watches which site: heartbeats name cameras, orders name sites.
CAMERAS = Table(
    "cameras",
    METADATA,
    name("authority", key=True),
    name("agent_id", key=True),
    name("camera_id", key=True),
    name("site_id", key=True),
    Column("site_version", Integer, primary_key=True, autoincrement=False),
)

OUTBOXES = Table(
    "outboxes",
    METADATA,
    name("authority", key=True),
    name("agent_id", key=True),
    name("outbox_id", key=True),
    number("highest_seq"),
    number("promised_seq"),
    instant("heard_at"),
)

GAPS = Table(
    "gaps",
    METADATA,
    name("authority", key=True),
    name("agent_id", key=True),
    name("outbox_id", key=True),
    Column("first_seq", BigInteger, primary_key=True, autoincrement=False),
    number("last_seq"),
    instant("noticed_at"),
)
