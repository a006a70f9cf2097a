"""Rule 10: the six-month deadline is computed per offence, month ends and DST included; an overdue case
cannot be confirmed, so that no batch ever sees it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from config.law.deadlines import charge_by, is_over
from enforcement.cases.opening import open_cases
from enforcement.cases.records import decide
from enforcement.errors import DecisionRefused
from tests.enforcement.county import County

LORRY = "AB12CDE"


@pytest.mark.parametrize(
    ("offence", "last_day"),
    [
        ("2026-01-15T12:00", "2026-07-15"),
        ("2026-08-31T12:00", "2027-02-28"),
        ("2027-08-30T12:00", "2028-02-29"),
        ("2027-08-31T12:00", "2028-02-29"),
        ("2026-03-31T12:00", "2026-09-30"),
        ("2026-06-30T23:30", "2027-01-01"),  # half past midnight on 1 July, by the clock on the wall
        ("2026-01-31T23:30", "2026-07-31"),
    ],
)
def test_six_months_by_the_calendar_on_the_wall(offence: str, last_day: str) -> None:
    at = datetime.fromisoformat(offence).replace(tzinfo=UTC)
    assert charge_by(at) == date.fromisoformat(last_day)


def test_the_last_day_itself_is_in_time() -> None:
    last_day = date(2026, 7, 15)
    assert not is_over(last_day, datetime(2026, 7, 15, 22, 59, tzinfo=UTC))
    assert is_over(last_day, datetime(2026, 7, 15, 23, 1, tzinfo=UTC)), "midnight in London in summer"


def test_an_overdue_case_cannot_be_confirmed(county: County) -> None:
    county.register_entry(LORRY, "N3", 44_000)
    county.through(LORRY)
    open_cases(county.engine, "demo", county.register, county.now)
    officer = county.add_officer()
    late = county.now + timedelta(days=200)
    with Session(county.engine) as session, pytest.raises(DecisionRefused, match="six months"):
        decide(
            session,
            "demo",
            1,
            officer=officer,
            verdict="confirm",
            reason="Both pictures show it.",
            image_matches_plate=True,
            vehicle_matches_register=True,
            now=late,
        )
