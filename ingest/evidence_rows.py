"""Pictures as rows: which of them a passage names, which are held, which have to be asked for again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from ingest.arrivals import Picture
from ingest.outcome import Outcome
from ingest.tables import EVIDENCE

# A picture follows its event at once; one that did not is asked for, and then once a minute.
_ASK_AFTER = timedelta(seconds=20)
_ASK_AGAIN_AFTER = timedelta(seconds=60)
_LOST_AFTER = timedelta(days=14)
_ASK_AT_ONCE = 200


@dataclass(frozen=True)
class Wanted:
    """A picture that a passage names and the store does not have, and the outbox that should."""

    agent_id: str
    outbox_id: str
    sha256: str


def named_by_passages(session: Session, hashes: Collection[str]) -> set[str]:
    """Those of the hashes that a stored passage names."""
    return set(session.scalars(select(EVIDENCE.c.sha256).where(EVIDENCE.c.sha256.in_(hashes))))


def hold(session: Session, pictures: Sequence[Picture], outcome: Outcome) -> None:
    """Mark pictures, whose files are on the disk, as held, and answer them."""
    for picture in pictures:
        rows = session.execute(
            update(EVIDENCE)
            .where(EVIDENCE.c.sha256 == picture.sha256)
            .values(state="held", held_at=picture.arrival.received_at)
            .returning(EVIDENCE.c.outbox_id)
        ).all()
        outcome.endings["evidence", "held" if rows else "unnamed"] += 1
        outcome.held += [(picture.agent_id, row.outbox_id, picture.sha256) for row in rows]


def ask_for_missing(session: Session, now: datetime) -> list[Wanted]:
    """The pictures to ask for now; asking is written down, and what never came in two weeks is lost."""
    rows = EVIDENCE.c
    session.execute(
        update(EVIDENCE)
        .where(rows.state == "awaited", rows.named_at < now - _LOST_AFTER)
        .values(state="lost")
    )
    overdue = and_(
        rows.state == "awaited",
        rows.named_at < now - _ASK_AFTER,
        or_(rows.asked_at.is_(None), rows.asked_at < now - _ASK_AGAIN_AFTER),
    )
    query = select(rows.authority, rows.agent_id, rows.outbox_id, rows.sha256).where(overdue)
    found = session.execute(query.order_by(rows.named_at).limit(_ASK_AT_ONCE)).all()
    for row in found:
        its_row = and_(rows.authority == row.authority, rows.sha256 == row.sha256)
        session.execute(update(EVIDENCE).where(its_row).values(asked_at=now))
    return [Wanted(row.agent_id, row.outbox_id, row.sha256) for row in found]
