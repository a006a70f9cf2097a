"""The first tables: passages, evidence, traffic, health, links, orders, transits.

Revision ID: ingest_0001
"""

import sqlalchemy as sa
from alembic import op

revision = "ingest_0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.String(64)
INSTANT = sa.DateTime(timezone=True)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _passages()
    _traffic()
    _health()
    _links()
    _law()
    _transits()


def _passages() -> None:
    op.create_table(
        "passages",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("passage_id", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("camera_id", NAME, nullable=False),
        sa.Column("site_id", NAME, nullable=False),
        sa.Column("site_version", sa.Integer(), nullable=False),
        sa.Column("source", NAME, nullable=False),
        sa.Column("captured_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("direction", NAME, nullable=False),
        sa.Column("vrm", sa.String(length=12), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("deployment_started_at", INSTANT, nullable=True),
        sa.Column("deployment_ended_at", INSTANT, nullable=True),
        sa.Column("clock_within_s", sa.Float(), nullable=True),
        sa.Column("clock_ok", sa.Boolean(), nullable=False),
        sa.Column("outbox_id", NAME, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("payload_sha256", NAME, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "passage_id"),
    )
    op.create_index("passages_by_time", "passages", ["authority", "captured_at"])
    op.create_index("passages_by_vrm", "passages", ["authority", "vrm", "captured_at"])
    op.create_table(
        "passage_tombstones",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("passage_id", NAME, nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("authority", "passage_id"),
    )
    op.create_table(
        "evidence_references",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("passage_id", NAME, nullable=False),
        sa.Column("sha256", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "passage_id", "sha256"),
    )
    op.create_index("evidence_references_by_hash", "evidence_references", ["authority", "sha256"])
    op.create_table(
        "evidence",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("sha256", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("outbox_id", NAME, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("named_at", INSTANT, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("held_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("authority", "sha256"),
    )
    op.create_index("evidence_by_state", "evidence", ["state", "named_at"])


def _traffic() -> None:
    op.create_table(
        "traffic",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("traffic_id", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("camera_id", NAME, nullable=False),
        sa.Column("site_id", NAME, nullable=False),
        sa.Column("site_version", sa.Integer(), nullable=False),
        sa.Column("minute", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("outbox_id", NAME, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("payload_sha256", NAME, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "traffic_id"),
    )
    op.create_index("traffic_by_minute", "traffic", ["authority", "minute"])
    op.create_table(
        "traffic_counts",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("traffic_id", NAME, nullable=False),
        sa.Column("vehicle_class", NAME, nullable=False),
        sa.Column("direction", NAME, nullable=False),
        sa.Column("vehicles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "traffic_id", "vehicle_class", "direction"),
    )


def _health() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("heartbeat_id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outbox_id", NAME, nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("depth", sa.BigInteger(), nullable=False),
        sa.Column("clock_source", NAME, nullable=False),
        sa.Column("clock_offset_s", sa.Float(), nullable=True),
        sa.Column("clock_error_s", sa.Float(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("heartbeat_id"),
    )
    op.create_index(
        "heartbeats_once", "heartbeats", ["authority", "agent_id", "sent_at", "state"], unique=True
    )
    op.create_table(
        "camera_heartbeats",
        sa.Column("heartbeat_id", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("camera_id", NAME, nullable=False),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("site_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("frames", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("last_frame_at", INSTANT, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("heartbeat_id", "camera_id"),
    )
    op.create_index(
        "camera_heartbeats_by_frame", "camera_heartbeats", ["authority", "camera_id", "last_frame_at"]
    )
    op.create_table(
        "cameras",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("camera_id", NAME, nullable=False),
        sa.Column("site_id", NAME, nullable=False),
        sa.Column("site_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("authority", "agent_id", "camera_id", "site_id", "site_version"),
    )


def _links() -> None:
    op.create_table(
        "outboxes",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("outbox_id", NAME, nullable=False),
        sa.Column("highest_seq", sa.BigInteger(), nullable=False),
        sa.Column("promised_seq", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("authority", "agent_id", "outbox_id"),
    )
    op.create_table(
        "gaps",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("outbox_id", NAME, nullable=False),
        sa.Column("first_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("noticed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("authority", "agent_id", "outbox_id", "first_seq"),
    )
    op.create_table(
        "quarantine",
        sa.Column("quarantine_id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("bytes_sha256", NAME, nullable=False),
        sa.Column("topic", sa.String(length=300), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=600), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("quarantine_id"),
    )
    op.create_index("quarantine_once", "quarantine", ["bytes_sha256", "topic", "code"], unique=True)
    op.create_table(
        "agent_keys",
        sa.Column("key_id", sa.String(length=128), nullable=False),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("public_jwk", sa.Text(), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("key_id"),
    )


def _law() -> None:
    op.create_table(
        "order_versions",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("order_id", NAME, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("authority", "order_id", "version"),
    )
    op.create_table(
        "sites",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("site_id", NAME, nullable=False),
        sa.Column("site_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("authority", "site_id", "site_version"),
    )
    op.create_table(
        "permits",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("order_id", NAME, nullable=False),
        sa.Column("vrm", sa.String(length=12), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("holder", sa.String(length=300), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("authority", "order_id", "vrm", "valid_from", "valid_to"),
    )


def _transits() -> None:
    op.create_table(
        "transits",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("transit_id", NAME, nullable=False),
        sa.Column("order_id", NAME, nullable=False),
        sa.Column("order_version", sa.Integer(), nullable=False),
        sa.Column("zone_id", NAME, nullable=False),
        sa.Column("vrm", sa.String(length=12), nullable=False),
        sa.Column("entry_passage_id", NAME, nullable=True),
        sa.Column("exit_passage_id", NAME, nullable=True),
        sa.Column("conclusion", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("elapsed_s", sa.Float(), nullable=True),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("concluded_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("authority", "transit_id"),
    )
    op.create_index("transits_by_time", "transits", ["authority", "started_at"])
    op.create_index("transits_by_vrm", "transits", ["authority", "vrm", "started_at"])
    op.create_table(
        "pairing_due",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("passage_id", NAME, nullable=False),
        sa.Column("vrm", sa.String(length=12), nullable=False),
        sa.Column("captured_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("authority", "passage_id"),
    )
    op.create_index("pairing_due_by_time", "pairing_due", ["due_at"])
