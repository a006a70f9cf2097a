"""Close pairs, and what a transit's conclusion rests on.

Revision ID: ingest_0004
"""

import sqlalchemy as sa
from alembic import op

from ingest.pairing.close import close_keys

revision = "ingest_0004"
down_revision = "ingest_0003"
branch_labels = None
depends_on = None

_AT_ONCE = 1000


def upgrade() -> None:
    op.add_column("transits", sa.Column("exit_vrm", sa.String(length=12), nullable=True))
    op.add_column("transits", sa.Column("close_head", sa.String(length=4), nullable=True))
    op.add_column("transits", sa.Column("close_tail", sa.String(length=4), nullable=True))
    _index(
        "transits_by_exit_vrm", "transits", ["authority", "exit_vrm", "started_at"], "exit_vrm IS NOT NULL"
    )
    for key in ("close_head", "close_tail"):
        columns = ["authority", "zone_id", key, "started_at"]
        _index(f"transits_by_{key}", "transits", columns, f"{key} IS NOT NULL")
    columns = ["authority", "last_frame_at"]
    _index("camera_heartbeats_faulty", "camera_heartbeats", columns, "faulty_since IS NOT NULL")
    _give_keys()


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def _give_keys() -> None:
    """Let the sightings alone that are there be found by close marks, too."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT authority, transit_id, vrm FROM transits WHERE withdrawn_at IS NULL "
            "AND conclusion IN ('unresolved', 'no_inference') "
            "AND (entry_passage_id IS NULL OR exit_passage_id IS NULL)"
        )
    )
    keyed = [
        {"a": authority, "t": transit_id, "head": keys.head, "tail": keys.tail}
        for authority, transit_id, vrm in rows.all()
        if (keys := close_keys(vrm)) is not None
    ]
    give = sa.text(
        "UPDATE transits SET close_head = :head, close_tail = :tail WHERE authority = :a AND transit_id = :t"
    )
    for start in range(0, len(keyed), _AT_ONCE):
        op.get_bind().execute(give, keyed[start : start + _AT_ONCE])
