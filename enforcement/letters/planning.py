"""Opening a batch: its number, its date, and what each of its letters will say, all in one transaction."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from enforcement.cases.steps import LetterKind
from enforcement.errors import CaseNotFound
from enforcement.letters.asking import TermsMissing
from enforcement.letters.breach import driver_request, first_letter, warning_letter
from enforcement.letters.contents import Content
from enforcement.letters.due import Due, DueLetter, find_due
from enforcement.letters.kinds import FORMS
from enforcement.letters.room import LetterRoom
from enforcement.letters.speed_letter import speed_letter
from enforcement.letters.subject import Subject
from enforcement.letters.withdrawal import withdrawal
from enforcement.tables import BatchRow, LetterRow, PlannedLetterRow

_WORDS = {
    "first": first_letter,
    "warning": warning_letter,
    "driver_request": driver_request,
    "speed_notice": speed_letter,
    "withdrawal": withdrawal,
}


def open_batches(room: LetterRoom, now: datetime) -> Due:
    """Plan every letter that is due, one batch a kind. What cannot be worded is held back with the reason."""
    with Session(room.engine) as session, session.begin():
        due = find_due(session, room, now)
        worded = [
            (letter, content)
            for letter in due.letters
            if (content := _content(room, session, letter, due, now))
        ]
        for kind in FORMS:
            letters = [each for each in worded if each[0].step.letter_kind == kind]
            if letters:
                _open(session, room, kind, letters, now)
    return due


def _content(
    room: LetterRoom, session: Session, letter: DueLetter, due: Due, now: datetime
) -> Content | None:
    subject = Subject(session, letter.case, letter.step, room.policy, letter.addressee, now)
    try:
        return _WORDS[letter.step.letter_kind](subject)
    except (CaseNotFound, TermsMissing) as error:
        due.held_back[letter.case.case_id] = str(error)
        return None


def _open(
    session: Session,
    room: LetterRoom,
    kind: LetterKind,
    letters: list[tuple[DueLetter, Content]],
    now: datetime,
) -> None:
    batch = BatchRow(authority=room.authority, kind=kind, created_at=now, finished_at=None, manifest=[])
    session.add(batch)
    session.flush()
    for position, (letter, content) in enumerate(letters, start=1):
        session.add(
            PlannedLetterRow(
                batch_id=batch.batch_id,
                position=position,
                authority=room.authority,
                case_id=letter.case.case_id,
                round=_round(session, letter),
                content=msgspec.to_builtins(content),
                address="\n".join(letter.addressee.lines),
                email=letter.addressee.email,
                left_out=None,
            )
        )


def _round(session: Session, letter: DueLetter) -> int:
    """How many letters of the case were taken back before."""
    withdrawn = select(func.count()).where(
        LetterRow.authority == letter.case.authority,
        LetterRow.case_id == letter.case.case_id,
        LetterRow.kind == "withdrawal",
    )
    return session.scalar(withdrawn) or 0
