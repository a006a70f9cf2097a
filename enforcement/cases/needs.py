"""What an event needs beside its state and its person; each refusal in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.law.deadlines import charge_by, is_over, speed_notice_served_by
from config.vrm import spaced
from enforcement.cases.proving import PROOF_MISSING, WeightProof, weight_unproven
from enforcement.cases.rows import last_event, read_at_exit, still_through
from enforcement.cases.states import COUNTED, UNDECIDED, CaseState, Event, Kind, Need
from enforcement.cases.steps import ASKS_KEEPER, DueStep
from enforcement.errors import DecisionRefused
from enforcement.tables import CaseRow, ReadingRow


@dataclass(frozen=True)
class Looked:
    """What an officer ticked after looking at the pictures and the register, and the proof in hand.

    `mark` is the registration that the officer sees in the pictures, where two were read.
    """

    image_matches_plate: bool
    vehicle_matches_register: bool
    proof: WeightProof | None = None
    mark: str | None = None


@dataclass(frozen=True)
class Asked:
    """An event that is asked for, with what comes along. `case` is locked."""

    session: Session
    case: CaseRow
    event: Event
    now: datetime
    looked: Looked | None
    step: DueStep | None

    @property
    def undecided(self) -> bool:
        """Whether an officer has still to decide on the case."""
        return CaseState(self.case.state) in UNDECIDED


def refuse_unmet(asked: Asked, needs: tuple[Need, ...]) -> None:
    """Raise DecisionRefused for the first need that is not met."""
    for need in needs:
        _CHECKS[need](asked)


def grounds_hold(session: Session, case: CaseRow) -> bool:
    """Whether what the case rests on is still what it was: the transit, or the device's reading."""
    if case.kind == Kind.WEIGHT:
        return still_through(session, case)
    return session.get(ReadingRow, (case.authority, case.transit_id)) is not None


def _looked(asked: Asked) -> None:
    looked = asked.looked
    if looked is None or not looked.image_matches_plate:
        raise DecisionRefused("To confirm, look at both pictures and tick that they show this registration.")
    if not looked.vehicle_matches_register:
        raise DecisionRefused("To confirm, compare the vehicle with the register and tick that they match.")
    _refuse_other_mark(asked, looked.mark)


def _refuse_other_mark(asked: Asked, seen: str | None) -> None:
    """Of two marks that were read, the officer names the one in the pictures: only a person can tell."""
    case, other = asked.case, read_at_exit(asked.session, asked.case)
    if other is None:
        return
    if seen not in (case.vrm, other):
        raise DecisionRefused(
            f"Two registrations were read, {spaced(case.vrm)} going in and {spaced(other)} coming out. "
            "To confirm, say which of the two both pictures show."
        )
    if seen != case.vrm:
        raise DecisionRefused(
            f"This case is about {spaced(case.vrm)}, and you see {spaced(other)} in the pictures. Reject it."
        )


def _weight_proof(asked: Asked) -> None:
    codes = {reason["code"] for reason in asked.case.reasons}
    if weight_unproven(Kind(asked.case.kind), codes) and (asked.looked is None or asked.looked.proof is None):
        raise DecisionRefused(PROOF_MISSING)


def _grounds(asked: Asked) -> None:
    if grounds_hold(asked.session, asked.case):
        return
    if asked.case.kind == Kind.SPEED:
        raise DecisionRefused("The reading that this case rests on is gone. It cannot go on.")
    end = "Reject this case." if asked.undecided else "Close or withdraw this case."
    raise DecisionRefused(f"A later sighting shows that the vehicle may not have driven through. {end}")


def _in_time(asked: Asked) -> None:
    if is_over(charge_by(asked.case.offence_at), asked.now):
        end = "rejected" if asked.undecided else "closed"
        raise DecisionRefused(f"The six months for a charge are over; this case can only be {end}.")


def _ladder_step(asked: Asked) -> None:
    """The step was worked out for this case and event, and every case that it counted still counts."""
    step, case = asked.step, asked.case
    if step is None or (step.case_id, step.event) != (case.case_id, asked.event):
        raise DecisionRefused(f"This is not the step that the ladder gives for case {case.case_id}.")
    counted = [each.case_id for each in step.counted]
    states = asked.session.scalars(
        select(CaseRow.state)
        .where(CaseRow.authority == case.authority, CaseRow.case_id.in_(counted))
        .order_by(CaseRow.case_id)
        .with_for_update()
    ).all()
    if len(states) != len(counted) or not set(states) <= COUNTED:
        raise DecisionRefused(f"A breach that this step of case {case.case_id} was counted on fell away.")


def _step_stands(asked: Asked) -> None:
    asking = (Event.QUESTION_STEP, Event.UPHOLD_STEP, Event.REVERSE_STEP)
    last = last_event(asked.session, asked.case, *asking)
    if last is not None and last.event == Event.QUESTION_STEP:
        raise DecisionRefused(
            "A breach that this step was counted on was taken back. Uphold or reverse the step first."
        )


def _answer_overdue(asked: Asked) -> None:
    sent = last_event(asked.session, asked.case, *ASKS_KEEPER)
    answer_by = sent.facts.get("answer_by") if sent is not None else None
    if answer_by is None or not is_over(date.fromisoformat(answer_by), asked.now):
        last_day = answer_by or "a day that was not recorded"
        raise DecisionRefused(f"The keeper may still answer, until {last_day}.")


def _notice_in_time(asked: Asked) -> None:
    last_day = speed_notice_served_by(asked.case.offence_at)
    served_on = asked.step.served_on if asked.step is not None else None
    if served_on is None or served_on > last_day:
        raise DecisionRefused(
            f"The notice would be served too late: it had to be served by {last_day.isoformat()} "
            "(14 days, Road Traffic Offenders Act 1988 s. 1). This case can only be closed."
        )


_CHECKS: dict[Need, Callable[[Asked], None]] = {
    Need.LOOKED: _looked,
    Need.WEIGHT_PROOF: _weight_proof,
    Need.GROUNDS: _grounds,
    Need.IN_TIME: _in_time,
    Need.LADDER_STEP: _ladder_step,
    Need.STEP_STANDS: _step_stands,
    Need.ANSWER_OVERDUE: _answer_overdue,
    Need.NOTICE_IN_TIME: _notice_in_time,
}
