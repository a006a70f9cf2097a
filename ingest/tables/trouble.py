"""What somebody has to look at: messages put aside, alerts."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, String, Table, text

from ingest.tables.columns import METADATA, ROW_ID, instant, name, number

QUARANTINE = Table(
    "quarantine",
    METADATA,
    Column("quarantine_id", ROW_ID, primary_key=True, autoincrement=True),
    name("authority"),
    name("bytes_sha256"),
    Column("topic", String(300), nullable=False),
    Column("code", String(32), nullable=False),
    Column("reason", String(600), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    number("size_bytes"),
    number("times"),
    instant("first_at"),
    instant("last_at"),
    name("agent_id"),
    instant("settled_at", absent=True),
    Column("settled_why", String(300), nullable=True),
    Index("quarantine_once", "bytes_sha256", "topic", "code", unique=True),
    Index("quarantine_by_unit", "agent_id", "settled_at"),
    Index("quarantine_open", "settled_at", "authority", "agent_id", "code"),
)

# What somebody has to be told. One row while it lasts; `figure` is how much of it there is.
ALERTS = Table(
    "alerts",
    METADATA,
    Column("alert_id", ROW_ID, primary_key=True, autoincrement=True),
    name("authority"),
    name("agent_id"),
    name("kind"),
    Column("subject", String(128), nullable=False),
    Column("text", String(600), nullable=False),
    number("figure"),
    instant("opened_at"),
    instant("closed_at", absent=True),
    instant("accepted_at", absent=True),
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
