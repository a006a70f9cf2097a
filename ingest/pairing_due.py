"""The work list of pairing: passages whose neighbours in time have to be looked at (again).

An entry is written in the same commit as what made it necessary, so that no crash forgets it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from ingest.inserts import insert_into
from ingest.instant import Instant
from ingest.tables import PAIRING_DUE, PASSAGES

_COLUMNS = ["authority", "passage_id", "vrm", "captured_at", "due_at"]


def pair_again(session: Session, authority: str, *, since: datetime, now: datetime) -> None:
    """Have every read passage from `since` on paired again, because an order or a site has become known."""
    stored = PASSAGES.c
    affected: Select[tuple[object, ...]] = select(
        stored.authority, stored.passage_id, stored.vrm, stored.captured_at, literal(now, Instant)
    ).where(stored.authority == authority, stored.captured_at >= since, stored.vrm.is_not(None))
    insert = insert_into(session, PAIRING_DUE).from_select(_COLUMNS, affected)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["authority", "passage_id"], set_={"due_at": insert.excluded.due_at}
        )
    )
