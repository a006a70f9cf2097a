"""Rule 9: no case advances without a named officer confirming image = plate and vehicle = register.

A second officer looks after the first one before anything is confirmed and any letter can be made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from enforcement.cases.opening import open_cases
from enforcement.cases.records import CaseState, case_file, decide
from enforcement.cases.states import Event, Kind, events_from, transition
from enforcement.errors import DecisionRefused
from enforcement.letters.batch import send_letters
from enforcement.letters.room import Run
from tests.enforcement.county import County
from tests.enforcement.letters.desk import a_room

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
    assert decided(proposed, officer=officer) is CaseState.SECOND_LOOK
    second = proposed.second_officer()
    for lacks in ({"image_matches_plate": False}, {"vehicle_matches_register": False}, {"reason": " "}):
        with pytest.raises(DecisionRefused):
            decided(proposed, officer=second, verdict="agree", **lacks)
    assert decided(proposed, officer=second, verdict="agree") is CaseState.CONFIRMED
    with Session(proposed.engine) as session:
        decisions = case_file(session, "demo", 1, now=proposed.now).decisions
    named = [(each.officer_name, each.officer_number) for each in decisions]
    assert named == [("Sam Sample", "4711"), ("Robin Second", "0815")]


def test_the_second_officer_is_another_one(proposed: County) -> None:
    officer = proposed.add_officer()
    decided(proposed, officer=officer)
    with pytest.raises(DecisionRefused, match="second officer"):
        decided(proposed, officer=officer, verdict="agree")


def test_before_the_second_look_there_is_no_letter(proposed: County, tmp_path: Path) -> None:
    decided(proposed, officer=proposed.add_officer())
    room = a_room(proposed.engine, tmp_path)
    assert send_letters(room, proposed.now) == Run()
    decided(proposed, officer=proposed.second_officer(), verdict="agree")
    assert len(send_letters(room, proposed.now).batches) == 1


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
    assert confirms.after is CaseState.SECOND_LOOK
    agrees = transition(kind, CaseState.SECOND_LOOK, Event.AGREE)
    assert agrees is not None
    assert agrees.by == "second_officer"
