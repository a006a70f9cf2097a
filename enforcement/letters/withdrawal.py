"""The letter that takes an earlier one back, and says why."""

from __future__ import annotations

from sqlalchemy import select

from config.law.deadlines import local_day
from enforcement.cases.rows import last_event
from enforcement.cases.states import Event
from enforcement.errors import CaseNotFound
from enforcement.letters.contents import Withdrawal
from enforcement.letters.subject import Subject
from enforcement.letters.wording import plain_day
from enforcement.tables import LetterRow, PlannedLetterRow

_WHY = {
    Event.ACCEPT_EXPLANATION: "We have looked at what you told us. We accept that there was a good reason. "
    "Thank you for your answer.",
    Event.FIND_PERMIT: "We have found that the vehicle had a permit on that day. "
    "We should have seen it before.",
    Event.REVERSE_STEP: "The letter counted an earlier case. We have since dropped that case, so this letter "
    "went too far.",
}


def withdrawal(subject: Subject) -> Withdrawal:
    """What the withdrawal of the case's latest letter says. Raises CaseNotFound where no letter went out."""
    row = subject.case
    found = subject.session.execute(
        select(LetterRow, PlannedLetterRow.content)
        .join(
            PlannedLetterRow,
            (PlannedLetterRow.batch_id == LetterRow.batch_id)
            & (PlannedLetterRow.case_id == LetterRow.case_id),
        )
        .where(LetterRow.authority == row.authority, LetterRow.case_id == row.case_id)
        .where(LetterRow.kind != "withdrawal")
        .order_by(LetterRow.letter_id.desc())
    ).first()
    why = last_event(subject.session, row, *_WHY)
    if found is None or why is None:
        raise CaseNotFound(f"case {row.case_id} has no letter that could be taken back")
    letter, said = found
    return Withdrawal(
        **subject.heading(),
        place=said["place"],
        day=said["day"],
        earlier_date=plain_day(local_day(letter.created_at)),
        why=_WHY[Event(why.event)],
        closed=why.event != Event.REVERSE_STEP,
    )
