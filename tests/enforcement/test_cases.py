"""An officer's decision: what it needs, what it changes, and that it stays as it was taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from enforcement.cases.opening import open_cases
from enforcement.cases.records import CaseState, any_case_file, case_file, case_list, decide
from enforcement.errors import CaseNotFound, DecisionRefused
from enforcement.people import User
from enforcement.tables import AuditRow, CaseRow
from tests.enforcement.county import NOON, County

LORRY = "AB12CDE"


@pytest.fixture
def officer(county: County) -> User:
    return county.add_officer()


@pytest.fixture
def transit_id(county: County) -> str:
    """One proposed case, number 1, and the id of its transit."""
    county.register_entry(LORRY, "N3", 44000)
    transit_id = county.through(LORRY)
    open_cases(county.engine, "demo", county.register, county.now)
    return transit_id


def _decide(county: County, officer: User, **changes: Any) -> None:
    plain: dict[str, Any] = {
        "officer": officer,
        "verdict": "confirm",
        "reason": "Both pictures show the plate and the lorry.",
        "image_matches_plate": True,
        "vehicle_matches_register": True,
        "now": county.now,
    }
    with Session(county.engine) as session, session.begin():
        decide(session, "demo", changes.pop("case_id", 1), **{**plain, **changes})


def _state(county: County) -> CaseState:
    with Session(county.engine) as session:
        return case_file(session, "demo", 1, now=county.now).summary.state


def test_file_holds_what_an_officer_needs(county: County, transit_id: str) -> None:
    with Session(county.engine) as session:
        file = case_file(session, "demo", 1, now=county.now)
    assert file.transit.transit_id == transit_id
    assert (file.entry.site_id, file.exit.site_id) == ("west", "east")
    assert [item.kind for item in file.entry.evidence] == ["overview", "plate"]
    assert (file.register.make, file.register.revenue_weight_kg) == ("MERCEDES", 44000)
    assert [reason.code for reason in file.reasons] == ["weight_over", "no_permit", "exemptions_to_check"]
    assert "refuse" in file.reasons[2].text
    assert file.deadline.isoformat() == "2027-03-14"
    assert file.summary.zone_name == "Village, High Street"


@pytest.mark.parametrize(
    ("verdict", "ticks", "state"),
    [("confirm", True, CaseState.SECOND_LOOK), ("reject", False, CaseState.REJECTED)],
)
def test_decision_moves_the_case_once(
    county: County, officer: User, transit_id: str, verdict: str, ticks: bool, state: CaseState
) -> None:
    _decide(county, officer, verdict=verdict, image_matches_plate=ticks, vehicle_matches_register=ticks)
    assert _state(county) is state
    with pytest.raises(DecisionRefused, match="already"):
        _decide(county, officer, verdict=verdict)
    with Session(county.engine) as session:
        (decision,) = case_file(session, "demo", 1, now=county.now).decisions
    assert (decision.officer_name, decision.officer_number, decision.event) == (
        "Sam Sample",
        "4711",
        verdict,
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"image_matches_plate": False}, "look at both pictures"),
        ({"vehicle_matches_register": False}, "compare the vehicle"),
        ({"reason": "   "}, "Give a reason"),
        ({"reason": "x" * 1001}, "too long"),
        ({"now": NOON + timedelta(days=200)}, "six months"),
    ],
)
def test_confirming_needs_its_grounds(
    county: County, officer: User, transit_id: str, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(DecisionRefused, match=words):
        _decide(county, officer, **changes)
    assert _state(county) is CaseState.PROPOSED


@pytest.mark.parametrize("role", ["administrator", "auditor", "parish"])
def test_only_officers_and_supervisors_decide(county: County, transit_id: str, role: str) -> None:
    with pytest.raises(DecisionRefused, match="Only an officer"):
        _decide(county, county.add_officer(role))


def test_transit_that_was_withdrawn_can_only_be_rejected(
    county: County, officer: User, transit_id: str
) -> None:
    county.withdraw(transit_id)
    with pytest.raises(DecisionRefused, match="may not have driven through"):
        _decide(county, officer)
    _decide(county, officer, verdict="reject")
    assert _state(county) is CaseState.REJECTED


def test_case_of_another_authority_is_not_found(county: County, officer: User, transit_id: str) -> None:
    with Session(county.engine) as session, pytest.raises(CaseNotFound):
        case_file(session, "elsewhere", 1, now=county.now)
    with pytest.raises(CaseNotFound):
        _decide(county, officer, case_id=2)


def test_list_has_the_oldest_offence_first(county: County) -> None:
    for days, vrm in ((2, "CD34EFG"), (30, "EF56GHJ"), (1, LORRY)):
        county.register_entry(vrm, "N3", 44000)
        county.through(vrm, at=NOON - timedelta(days=days))
    open_cases(county.engine, "demo", county.register, county.now)
    with Session(county.engine) as session:
        listed = case_list(session, "demo", state=CaseState.PROPOSED, now=county.now)
        assert case_list(session, "demo", state=CaseState.CONFIRMED, now=county.now) == []
        assert len(case_list(session, "demo", state=None, now=county.now, limit=2)) == 2
    assert [case.vrm for case in listed] == ["EF56GHJ", "CD34EFG", LORRY]
    assert [case.days_left for case in listed] == [154, 179, 180]


def test_second_officer_agrees_or_rejects(county: County, officer: User, transit_id: str) -> None:
    _decide(county, officer)
    with pytest.raises(DecisionRefused, match="A second officer must look at this; you confirmed this case"):
        _decide(county, officer, verdict="agree")
    _decide(county, county.second_officer(), verdict="agree")
    assert _state(county) is CaseState.CONFIRMED
    with Session(county.engine) as session:
        decisions = case_file(session, "demo", 1, now=county.now).decisions
    assert [(each.event, each.officer_name) for each in decisions] == [
        ("confirm", "Sam Sample"),
        ("agree", "Robin Second"),
    ]


def test_erased_case_is_nowhere(county: County, transit_id: str) -> None:
    with Session(county.engine) as session, session.begin():
        session.execute(update(CaseRow).values(vrm="", register_answer={}, reasons=[]))
    with Session(county.engine) as session:
        assert case_list(session, "demo", state=None, now=county.now) == []
        with pytest.raises(CaseNotFound, match="case 1 was erased"):
            any_case_file(session, "demo", 1, now=county.now)


def test_decision_is_in_the_audit_log(county: County, officer: User, transit_id: str) -> None:
    _decide(county, officer, reason=f"Plate reads {LORRY[:4]} {LORRY[4:]}, clear.")
    with Session(county.engine) as session:
        entry = session.scalars(select(AuditRow).where(AuditRow.action == "case.confirm")).one()
    assert (entry.who, entry.subject) == (f"user:{officer.user_id}", "case:1")
    assert entry.reason == "Plate reads [registration], clear."


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_decisions SET event = 'reject'",
        "DELETE FROM case_decisions",
        "UPDATE audit SET reason = ''",
        "DELETE FROM audit",
    ],
)
def test_database_refuses_to_change_what_was_appended(
    county: County, officer: User, transit_id: str, statement: str
) -> None:
    _decide(county, officer)
    with county.engine.begin() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(statement))
