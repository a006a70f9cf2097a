"""Ages at their edges, and that the rules leave no state without an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from config.clock import LONDON
from enforcement.cases.states import ENDED, UNDECIDED, CaseState
from enforcement.policy import Retention
from enforcement.retention.kept import rule_of
from enforcement.retention.rules import CASE_RULES, LIVE, RECORD_RULES, Ages, lived_before
from enforcement.tables import CaseRow

_SECOND = timedelta(seconds=1)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("seen", "months", "goes_on"),
    [
        ("2026-09-15 12:00:00", 12, "2027-09-15"),
        ("2026-09-15 00:00:00", 12, "2027-09-15"),
        ("2026-09-15 23:59:59", 12, "2027-09-15"),
        ("2026-08-31 12:00:00", 6, "2027-02-28"),
        ("2027-08-29 12:00:00", 6, "2028-02-29"),
        ("2027-08-31 12:00:00", 6, "2028-02-29"),
        ("2028-02-29 12:00:00", 12, "2029-02-28"),
        ("2027-02-28 12:00:00", 12, "2028-02-28"),
        ("2027-03-01 00:00:00", 12, "2028-03-01"),
        ("2026-01-31 12:00:00", 1, "2026-02-28"),
        ("2026-12-31 23:59:59", 2, "2027-02-28"),
        ("2026-06-30 23:30:00", 36, "2029-06-30"),
        ("2026-10-25 01:30:00", 12, "2027-10-25"),
    ],
)
def test_a_record_goes_on_the_corresponding_day(seen: str, months: int, goes_on: str) -> None:
    captured_at, day = london(seen), london(f"{goes_on} 00:00:00")
    assert captured_at < lived_before(day, months)
    assert captured_at >= lived_before(day - _SECOND, months)


def test_every_state_is_live_or_has_one_rule() -> None:
    ruled = [state for rule in CASE_RULES for state in rule.states]
    assert len(ruled) == len(set(ruled))
    assert set(ruled) == {*ENDED, *UNDECIDED}
    assert set(CaseState) - set(ruled) == LIVE


def test_nothing_unconfirmed_outlives_twelve_months() -> None:
    """The policy takes no longer ones; what no officer confirmed goes by those months."""
    unconfirmed = {CaseState.REJECTED, *UNDECIDED}
    for rule in (*CASE_RULES, *RECORD_RULES):
        if not rule.states or rule.states & unconfirmed:
            assert rule.months == "unconfirmed_months", rule.name


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("months", [1, 12])
def test_no_case_goes_while_it_can_be_charged(state: CaseState, months: int) -> None:
    offence_at = london("2026-08-31 12:00:00")
    ages = Ages(
        Retention(unconfirmed_months=months, closed_case_months=months), london("2027-02-28 23:59:59")
    )
    assert rule_of(CaseRow(state=state, offence_at=offence_at), offence_at, ages) is None


@pytest.mark.parametrize("state", sorted(LIVE))
def test_a_live_case_never_goes(state: CaseState) -> None:
    offence_at = london("2026-08-31 12:00:00")
    ages = Ages(Retention(unconfirmed_months=1, closed_case_months=1), london("2099-01-01 00:00:00"))
    assert rule_of(CaseRow(state=state, offence_at=offence_at), offence_at, ages) is None
