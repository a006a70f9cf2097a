"""The proof of what was sent: one append-only row an event, written with the event or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement.tables import DispatchRow, LetterRow

Event = Literal["mail_tried", "mail_accepted", "mail_refused", "handed_over", "posted"]


@dataclass(frozen=True)
class Proof:
    """One event on a letter's way out. `sent_to` is the e-mail address, or the lines of the envelope."""

    event: Event
    at: datetime
    who: str
    sent_to: str
    pdf_sha256: str
    detail: str


def note(
    session: Session, letter: LetterRow, event: Event, *, who: str, sent_to: str, detail: str, now: datetime
) -> bool:
    """Add the event in the caller's transaction; False where the letter has one of its kind already."""
    if event in _events(session, letter.letter_id):
        return False
    session.add(
        DispatchRow(
            authority=letter.authority,
            letter_id=letter.letter_id,
            event=event,
            at=now,
            who=who,
            sent_to=sent_to,
            pdf_sha256=letter.pdf_sha256,
            detail=detail[:500],
        )
    )
    return True


def proofs(session: Session, authority: str, letter_id: int) -> tuple[Proof, ...]:
    """All that is known of a letter's way out, in order."""
    rows = session.scalars(
        select(DispatchRow)
        .where(DispatchRow.authority == authority, DispatchRow.letter_id == letter_id)
        .order_by(DispatchRow.dispatch_id)
    )
    return tuple(
        Proof(_event(row.event), row.at, row.who, row.sent_to, row.pdf_sha256, row.detail) for row in rows
    )


def _events(session: Session, letter_id: int) -> set[str]:
    return set(session.scalars(select(DispatchRow.event).where(DispatchRow.letter_id == letter_id)))


def _event(text: str) -> Event:
    known: tuple[Event, ...] = ("mail_tried", "mail_accepted", "mail_refused", "handed_over", "posted")
    return next(event for event in known if event == text)
