"""What the register and the force's feeds told about vehicles, once no case is about them any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from enforcement.retention.rules import Record
from enforcement.tables import KeeperRow, RegisterAnswerRow, RegisterQueueRow
from ingest import records

# For each kind of record its key, its vehicle and the instant that its age counts from.
_COLUMNS: dict[Record, tuple[Any, Any, Any]] = {
    Record.REGISTER_ANSWER: (
        RegisterAnswerRow.answer_id,
        RegisterAnswerRow.vrm,
        RegisterAnswerRow.asked_at,
    ),
    Record.LOOK_UP: (RegisterQueueRow.vrm, RegisterQueueRow.vrm, RegisterQueueRow.wanted_at),
    Record.KEEPER: (KeeperRow.keeper_id, KeeperRow.vrm, KeeperRow.as_of),
}


def due(
    session: Session, authority: str, record: Record, before: datetime, kept_vrms: Collection[str]
) -> list[str | int]:
    """The keys of rows older than `before` about vehicles that no case needs, the oldest first."""
    key, vrm, since = _COLUMNS[record]
    query = select(key, vrm).where(key.class_.authority == authority, since < before).order_by(since, key)
    return [row[0] for row in session.execute(query) if row[1] not in kept_vrms]


def delete_rows(
    session: Session, authority: str, record: Record, keys: Sequence[str | int], kept_vrms: Collection[str]
) -> int:
    """Delete rows by their keys, but none about a vehicle that a case needs by now; how many."""
    key, vrm, _ = _COLUMNS[record]
    about = select(vrm).where(key.class_.authority == authority, key.in_(keys)).distinct()
    unneeded = [each for each in session.scalars(about) if each not in kept_vrms]
    return records.rows_changed(
        session,
        delete(key.class_)
        .where(key.class_.authority == authority, key.in_(keys), vrm.in_(unneeded))
        .execution_options(synchronize_session=False),
    )
