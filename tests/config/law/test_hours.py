"""Hours of the day and week, as orders give them, in local time."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
import pytest

from config.law.orders import WEEK, Hours, TimeOfDay

ALL_DAY = Hours(days=WEEK, from_="00:00", until="24:00")


@pytest.mark.parametrize(
    ("local", "inside"),
    [
        (datetime(2026, 10, 5, 22, 0), True),  # Monday evening
        (datetime(2026, 10, 6, 5, 59), True),  # still Monday's night
        (datetime(2026, 10, 6, 6, 0), False),
        (datetime(2026, 10, 6, 22, 0), False),  # Tuesday is not listed
        (datetime(2026, 10, 5, 5, 0), False),  # Sunday's night is not listed
    ],
)
def test_hours_can_run_past_midnight(local: datetime, inside: bool) -> None:
    hours = Hours(days=("mon",), from_="22:00", until="06:00")
    assert hours.hold(local) is inside


def test_hours_that_end_as_they_begin_run_for_a_day() -> None:
    hours = Hours(days=("mon",), from_="07:00", until="07:00")
    times = [(5, 6, 59), (5, 7, 0), (6, 6, 59), (6, 7, 0)]
    held = [hours.hold(datetime(2026, 10, day, hour, minute)) for day, hour, minute in times]
    assert held == [False, True, True, False]


def test_until_midnight_includes_the_last_minute() -> None:
    hours = Hours(days=("mon",), from_="00:00", until="24:00")
    assert hours.hold(datetime(2026, 10, 5, 23, 59))
    assert not hours.hold(datetime(2026, 10, 6, 0, 0))


def test_hours_past_midnight_keep_their_last_night() -> None:
    hours = Hours(days=("mon",), from_="22:00", until="06:00", last_day=date(2026, 6, 8))
    assert hours.hold(datetime(2026, 6, 9, 5, 59))
    assert not hours.hold(datetime(2026, 6, 15, 22, 0))


@pytest.mark.parametrize(
    ("local", "inside"),
    [
        (datetime(2026, 6, 8, 12, 0), False),
        (datetime(2026, 6, 9, 0, 0), True),  # both days are inside
        (datetime(2026, 6, 10, 23, 59), True),
        (datetime(2026, 6, 11, 0, 0), False),
    ],
)
def test_hours_may_be_confined_to_days(local: datetime, inside: bool) -> None:
    confined = msgspec.structs.replace(ALL_DAY, first_day=date(2026, 6, 9), last_day=date(2026, 6, 10))
    assert confined.hold(local) is inside


@pytest.mark.parametrize("day", range(7))
def test_each_day_of_the_week_is_itself(day: int) -> None:
    only = Hours(days=(WEEK[day],), from_="08:00", until="09:00")
    held = [only.hold(datetime(2026, 6, 8 + each, 8, 30)) for each in range(7)]  # from a Monday on
    assert held == [each == day for each in range(7)]


@pytest.mark.parametrize("wrong", ["7:00", "24:01", "12:60", " 07:00", "07:00:00", "x24:00", "24:00x"])
def test_a_time_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, TimeOfDay)
