"""Evidence holds: a named reason to keep a case or a passage, which beats every rule until it is released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.cases.rows import case_row
from enforcement.errors import CommandRefused
from enforcement.tables import AuditHeadRow, ErasedCaseRow, HoldRow
from ingest import records

_LONGEST_REASON = 1000


@dataclass(frozen=True)
class Hold:
    """A hold that was not released. `subject` is "case:12" or "passage:..."."""

    hold_id: int
    subject: str
    placed_at: datetime
    placed_by: str
    reason: str


def place_hold(
    session: Session, authority: str, subject: str, *, who: str, reason: str, now: datetime
) -> int:
    """Hold the case of a number or the passage of an id; gives the hold's number. The caller commits.

    Raises CaseNotFound, NotFound, and CommandRefused for an erased case or without a reason.
    """
    take_turns(session, authority)
    row = HoldRow(authority=authority, placed_at=now, placed_by=who, reason=_reason(reason))
    if subject.isdecimal():
        row.case_id = case_row(session, authority, int(subject), lock=True).case_id
        if session.get(ErasedCaseRow, (authority, row.case_id)) is not None:
            raise CommandRefused(f"case {row.case_id} was erased: there is nothing left to hold")
    else:
        row.passage_id = records.passage(session, authority, subject).passage_id
    session.add(row)
    session.flush()
    _note(session, row, "retention.hold", who, row.reason, now)
    return row.hold_id


def release_hold(
    session: Session, authority: str, hold_id: int, *, who: str, reason: str, now: datetime
) -> None:
    """Release one hold; others on the same subject stay. The caller commits. Raises CommandRefused."""
    row = session.scalar(
        select(HoldRow)
        .where(HoldRow.authority == authority, HoldRow.hold_id == hold_id, HoldRow.released_at.is_(None))
        .with_for_update()
    )
    if row is None:
        raise CommandRefused(f"no hold {hold_id} is in force; see 'hgv-enforce retention holds'")
    row.released_at, row.released_by, row.release_reason = now, who, _reason(reason)
    session.flush()
    _note(session, row, "retention.release", who, row.release_reason, now)


def holds(session: Session, authority: str) -> list[Hold]:
    """The holds in force, the oldest first."""
    query = select(HoldRow).where(HoldRow.authority == authority, HoldRow.released_at.is_(None))
    return [
        Hold(row.hold_id, _subject(row), row.placed_at, row.placed_by, row.reason)
        for row in session.scalars(query.order_by(HoldRow.hold_id))
    ]


def take_turns(session: Session, authority: str) -> None:
    """Have holds and deletions of an authority wait for each other until the caller's transaction ends.

    Otherwise a hold could be placed on what is deleted at the same moment. SQLite has one writer anyway.
    """
    session.execute(select(AuditHeadRow.entries).where(AuditHeadRow.authority == authority).with_for_update())


def _subject(row: HoldRow) -> str:
    return f"case:{row.case_id}" if row.case_id is not None else f"passage:{row.passage_id}"


def _reason(text: str) -> str:
    if not text.strip():
        raise CommandRefused("give a reason: it is kept with the hold and goes into the audit log")
    if len(text.strip()) > _LONGEST_REASON:
        raise CommandRefused(f"the reason is too long: {_LONGEST_REASON} characters at most")
    return audit.without_registrations(text.strip())[:_LONGEST_REASON]


def _note(session: Session, row: HoldRow, action: str, who: str, reason: str, now: datetime) -> None:
    why = f"hold {row.hold_id}: {reason}"[:_LONGEST_REASON]
    audit.record(session, row.authority, who=who, action=action, subject=_subject(row), reason=why, now=now)
