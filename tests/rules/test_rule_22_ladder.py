"""Rule 22: the ladder counts confirmed breaches only, by VRM and by operator, inside the look-back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from enforcement.cases.states import Event
from tests.enforcement.cases.docket import LOOKED, LORRY, SISTER, STRANGER, Docket, policy
from tests.enforcement.county import NOON, County


@pytest.fixture
def docket(county: County) -> Docket:
    """LORRY and SISTER are of one operator; the ladder looks back three months."""
    return Docket(county, policy=policy(look_back_months=3, count_by=("vrm", "operator")))


def breach(docket: Docket, case_id: int) -> int:
    """The number of the breach that the case is counted as."""
    step = docket.step(case_id)
    assert step is not None
    return step.breach


@pytest.mark.parametrize(("earlier", "counted"), [(LORRY, 2), (SISTER, 2), (STRANGER, 1)])
def test_by_vrm_and_by_operator(docket: Docket, earlier: str, counted: int) -> None:
    docket.confirmed(earlier, days_ago=5)
    assert breach(docket, docket.confirmed(LORRY, days_ago=1)) == counted


def test_what_two_officers_have_not_confirmed_does_not_count(docket: Docket) -> None:
    docket.proposed(at=NOON - timedelta(days=9))
    docket.do(docket.proposed(at=NOON - timedelta(days=7)), Event.CONFIRM, looked=LOOKED)
    docket.do(docket.proposed(at=NOON - timedelta(days=8)), Event.REJECT)
    assert breach(docket, docket.confirmed(days_ago=1)) == 1


def test_what_an_explanation_took_back_does_not_count(docket: Docket) -> None:
    docket.do(docket.confirmed(days_ago=7), Event.ACCEPT_EXPLANATION)
    assert breach(docket, docket.confirmed(days_ago=1)) == 1


def test_before_the_look_back_does_not_count(docket: Docket) -> None:
    docket.confirmed(days_ago=100)
    assert breach(docket, docket.confirmed(days_ago=1)) == 1
