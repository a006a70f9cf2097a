"""Orders, sites and permits as they were in force, and the transits that were judged by them."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, Float, Index, Integer, LargeBinary, String, Table

from ingest.tables.columns import METADATA, index_where, instant, name

ORDER_VERSIONS = Table(
    "order_versions",
    METADATA,
    name("authority", key=True),
    name("order_id", key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_from", Date, nullable=False),
    Column("document", LargeBinary, nullable=False),
    instant("stored_at"),
)

SITES = Table(
    "sites",
    METADATA,
    name("authority", key=True),
    name("site_id", key=True),
    Column("site_version", Integer, primary_key=True, autoincrement=False),
    Column("document", LargeBinary, nullable=False),
    instant("stored_at"),
)

PERMITS = Table(
    "permits",
    METADATA,
    name("authority", key=True),
    name("order_id", key=True),
    Column("vrm", String(12), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date, primary_key=True),
    Column("holder", String(300), nullable=False),
    instant("stored_at"),
    instant("withdrawn_at", absent=True),
)

TRANSITS = Table(
    "transits",
    METADATA,
    name("authority", key=True),
    name("transit_id", key=True),
    name("order_id"),
    Column("order_version", Integer, nullable=False),
    name("zone_id"),
    Column("vrm", String(12), nullable=False),
    # The mark at the exit of a close pair; one of a single mark has none.
    Column("exit_vrm", String(12), nullable=True),
    name("entry_passage_id", absent=True),
    name("exit_passage_id", absent=True),
    Column("conclusion", String(16), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("elapsed_s", Float, nullable=True),
    instant("started_at"),
    instant("concluded_at"),
    instant("withdrawn_at", absent=True),
    # By what a sighting alone is found from another whose mark is close to its own.
    Column("close_head", String(4), nullable=True),
    Column("close_tail", String(4), nullable=True),
    Index("transits_by_time", "authority", "started_at"),
    Index("transits_by_vrm", "authority", "vrm", "started_at"),
    index_where("exit_vrm IS NOT NULL", "transits_by_exit_vrm", "authority", "exit_vrm", "started_at"),
    *(
        index_where(f"{key} IS NOT NULL", f"transits_by_{key}", "authority", "zone_id", key, "started_at")
        for key in ("close_head", "close_tail")
    ),
)

# Passages whose pairing is to be reckoned (again) once `due_at` has come; made in the passage's own commit.
PAIRING_DUE = Table(
    "pairing_due",
    METADATA,
    name("authority", key=True),
    name("passage_id", key=True),
    Column("vrm", String(12), nullable=False),
    instant("captured_at"),
    instant("due_at"),
    Index("pairing_due_by_time", "due_at"),
)
