"""Pictures as rows: which of them a passage names, which are held, which have to be asked for again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from ingest.intake.arrivals import Picture, Refused
from ingest.intake.fair_queue import unit_of
from ingest.intake.outcome import Outcome
from ingest.tables import EVIDENCE, LOST_PICTURES

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


@dataclass(frozen=True)
class AwaitedEvidence:
    """How many pictures have not come yet, and when the first of them was named."""

    pictures: int
    oldest_at: datetime | None


def awaited_evidence(session: Session) -> AwaitedEvidence:
    """What is awaited now."""
    rows = EVIDENCE.c
    query = select(func.count(), func.min(rows.named_at)).where(rows.state == "awaited")
    return AwaitedEvidence(*session.execute(query).one())


def named_by_passages(session: Session, hashes: Collection[str]) -> set[str]:
    """Those of the hashes that a stored passage names."""
    return set(session.scalars(select(EVIDENCE.c.sha256).where(EVIDENCE.c.sha256.in_(hashes))))


def hold(session: Session, pictures: Sequence[Picture], outcome: Outcome) -> list[str]:
    """Mark pictures, whose files are on the disk, as held, and answer them; the hashes that no row names.

    A passage may be deleted while its picture is being written.
    """
    unnamed = []
    for picture in pictures:
        rows = session.execute(
            update(EVIDENCE)
            .where(EVIDENCE.c.sha256 == picture.sha256)
            .values(state="held", held_at=picture.arrival.received_at, lost_why=None)
            .returning(EVIDENCE.c.outbox_id)
        ).all()
        outcome.endings["evidence", "held" if rows else "unnamed"] += 1
        outcome.held += [(picture.agent_id, row.outbox_id, picture.sha256) for row in rows]
        if not rows:
            unnamed.append(picture.sha256)
    return unnamed


def give_up_refused(session: Session, refused: Iterable[Refused], outcome: Outcome) -> None:
    """Say of awaited pictures that came, and were no pictures that can be taken, that they are lost.

    Their units are told that the centre has them: the bytes lie in quarantine, and no other will ever have
    that hash.
    """
    for each in refused:
        agent_id, sha256 = unit_of(each.arrival.topic), each.arrival.topic.rsplit("/", 1)[-1]
        if each.code != "not_evidence" or hashlib.sha256(each.arrival.payload).hexdigest() != sha256:
            continue
        rows = EVIDENCE.c
        given_up = session.execute(
            update(EVIDENCE)
            .where(rows.sha256 == sha256, rows.agent_id == agent_id, rows.state != "held")
            .values(state="lost", lost_why=each.reason[:300])
            .returning(rows.outbox_id)
        )
        outcome.held += [(agent_id, row.outbox_id, sha256) for row in given_up]


def ask_for_missing(session: Session, now: datetime) -> list[Wanted]:
    """The pictures to ask for now; asking is written down, and what never came in two weeks is lost.

    So is what the unit itself has lost: its loss may have come before the passage that names the picture.
    """
    rows = EVIDENCE.c
    session.execute(
        update(EVIDENCE)
        .where(rows.state == "awaited", rows.named_at < now - _LOST_AFTER)
        .values(state="lost", lost_why="never came in two weeks")
    )
    overdue = and_(
        rows.state == "awaited",
        or_(rows.named_at < now - _ASK_AFTER, rows.named_at > now),  # by a clock that was ahead
        or_(rows.asked_at.is_(None), rows.asked_at < now - _ASK_AGAIN_AFTER),
    )
    query = select(rows.authority, rows.agent_id, rows.outbox_id, rows.sha256).where(overdue)
    found = session.execute(query.order_by(rows.named_at).limit(_ASK_AT_ONCE)).all()
    wanted: list[Wanted] = []
    for authority in sorted({row.authority for row in found}):
        some = [row for row in found if row.authority == authority]
        hashes = [row.sha256 for row in some]
        lost = lose_named(session, authority, hashes)
        its_rows = and_(rows.authority == authority, rows.sha256.in_(hashes))
        session.execute(update(EVIDENCE).where(its_rows).values(asked_at=now))
        wanted += [Wanted(row.agent_id, row.outbox_id, row.sha256) for row in some if row.sha256 not in lost]
    return wanted


def lose_named(session: Session, authority: str, pictures: Collection[str]) -> set[str]:
    """Make those of the pictures lost that are awaited and that their unit has lost; which these are."""
    lost, awaited = LOST_PICTURES.c, EVIDENCE.c
    same = and_(
        lost.authority == awaited.authority,
        lost.agent_id == awaited.agent_id,
        lost.sha256 == awaited.sha256,
    )
    cause = select(func.min(lost.cause)).where(same).scalar_subquery()
    ours = and_(awaited.authority == authority, awaited.sha256.in_(pictures))
    return set(
        session.scalars(
            update(EVIDENCE)
            .where(ours, awaited.state == "awaited", exists().where(same))
            .values(state="lost", lost_why="the unit says: " + cause)
            .returning(awaited.sha256)
        )
    )
