"""The next step of a confirmed case, by the ladder in force on the day of its offence.

Counted are earlier breaches inside the look-back that an officer confirmed and nothing took back since, by
registration and, where the policy says so, by operator. Of a county's cases only those of one fleet are read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time
from itertools import chain
from typing import Protocol

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from config.clock import LONDON
from config.law.deadlines import deemed_served, keeper_answers_by, local_day, months_before
from enforcement.cases.states import COUNTED, CaseState, Event, Kind
from enforcement.cases.steps import ASKS_KEEPER, LETTER_OF, Counted, DueStep
from enforcement.errors import DecisionRefused
from enforcement.policy import Ladder, Policy, ladder_in_force
from enforcement.tables import CaseRow
from ingest.records import Reason, slices

Driven = tuple[str, datetime]
"""A vehicle at an instant."""

_EVENT_OF = {
    "first_letter": Event.SEND_FIRST_LETTER,
    "warning_letter": Event.SEND_WARNING,
    "prosecution": Event.REQUEST_DRIVER,
}


class Operators(Protocol):
    """Who runs which vehicles of an authority, by what the keepers' file says."""

    def fleet_of(self, session: Session, authority: str, driven: Driven, /) -> Collection[str]:
        """All vehicles that who runs this one at its instant has ever run; none where that is not known."""
        ...

    def operators_of(
        self, session: Session, authority: str, driven: Collection[Driven], /
    ) -> Mapping[Driven, str]:
        """Who runs each vehicle at its instant, without those of which it is not known."""
        ...


def due_step(
    session: Session, case: CaseRow, policy: Policy, operators: Operators, now: datetime
) -> DueStep | None:
    """What a batch owes the case now, if anything; deadlines are checked when the step is taken.

    Raises DecisionRefused where the policy has no ladder for the day of the offence.
    """
    if case.state in (CaseState.WITHDRAWAL_DUE, CaseState.STEP_REVERSED):
        return DueStep(case.case_id, Event.SEND_WITHDRAWAL, "withdrawal")
    if case.state != CaseState.CONFIRMED:
        return None
    if case.kind == Kind.SPEED:
        return _posted(case, Event.SEND_SPEED_NOTICE, policy, now)
    ladder = ladder_in_force(policy, case.offence_at)
    if ladder is None:
        raise DecisionRefused(
            f"The policy has no ladder for {local_day(case.offence_at).isoformat()}; add one to its file."
        )
    counted = earlier_breaches(session, case, ladder, operators)
    breach = len(counted) + 1
    action = ladder.steps[min(breach, len(ladder.steps)) - 1].action
    reasons = _reasons(ladder, breach, action, counted)
    return _posted(case, _EVENT_OF[action], policy, now, breach, counted, reasons)


def earlier_breaches(
    session: Session, case: CaseRow, ladder: Ladder, operators: Operators
) -> tuple[Counted, ...]:
    """The confirmed breaches before this one that the ladder counts, oldest first."""
    mine, fleet = (case.vrm, case.offence_at), frozenset[str]()
    if "operator" in ladder.count_by:
        fleet = frozenset(operators.fleet_of(session, case.authority, mine))
    earlier = _confirmed_before(session, case, ladder.look_back_months, fleet | {case.vrm})
    driven = [mine, *((row.vrm, row.offence_at) for row in earlier)]
    ran = operators.operators_of(session, case.authority, driven) if fleet else {}
    found: list[Counted] = []
    for row in earlier:
        if "vrm" in ladder.count_by and row.vrm == case.vrm:
            found.append(Counted(row.case_id, row.offence_at, "vrm"))
        elif fleet and ran.get((row.vrm, row.offence_at)) == ran[mine]:
            found.append(Counted(row.case_id, row.offence_at, "operator"))
    return tuple(found)


def _confirmed_before(session: Session, case: CaseRow, months: int, vrms: Collection[str]) -> list[CaseRow]:
    """Counted cases of these vehicles in the look-back, which begins with the same day of the month."""
    since = datetime.combine(months_before(local_day(case.offence_at), months), time(), LONDON)
    earlier = or_(
        CaseRow.offence_at < case.offence_at,
        and_(CaseRow.offence_at == case.offence_at, CaseRow.case_id < case.case_id),
    )
    query = select(CaseRow).where(
        CaseRow.authority == case.authority,
        CaseRow.kind == case.kind,
        CaseRow.state.in_(COUNTED),
        CaseRow.offence_at >= since,
        earlier,
    )
    theirs = (session.scalars(query.where(CaseRow.vrm.in_(some))) for some in slices(sorted(vrms)))
    return sorted(chain.from_iterable(theirs), key=lambda row: (row.offence_at, row.case_id))


def _posted(
    case: CaseRow,
    event: Event,
    policy: Policy,
    now: datetime,
    breach: int = 0,
    counted: tuple[Counted, ...] = (),
    reasons: tuple[Reason, ...] = (),
) -> DueStep:
    """The step with its clocks, for a letter that is posted today."""
    service = policy.service
    served = deemed_served(local_day(now), service.working_days, service.bank_holidays)
    answer = keeper_answers_by(served, policy.keeper_answer.days) if event in ASKS_KEEPER else None
    return DueStep(case.case_id, event, LETTER_OF[event], breach, counted, reasons, served, answer)


def _reasons(ladder: Ladder, breach: int, action: str, counted: tuple[Counted, ...]) -> tuple[Reason, ...]:
    """The step in words, then each case that was counted."""
    by = " and ".join({"vrm": "registration", "operator": "operator"}[each] for each in ladder.count_by)
    step = Reason(
        "ladder_step",
        f"Breach number {breach} in {ladder.look_back_months} months, counted by {by}: "
        f"{action.replace('_', ' ')}. Ladder in force from {ladder.effective_from.isoformat()}.",
        {"breach": breach, "action": action, "look_back_months": ladder.look_back_months},
    )
    return step, *(
        Reason(
            "counted_breach",
            f"Case {each.case_id}, confirmed, of {local_day(each.offence_at).isoformat()}, same "
            f"{'registration' if each.counted_by == 'vrm' else 'operator'}.",
            {"case_id": each.case_id, "counted_by": each.counted_by},
        )
        for each in counted
    )
