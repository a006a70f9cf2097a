"""The queue of look-ups, as rows: claimed before the service is asked, gone only once it has answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from enforcement.insertion import insert_new
from enforcement.tables import RegisterQueueRow as Row
from ingest import records

# Longer than any wait for a token and time-out: who claimed a look-up and died frees it after this.
LEASE = timedelta(minutes=15)


@dataclass(frozen=True)
class Waiting:
    """A look-up in the queue."""

    wanted_at: datetime
    due_at: datetime
    failures: int
    unanswered_since: datetime | None


def claim(session: Session, authority: str, vrm: str, now: datetime) -> bool:
    """Take a look-up to ask it now; False where it is not due, or another has it. Puts it in if it is new."""
    if insert_new(session, Row, authority=authority, vrm=vrm, wanted_at=now, due_at=now + LEASE, failures=0):
        return True
    taken = _one(update(Row), authority, vrm, Row.due_at <= now).values(due_at=now + LEASE)
    return records.rows_changed(session, taken) == 1


def waiting(session: Session, authority: str, vrm: str) -> Waiting | None:
    """How a look-up stands in the queue, or None where it is not in it."""
    row = session.get(Row, (authority, vrm), populate_existing=True)
    return Waiting(row.wanted_at, row.due_at, row.failures, row.unanswered_since) if row else None


def put_off(
    session: Session,
    authority: str,
    vrm: str,
    *,
    due_at: datetime,
    cause: str,
    failures: int,
    unanswered_since: datetime,
) -> None:
    """Ask again at `due_at`, since there was no answer."""
    session.execute(
        _one(update(Row), authority, vrm).values(
            due_at=due_at, cause=cause, failures=failures, unanswered_since=unanswered_since
        )
    )


def ask_again(session: Session, authority: str, vrm: str, *, due_at: datetime, cause: str) -> None:
    """Ask again at `due_at`, although there was an answer: it holds no entry."""
    session.execute(
        _one(update(Row), authority, vrm).values(
            due_at=due_at, cause=cause, failures=0, unanswered_since=None
        )
    )


def leave(session: Session, authority: str, vrm: str) -> None:
    """Take a look-up out of the queue: it has its answer, or nobody can use one any more."""
    session.execute(_one(delete(Row), authority, vrm))


def due_marks(session: Session, authority: str, now: datetime, limit: int) -> list[str]:
    """The marks to ask now, the longest due first."""
    due = select(Row.vrm).where(Row.authority == authority, Row.due_at <= now)
    return list(session.scalars(due.order_by(Row.due_at, Row.vrm).limit(limit)))


def depth(session: Session, authority: str) -> dict[str, int]:
    """How many look-ups wait, by the cause of the last failure ("new" where there was none)."""
    counted = session.execute(
        select(Row.cause, func.count()).where(Row.authority == authority).group_by(Row.cause)
    )
    return {cause or "new": count for cause, count in counted}


def _one(statement: Any, authority: str, vrm: str, *further: Any) -> Any:
    return statement.where(Row.authority == authority, Row.vrm == vrm, *further).execution_options(
        synchronize_session=False
    )
