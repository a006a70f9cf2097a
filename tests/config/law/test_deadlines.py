"""Deadlines at month ends, on leap days and where summer time begins and ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.law import deadlines


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("offence_at", "last_day"),
    [
        ("2026-03-15T12:00:00Z", "2026-09-15"),
        ("2026-08-31T12:00:00Z", "2027-02-28"),
        ("2027-08-31T12:00:00Z", "2028-02-29"),
        ("2027-08-30T12:00:00Z", "2028-02-29"),
        ("2028-02-29T12:00:00Z", "2028-08-29"),
        ("2026-12-31T12:00:00Z", "2027-06-30"),
        ("2026-10-31T12:00:00Z", "2027-04-30"),
        # 23:30 UTC in summer is the next day in London; in winter it is not
        ("2026-06-30T23:30:00Z", "2027-01-01"),
        ("2026-11-30T23:30:00Z", "2027-05-30"),
        # the hour around each change of the clocks
        ("2026-03-28T23:59:59Z", "2026-09-28"),
        ("2026-03-29T22:59:59Z", "2026-09-29"),
        ("2026-03-29T23:00:00Z", "2026-09-30"),
        ("2026-10-24T22:59:59Z", "2027-04-24"),
        ("2026-10-24T23:00:00Z", "2027-04-25"),
        ("2026-10-25T23:59:59Z", "2027-04-25"),
    ],
)
def test_charge_within_six_months(offence_at: str, last_day: str) -> None:
    assert deadlines.charge_by(_at(offence_at)) == date.fromisoformat(last_day)


@pytest.mark.parametrize(
    ("now", "left", "over"),
    [
        ("2026-09-14T12:00:00Z", 1, False),
        ("2026-09-15T22:59:59Z", 0, False),
        ("2026-09-15T23:00:00Z", -1, True),  # midnight in London
    ],
)
def test_last_day_is_in_time_until_local_midnight(now: str, left: int, over: bool) -> None:
    last_day = date(2026, 9, 15)
    assert deadlines.days_left(last_day, _at(now)) == left
    assert deadlines.is_over(last_day, _at(now)) is over


def test_speed_notice_counts_fourteen_days_to_service() -> None:
    assert deadlines.speed_notice_served_by(_at("2026-02-20T10:00:00Z")) == date(2026, 3, 6)


@pytest.mark.parametrize(
    ("posted_on", "served"),
    [
        (date(2026, 9, 14), date(2026, 9, 16)),  # Monday to Wednesday
        (date(2026, 9, 17), date(2026, 9, 21)),  # Thursday over a weekend
        (date(2026, 9, 19), date(2026, 9, 22)),  # posted on a Saturday
        (date(2026, 8, 28), date(2026, 9, 2)),  # Friday before a bank holiday on Monday
        (date(2026, 12, 24), date(2026, 12, 30)),  # over Christmas
    ],
)
def test_post_is_served_on_the_second_working_day(posted_on: date, served: date) -> None:
    holidays = (date(2026, 8, 31), date(2026, 12, 25), date(2026, 12, 28))
    assert deadlines.deemed_served(posted_on, 2, holidays) == served


@given(serve_by=st.dates(date(2020, 1, 1), date(2040, 1, 1)), working_days=st.integers(1, 5))
def test_last_day_of_posting_is_served_in_time_and_the_next_is_not(serve_by: date, working_days: int) -> None:
    last = deadlines.post_by(serve_by, working_days)
    assert deadlines.deemed_served(last, working_days) <= serve_by
    assert deadlines.deemed_served(last + timedelta(days=1), working_days) > serve_by


@pytest.mark.parametrize(
    ("serve_by", "working_days", "posted_by"),
    [
        (date(2026, 9, 16), 2, date(2026, 9, 14)),  # Wednesday: posted on Monday
        (date(2026, 9, 16), 1, date(2026, 9, 15)),
        (date(2026, 9, 15), 2, date(2026, 9, 13)),  # Tuesday: a letter of Sunday still comes on it
        (date(2026, 9, 20), 2, date(2026, 9, 16)),  # no post comes on a Sunday: served on Friday
        (date(2026, 9, 2), 2, date(2026, 8, 31)),  # posted on a bank holiday
        (date(2026, 9, 1), 2, date(2026, 8, 27)),  # over the bank holiday
    ],
)
def test_last_day_of_posting(serve_by: date, working_days: int, posted_by: date) -> None:
    found = deadlines.post_by(serve_by, working_days, (date(2026, 8, 31),))
    assert deadlines.deemed_served(found, working_days, (date(2026, 8, 31),)) <= serve_by
    assert found == posted_by


def test_without_holidays_every_weekday_is_one() -> None:
    week = [date(2026, 8, 31) + timedelta(days=each) for each in range(7)]
    assert [deadlines.is_working_day(day) for day in week] == [True] * 5 + [False] * 2
    assert [deadlines.is_working_day(day, week[:2]) for day in week] == [False] * 2 + [True] * 3 + [False] * 2
    assert deadlines.deemed_served(date(2026, 8, 28), 2) == date(2026, 9, 1)
    assert deadlines.post_by(date(2026, 9, 1), 2) == date(2026, 8, 30)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 9, 15), 12, date(2025, 9, 15)),
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
    ],
)
def test_look_back_by_months(day: date, months: int, before: date) -> None:
    assert deadlines.months_before(day, months) == before


def test_keeper_answers_within_policy_days() -> None:
    assert deadlines.keeper_answers_by(date(2026, 2, 1)) == date(2026, 3, 1)
    assert deadlines.keeper_answers_by(date(2026, 2, 1), days=14) == date(2026, 2, 15)


def test_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^2026-01-01T00:00:00 has no time zone; pass a UTC instant$"):
        deadlines.local_day(datetime(2026, 1, 1))


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(1, 24))
def test_corresponding_day_never_runs_into_the_next_month(day: date, months: int) -> None:
    later = deadlines.months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    assert deadlines.months_before(later, months) <= day
