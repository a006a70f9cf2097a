"""Which letters are due, which are held back with the reason, and whose keeper must first be asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.vrm import spaced
from enforcement.cases.ladder import due_step
from enforcement.cases.needs import Asked, refuse_unmet
from enforcement.cases.states import CaseState, transition
from enforcement.cases.steps import DueStep
from enforcement.errors import DecisionRefused
from enforcement.letters.addressee import Addressee
from enforcement.letters.room import LetterRoom
from enforcement.tables import CaseRow

_WAITING = (CaseState.CONFIRMED, CaseState.STEP_REVERSED, CaseState.WITHDRAWAL_DUE)


@dataclass(frozen=True)
class DueLetter:
    """A letter that can go out now."""

    case: CaseRow
    step: DueStep
    addressee: Addressee


@dataclass
class Due:
    """The cases that wait for a letter, each in exactly one of the three."""

    letters: list[DueLetter] = field(default_factory=list)
    held_back: dict[int, str] = field(default_factory=dict)
    keeper_to_be_asked_for: dict[int, str] = field(default_factory=dict)


def find_due(session: Session, room: LetterRoom, now: datetime) -> Due:
    """Look at every case that waits for a letter, the oldest offence first."""
    due = Due()
    waiting = select(CaseRow).where(CaseRow.authority == room.authority, CaseRow.state.in_(_WAITING))
    for case in session.scalars(waiting.order_by(CaseRow.offence_at, CaseRow.case_id)):
        try:
            step = checked_step(session, room, case, now)
        except DecisionRefused as refusal:
            due.held_back[case.case_id] = str(refusal)
            continue
        addressee = room.keeper_of(session, room.authority, case.vrm, case.offence_at)
        if addressee is None:
            due.keeper_to_be_asked_for[case.case_id] = spaced(case.vrm)
        else:
            due.letters.append(DueLetter(case, step, addressee))
    return due


def checked_step(session: Session, room: LetterRoom, case: CaseRow, now: datetime) -> DueStep:
    """The step that a case is owed, once all that it needs is met. Raises DecisionRefused with the reason."""
    step = due_step(session, case, room.policy, room.operators, now)
    change = transition(case.kind, case.state, step.event) if step is not None else None
    if step is None or change is None:
        raise DecisionRefused(f"Case {case.case_id} is in state '{case.state}', where no letter is due.")
    refuse_unmet(Asked(session, case, step.event, now, None, step), change.needs)
    return step
