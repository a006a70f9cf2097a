"""Uptime of cameras, alerts, what the centre knows of clocks, and what became of the quarantine.

Revision ID: ingest_0003
"""

from itertools import groupby, pairwise

import sqlalchemy as sa
from alembic import op

from ingest.heartbeats.seeing import Beat, Interval, faulty, merged, vouched_for, without

revision = "ingest_0003"
down_revision = "ingest_0002"
branch_labels = None
depends_on = None

NAME = sa.String(64)
INSTANT = sa.DateTime(timezone=True)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    _clocks()
    _cameras()
    _quarantine()
    _alerts()
    _losses()
    op.add_column("evidence", sa.Column("lost_why", sa.String(length=300), nullable=True))
    # Every picture of every passage took a page of it; only the sweep of unnamed pictures read it.
    op.drop_index("evidence_references_by_hash", "evidence_references")


def _clocks() -> None:
    op.add_column("passages", _flag("clock_doubted"))
    op.add_column("heartbeats", _flag("clock_bad"))
    op.add_column("heartbeats", sa.Column("clock_least_s", sa.Float(), nullable=True))
    op.add_column("heartbeats", sa.Column("clock_most_s", sa.Float(), nullable=True))
    op.create_index("heartbeats_by_arrival", "heartbeats", ["authority", "agent_id", "received_at"])
    op.create_index("heartbeats_clock_bad", "heartbeats", ["authority", "agent_id", "clock_bad", "sent_at"])


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def _cameras() -> None:
    for name in ("seeing_since", "seeing_from"):
        op.add_column("camera_heartbeats", sa.Column(name, INSTANT, nullable=True))
    op.drop_index("camera_heartbeats_by_frame", "camera_heartbeats")
    camera = ["authority", "agent_id", "camera_id"]
    op.create_index("camera_heartbeats_by_frame", "camera_heartbeats", [*camera, "last_frame_at"])
    op.create_index("camera_heartbeats_by_time", "camera_heartbeats", [*camera, "sent_at"])
    op.create_table(
        "camera_uptime",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("camera_id", NAME, nullable=False),
        sa.Column("site_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("authority", "agent_id", "camera_id", "site_version", "started_at"),
    )
    _reckon_uptime(op.get_bind())


def _reckon_uptime(connection: sa.Connection) -> None:
    """Uptime from the heartbeats that are there already, which did not yet say since when cameras saw."""
    camera = [sa.column(name, NAME) for name in ("authority", "agent_id", "camera_id")]
    instants = [sa.column(name, INSTANT) for name in ("last_frame_at", "faulty_since")]
    sent_at, heartbeat_id = sa.column("sent_at", INSTANT), sa.column("heartbeat_id", sa.BigInteger)
    told = sa.select(*camera, heartbeat_id, sent_at, sa.column("state"), *instants, sa.column("site_version"))
    rows = connection.execute(
        told.select_from(sa.table("camera_heartbeats")).order_by(*camera, sent_at)
    ).all()
    for key, its_rows in groupby(rows, key=lambda row: tuple(row[:3])):
        beats = [(row[3], Beat(*row[4:])) for row in its_rows]
        vouched: dict[int, list[Interval]] = {}
        for (_, earlier), (beat_id, later) in pairwise(beats):
            interval = vouched_for(earlier, later)
            if interval is not None:
                vouched.setdefault(later.site_version, []).append(interval)
                connection.execute(
                    sa.text(
                        "UPDATE camera_heartbeats SET seeing_from = :start "
                        "WHERE heartbeat_id = :beat_id AND camera_id = :camera_id"
                    ).bindparams(sa.bindparam("start", type_=INSTANT)),
                    {"start": interval.start, "beat_id": beat_id, "camera_id": key[2]},
                )
        faults = faulty(beat for _, beat in beats)
        for version, intervals in vouched.items():
            for interval in without(merged(intervals), faults):
                connection.execute(
                    sa.text("INSERT INTO camera_uptime VALUES (:a, :b, :c, :d, :e, :f)").bindparams(
                        sa.bindparam("e", type_=INSTANT), sa.bindparam("f", type_=INSTANT)
                    ),
                    dict(zip("abcdef", (*key, version, interval.start, interval.end), strict=True)),
                )


def _quarantine() -> None:
    op.add_column("quarantine", sa.Column("agent_id", NAME, server_default="unknown", nullable=False))
    op.add_column("quarantine", sa.Column("settled_at", INSTANT, nullable=True))
    op.add_column("quarantine", sa.Column("settled_why", sa.String(length=300), nullable=True))
    op.create_index("quarantine_by_unit", "quarantine", ["agent_id", "settled_at"])
    op.create_index("quarantine_open", "quarantine", ["settled_at", "authority", "agent_id", "code"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("authority", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("text", sa.String(length=600), nullable=False),
        sa.Column("figure", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("accepted_at", INSTANT, nullable=True),
        sa.Column("accepted_why", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("alert_id"),
    )
    once = ["authority", "agent_id", "kind", "subject"]
    op.create_index("alerts_once", "alerts", once, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)


def _losses() -> None:
    op.create_table(
        "losses",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("loss_id", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("noticed_at", INSTANT, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("cause", NAME, nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("earlier_outbox_id", NAME, nullable=True),
        sa.Column("earlier_last_seq", sa.BigInteger(), nullable=True),
        sa.Column("carried", sa.BigInteger(), nullable=False),
        sa.Column("outbox_id", NAME, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("payload_sha256", NAME, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("authority", "loss_id"),
    )
    op.create_table(
        "lost_pictures",
        sa.Column("authority", NAME, nullable=False),
        sa.Column("agent_id", NAME, nullable=False),
        sa.Column("sha256", NAME, nullable=False),
        sa.Column("cause", NAME, nullable=False),
        sa.PrimaryKeyConstraint("authority", "agent_id", "sha256"),
    )
