"""D-TRO times as an order's dates and hours, reckoned in Europe/London."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from config.clock import LONDON
from config.law.orders import WEEK
from enforcement.orders.ledger import Place

LAST_YEAR = 2200
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_NAMES = dict(zip(_NAMES, WEEK, strict=True))
_PERIOD = {"startOfPeriod", "endOfPeriod", "recurringTimePeriodOfDay", "recurringDayWeekMonthPeriod"}


class NotUsable(Exception):
    """A time that an order's dates and hours cannot express; the text says why."""


def begin_of(place: Place) -> tuple[date, str]:
    """The first day and the time of day from which something holds. Raises NotUsable."""
    local = _local(place)
    if local.second or local.microsecond:
        raise NotUsable("times are kept to the minute")
    return local.date(), local.strftime("%H:%M")


def end_of(place: Place) -> tuple[date, str]:
    """The day after the last, and the time on the last day up to which something holds. Raises NotUsable."""
    local = _local(place)
    if local.year >= LAST_YEAR:
        raise NotUsable("is so far away that it seems to stand for no end")
    if (local.hour, local.minute, local.second) == (23, 59, 59):
        local = (local + timedelta(seconds=1)).replace(microsecond=0)
    if local.second or local.microsecond:
        raise NotUsable("times are kept to the minute")
    if (local.hour, local.minute) == (0, 0):
        return local.date(), "24:00"
    return local.date() + timedelta(days=1), local.strftime("%H:%M")


def hours_of(period: Place) -> list[dict[str, Any]]:
    """A D-TRO period as hours of an order, in the form of its YAML. Raises NotUsable."""
    unknown = sorted(set(period.keys()) - _PERIOD - {"periodName"})
    if unknown:
        raise NotUsable(f"'{unknown[0]}' cannot be told as days of the week and times of day")
    bounds = _bounds(period)
    times = [_times(place) for place in period.at("recurringTimePeriodOfDay").each()]
    days = [_days(place) for place in period.at("recurringDayWeekMonthPeriod").each()]
    if not (bounds or times or days):
        raise NotUsable("the period names no day and no time")
    return [
        {"days": week, "from": first, "until": last, **bounds}
        for week in days or [list(WEEK)]
        for first, last in times or [("00:00", "24:00")]
    ]


def _bounds(period: Place) -> dict[str, str]:
    """The first and the last day of the period, where it names them."""
    bounds = {}
    if period.at("startOfPeriod").value is not None:
        first, at = begin_of(period.at("startOfPeriod"))
        if at != "00:00":
            raise NotUsable("the period begins in the middle of a day")
        bounds["first_day"] = first.isoformat()
    if period.at("endOfPeriod").value is not None:
        after, at = end_of(period.at("endOfPeriod"))
        if at != "24:00":
            raise NotUsable("the period ends in the middle of a day")
        bounds["last_day"] = (after - timedelta(days=1)).isoformat()
    return bounds


def _times(place: Place) -> tuple[str, str]:
    if set(place.keys()) != {"startTimeOfPeriod", "endTimeOfPeriod"}:
        raise NotUsable("a time of day needs its start and its end")
    first, last = (_clock(place.at(f"{end}TimeOfPeriod")) for end in ("start", "end"))
    until = "24:00" if last in ("00:00", "23:59:59") else last
    if first == until or len(first) > 5 or len(until) > 5:
        raise NotUsable("times of day are kept to the minute, and end at another than they begin")
    return first, until


def _clock(place: Place) -> str:
    text = place.text() or ""
    try:
        at = datetime.strptime(text, "%H:%M:%S")
    except ValueError as error:
        raise NotUsable("a time of day is written hh:mm:ss") from error
    return at.strftime("%H:%M:%S" if at.second else "%H:%M")


def _days(place: Place) -> list[str]:
    named = [day.text() for day in place.at("applicableDay").each()]
    if place.keys() != ["applicableDay"] or not named or not set(named) <= set(_DAY_NAMES):
        raise NotUsable("only days of the week can be used, not weeks, months or days of a month")
    return [_DAY_NAMES[name] for name in _DAY_NAMES if name in named]


def _local(place: Place) -> datetime:
    text = place.text() or ""
    try:
        at = datetime.fromisoformat(text)
        if "T" not in text:
            raise ValueError(text)
        return at.astimezone(LONDON) if at.tzinfo else at.replace(tzinfo=LONDON)
    except (ValueError, OverflowError) as error:
        raise NotUsable("is no date and time, such as 2026-10-01T07:00:00") from error
