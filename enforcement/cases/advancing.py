"""The one door by which a case changes its state: by an event of its machine, written down for good."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.cases.needs import Asked, Looked, refuse_unmet
from enforcement.cases.rows import case_row, last_event, move
from enforcement.cases.states import (
    FIRST_OFFICER_DID,
    UNDECIDED,
    By,
    CaseState,
    Event,
    Transition,
    events_from,
    transition,
)
from enforcement.cases.steps import DueStep
from enforcement.errors import DecisionRefused
from enforcement.tables import CaseDecisionRow, CaseRow, StepGroundRow
from enforcement.tables.base import Facts

if TYPE_CHECKING:
    from enforcement.people import User

LONGEST_REASON = 1000

_TAKES_BACK = (Event.ACCEPT_EXPLANATION, Event.FIND_PERMIT)
_DECIDES = (Event.CONFIRM, Event.AGREE, Event.REJECT)
_BY_YOU = {Event.CONFIRM: "you confirmed this case", Event.PROPOSE_CHARGE: "you proposed this charge"}
_SENDS_STEP = (Event.SEND_FIRST_LETTER, Event.SEND_WARNING, Event.REQUEST_DRIVER)


def advance(
    session: Session,
    authority: str,
    case_id: int,
    event: Event,
    *,
    by: User | str,
    reason: str,
    now: datetime,
    looked: Looked | None = None,
    step: DueStep | None = None,
) -> CaseState:
    """Bring `event` about in the caller's transaction and give the new state.

    `by` is a user, or the name of a process as the audit log has it; `step` comes from `ladder.due_step` for
    whatever a batch sends. Raises CaseNotFound, and DecisionRefused with what is missing in plain words.
    """
    row = case_row(session, authority, case_id, lock=True)
    change = transition(row.kind, row.state, event)
    _refuse_person(row, event, change, by, reason)
    if change is None:
        raise DecisionRefused(_impossible(row, event))
    if change.by is By.SECOND_OFFICER:
        _refuse_first_officer(session, row, FIRST_OFFICER_DID[event], by)
    refuse_unmet(Asked(session, row, event, now, looked, step), change.needs)
    if not move(session, row, (change.before,), change.after):
        raise DecisionRefused(f"Case {case_id} was changed a moment ago. Load it again to see how.")
    words = audit.without_registrations(reason.strip())[:LONGEST_REASON]
    entry = _entry(row, change, by, words, now, looked, step)
    session.add(entry)
    session.flush()
    _write_down(session, row, entry, step, now)
    if event in _TAKES_BACK:
        _question_later_steps(session, row, now)
    return change.after


def _refuse_person(
    row: CaseRow, event: Event, change: Transition | None, by: User | str, reason: str
) -> None:
    """A process does what is for processes alone; everything else is for an officer of this force."""
    if isinstance(by, str):
        if change is not None and change.by is not By.PROCESS:
            raise DecisionRefused(f"'{event}' needs an officer; the process '{by}' cannot do it.")
    elif by.authority != row.authority or not by.may_decide:
        raise DecisionRefused("Only an officer or a supervisor of this force can decide a case.")
    elif change is not None and change.by is By.PROCESS:
        raise DecisionRefused(f"'{event}' is for a batch alone; it follows from the case's state.")
    if not reason.strip():
        raise DecisionRefused("Give a reason for the decision.")
    if len(reason.strip()) > LONGEST_REASON:
        raise DecisionRefused("The reason is too long: 1,000 characters at most.")


def _refuse_first_officer(session: Session, row: CaseRow, first_did: Event, by: User | str) -> None:
    """Whoever brought about what a second officer is to look at cannot be that second officer."""
    first = last_event(session, row, first_did)
    if first is None or isinstance(by, str) or first.user_id in (None, by.user_id):
        raise DecisionRefused(f"A second officer must look at this; {_BY_YOU[first_did]} yourself.")


def _impossible(row: CaseRow, event: Event) -> str:
    if event in _DECIDES and CaseState(row.state) not in UNDECIDED:
        return f"Case {row.case_id} has been decided already. Load it again to see how."
    if event is Event.CONFIRM:
        return f"Case {row.case_id} was confirmed already and waits for a second officer. Load it again."
    possible = ", ".join(each.event for each in events_from(row.kind, row.state)) or "nothing"
    return f"Case {row.case_id} is in state '{row.state}', where '{event}' cannot happen; can: {possible}."


def _entry(
    row: CaseRow,
    change: Transition,
    by: User | str,
    reason: str,
    now: datetime,
    looked: Looked | None,
    step: DueStep | None,
) -> CaseDecisionRow:
    person = None if isinstance(by, str) else by
    return CaseDecisionRow(
        authority=row.authority,
        case_id=row.case_id,
        decided_at=now,
        user_id=person.user_id if person else None,
        who=f"user:{person.user_id}" if person else str(by),
        event=change.event,
        before=change.before,
        after=change.after,
        reason=reason,
        facts=_facts(step, looked),
        image_matches_plate=looked.image_matches_plate if looked else None,
        vehicle_matches_register=looked.vehicle_matches_register if looked else None,
    )


def _facts(step: DueStep | None, looked: Looked | None) -> Facts:
    if step is None:
        proof = asdict(looked.proof) if looked and looked.proof else {}
        told = {name: audit.without_registrations(words) for name, words in proof.items()}
        return {"weight_proof": told} if told else {}
    return {
        "breach": step.breach,
        "counted": [each.case_id for each in step.counted],
        "served_on": step.served_on.isoformat() if step.served_on else None,
        "answer_by": step.answer_by.isoformat() if step.answer_by else None,
        "reasons": [each.text for each in step.reasons],
    }


def _write_down(
    session: Session, row: CaseRow, entry: CaseDecisionRow, step: DueStep | None, now: datetime
) -> None:
    """What the step was counted on, and the audit entry."""
    for each in step.counted if step else ():
        session.add(
            StepGroundRow(
                decision_id=entry.id,
                rests_on=each.case_id,
                authority=row.authority,
                case_id=row.case_id,
                counted_by=each.counted_by,
            )
        )
    audit.record(
        session,
        row.authority,
        who=entry.who,
        action=f"case.{entry.event}",
        subject=f"case:{row.case_id}",
        reason=entry.reason,
        now=now,
    )


def _question_later_steps(session: Session, fallen: CaseRow, now: datetime) -> None:
    """Mark every case whose latest step was counted on the one that fell; none of them changes its state."""
    resting = session.scalars(
        select(StepGroundRow)
        .where(StepGroundRow.authority == fallen.authority, StepGroundRow.rests_on == fallen.case_id)
        .order_by(StepGroundRow.case_id)
    ).all()
    for ground in resting:
        later = case_row(session, fallen.authority, ground.case_id, lock=True)
        latest = last_event(session, later, *_SENDS_STEP)
        if latest is None or latest.id != ground.decision_id:
            continue
        if transition(later.kind, later.state, Event.QUESTION_STEP) is not None:
            why = f"Case {fallen.case_id}, which this step was counted on, was taken back."
            advance(
                session,
                fallen.authority,
                later.case_id,
                Event.QUESTION_STEP,
                by="process:ladder",
                reason=why,
                now=now,
            )
