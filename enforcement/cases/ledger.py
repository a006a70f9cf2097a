"""What is written down of a case: its events and its letters."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement.cases.states import FIRST_OFFICER_DID, CaseState, Event
from enforcement.cases.values import Decision, Letter
from enforcement.tables import CaseDecisionRow, CaseRow, LetterRow, UserRow


def decisions_of(session: Session, row: CaseRow) -> tuple[Decision, ...]:
    """Every event of a case, in order."""
    query = (
        select(CaseDecisionRow, UserRow.name, UserRow.number)
        .outerjoin(UserRow, UserRow.user_id == CaseDecisionRow.user_id)
        .where(CaseDecisionRow.authority == row.authority, CaseDecisionRow.case_id == row.case_id)
        .order_by(CaseDecisionRow.id)
    )
    return tuple(
        Decision(
            decided_at=entry.decided_at,
            event=Event(entry.event),
            before=CaseState(entry.before),
            after=CaseState(entry.after),
            who=entry.who,
            officer_name=name or "",
            officer_number=number or "",
            reason=entry.reason,
            facts=entry.facts,
        )
        for entry, name, number in session.execute(query)
    )


def own_first_looks(session: Session, authority: str, user_id: int) -> frozenset[int]:
    """The cases that wait for a second officer and were confirmed by this user, who is not that officer."""
    query = (
        select(CaseRow.case_id)
        .join(
            CaseDecisionRow,
            (CaseDecisionRow.authority == CaseRow.authority) & (CaseDecisionRow.case_id == CaseRow.case_id),
        )
        .where(
            CaseRow.authority == authority,
            CaseRow.state == CaseState.SECOND_LOOK,
            CaseDecisionRow.event == FIRST_OFFICER_DID[Event.AGREE],
            CaseDecisionRow.user_id == user_id,
        )
    )
    return frozenset(session.scalars(query))


def letters_of(session: Session, row: CaseRow) -> tuple[Letter, ...]:
    """The letters that were made for a case, in order."""
    query = select(LetterRow).where(LetterRow.authority == row.authority, LetterRow.case_id == row.case_id)
    return tuple(
        Letter(each.letter_id, each.kind, each.created_at, Path(each.pdf_path), each.pdf_sha256)
        for each in session.scalars(query.order_by(LetterRow.letter_id))
    )


def step_in_question(decisions: tuple[Decision, ...]) -> bool:
    """Whether a breach that the latest step was counted on was taken back, and no officer looked since."""
    asking = (Event.QUESTION_STEP, Event.UPHOLD_STEP, Event.REVERSE_STEP)
    asked = [each.event for each in decisions if each.event in asking]
    return bool(asked) and asked[-1] is Event.QUESTION_STEP
