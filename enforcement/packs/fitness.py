"""Whether a pack may be made of a case at all; every refusal in plain words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from config.law.deadlines import is_over
from enforcement.cases.records import case_file
from enforcement.cases.rows import case_row
from enforcement.cases.values import CaseFile, CaseState, Decision, Event
from enforcement.errors import CaseNotFound
from enforcement.packs.errors import PackRefused
from enforcement.tables import CaseRow
from ingest import records

_APPROVED = (CaseState.CHARGE_APPROVED, CaseState.CHARGE_READY, CaseState.CHARGED)


def fit_case(session: Session, authority: str, case_id: int, now: datetime) -> CaseFile:
    """The case, where it can go to court. Raises CaseNotFound, and PackRefused with what is missing."""
    row = case_row(session, authority, case_id)
    if row.kind != "weight":
        raise PackRefused("this is a speed case; its evidence is the device's record, which is served apart")
    _refuse_single_sighting(session, row)
    _refuse_missing_order(session, row)
    try:
        case = case_file(session, authority, case_id, now=now)
    except CaseNotFound as error:
        raise PackRefused(f"{error}; without it there is no evidence to produce") from error
    _refuse_undecided(case, now)
    _refuse_doubt(case)
    return case


def approval(case: CaseFile) -> tuple[Decision, Decision]:
    """The latest proposal and approval of a charge, by two different officers. Raises PackRefused."""
    proposed = _latest(case, Event.PROPOSE_CHARGE)
    approved = _latest(case, Event.APPROVE_CHARGE)
    if proposed is None or approved is None or proposed.who == approved.who:
        raise PackRefused("no second officer has approved a charge; one proposes it and another approves it")
    return proposed, approved


def confirmation(case: CaseFile) -> Decision:
    """The decision by which an officer confirmed plate and vehicle. Raises PackRefused."""
    confirmed = _latest(case, Event.CONFIRM)
    if confirmed is None:
        raise PackRefused("no officer has confirmed that the pictures show this vehicle")
    return confirmed


def _latest(case: CaseFile, event: Event) -> Decision | None:
    return next((each for each in reversed(case.decisions) if each.event is event), None)


def _refuse_single_sighting(session: Session, row: CaseRow) -> None:
    try:
        transit = records.transit(session, row.authority, row.transit_id)
    except records.NotFound as error:
        raise PackRefused(f"the transit that the case rests on is gone: {error}") from error
    ends = {transit.entry_passage_id, transit.exit_passage_id} - {None}
    if len(ends) != 2:
        raise PackRefused("a single sighting proves nothing: a pack needs an entry and an exit")
    if transit.conclusion != "through":
        raise PackRefused(
            f"the sightings conclude '{transit.conclusion}', not that the vehicle drove through; "
            "close the case"
        )


def _refuse_missing_order(session: Session, row: CaseRow) -> None:
    try:
        order = records.order_version(session, row.authority, row.order_id, row.order_version)
    except records.NotFound as error:
        raise PackRefused(
            f"version {row.order_version} of order {row.order_id} is not in the database; import it again"
        ) from error
    if not order.in_force(row.offence_at):
        raise PackRefused(f"version {row.order_version} of order {row.order_id} did not bind at the offence")


def _refuse_undecided(case: CaseFile, now: datetime) -> None:
    confirmation(case)
    approval(case)
    if case.summary.state not in _APPROVED:
        raise PackRefused(f"the case is in state '{case.summary.state}'; no charge is approved in it")
    if case.summary.state is not CaseState.CHARGED and is_over(case.deadline, now):
        raise PackRefused(f"the six months for a charge ended on {case.deadline.isoformat()}; close the case")


def _refuse_doubt(case: CaseFile) -> None:
    for end, passage in (("in", case.entry), ("out", case.exit)):
        if not passage.clock_ok:
            raise PackRefused(f"the clock of the camera on the way {end} was out of tolerance or is in doubt")
