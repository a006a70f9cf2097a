"""Rule 9: no case advances without a named officer confirming image = plate and vehicle = register."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from enforcement.cases.opening import open_cases
from enforcement.cases.records import CaseState, case_file, decide
from enforcement.cases.states import Event, Kind, events_from, transition
from enforcement.errors import DecisionRefused
from tests.enforcement.county import County

LORRY = "AB12CDE"
CONFIRMS: dict[str, Any] = {
    "verdict": "confirm",
    "reason": "Both pictures show the plate and the lorry.",
    "image_matches_plate": True,
    "vehicle_matches_register": True,
}


def decided(county: County, **changes: Any) -> CaseState:
    with Session(county.engine) as session, session.begin():
        decide(session, "demo", 1, now=county.now, **{**CONFIRMS, **changes})
    with Session(county.engine) as session:
        return case_file(session, "demo", 1, now=county.now).summary.state


@pytest.fixture
def proposed(county: County) -> County:
    """A county with one proposed case."""
    county.register_entry(LORRY, "N3", 44_000)
    county.through(LORRY)
    open_cases(county.engine, "demo", county.register, county.now)
    return county


def test_both_looks_and_a_reason_are_needed(proposed: County) -> None:
    officer = proposed.add_officer()
    for lacks in ({"image_matches_plate": False}, {"vehicle_matches_register": False}, {"reason": " "}):
        with pytest.raises(DecisionRefused):
            decided(proposed, officer=officer, **lacks)
    assert decided(proposed, officer=officer) is CaseState.CONFIRMED
    with Session(proposed.engine) as session:
        (decision,) = case_file(session, "demo", 1, now=proposed.now).decisions
    assert (decision.officer_name, decision.officer_number) == ("Sam Sample", "4711")


@pytest.mark.parametrize("role", ["auditor", "administrator", "parish"])
def test_nobody_but_an_officer_decides(proposed: County, role: str) -> None:
    with pytest.raises(DecisionRefused):
        decided(proposed, officer=proposed.add_officer(role))


@pytest.mark.parametrize("state", [CaseState.REVIEW, CaseState.PROPOSED])
@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_undecided_goes_on_by_confirmation_alone(kind: Kind, state: CaseState) -> None:
    onwards = {each.event for each in events_from(kind, state)} - {Event.REJECT}
    assert onwards <= {Event.CONFIRM}
    confirms = transition(kind, state, Event.CONFIRM)
    assert confirms is not None
    assert confirms.by == "officer"
