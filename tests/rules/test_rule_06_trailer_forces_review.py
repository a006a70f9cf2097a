"""Rule 6: a visible trailer on a vehicle up to 7.5 t forces review, and the eye alone proves no weight."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from config.law.weight import Verdict, WeightBasis, decide_weight
from enforcement.cases.opening import open_cases
from enforcement.cases.proving import WeightProof
from enforcement.cases.records import CaseState, case_file, decide
from enforcement.errors import DecisionRefused
from enforcement.people import User
from tests.enforcement.county import County

LORRY = "AB12CDE"


def verdict(category: str, weight_kg: int, basis: WeightBasis, *, trailer_seen: bool) -> Verdict:
    return decide_weight(
        category,
        weight_kg,
        trailer_seen=trailer_seen,
        limit_kg=7500,
        basis=basis,
        purpose="environmental",
    ).verdict


@pytest.mark.parametrize("basis", ["plated_maximum", "operating_weight"])
@pytest.mark.parametrize(("category", "weight_kg"), [("N2", 7500), ("N2", 3501), ("N1", 3500), ("N3", 7500)])
def test_a_trailer_on_what_is_not_over_alone_is_for_an_officer(
    category: str, weight_kg: int, basis: WeightBasis
) -> None:
    assert verdict(category, weight_kg, basis, trailer_seen=False) is Verdict.NOT_OVER
    assert verdict(category, weight_kg, basis, trailer_seen=True) is Verdict.OFFICER


def test_its_review_is_confirmed_with_a_document_alone(county: County) -> None:
    county.register_entry(LORRY, "N2", 7500)
    county.through(LORRY, trailer=True)
    open_cases(county.engine, "demo", county.register, county.now)
    assert state(county) is CaseState.REVIEW
    officer = county.add_officer()
    with pytest.raises(DecisionRefused, match="Get proof of the weight"):
        confirm(county, officer, None)
    confirm(county, officer, WeightProof("weighbridge ticket", "4711 of 15 September 2026"))
    assert state(county) is CaseState.SECOND_LOOK


def confirm(county: County, officer: User, proof: WeightProof | None) -> None:
    with Session(county.engine) as session, session.begin():
        decide(
            session,
            "demo",
            1,
            officer=officer,
            verdict="confirm",
            reason="A trailer is on the hook.",
            image_matches_plate=True,
            vehicle_matches_register=True,
            proof=proof,
            now=county.now,
        )


def state(county: County) -> CaseState:
    with Session(county.engine) as session:
        return case_file(session, "demo", 1, now=county.now).summary.state
