"""Days by which something must be done. Days are local (Europe/London); the last day itself is still in time.

Periods that domain.md section 2 marks as unconfirmed are arguments with their source in the policy file.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection
from datetime import date, datetime, timedelta

from config.clock import LONDON

CHARGE_MONTHS = 6
SPEED_NOTICE_DAYS = 14
KEEPER_ANSWER_DAYS = 28


def local_day(at: datetime) -> date:
    """The day in Europe/London of an instant. Raises ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone; pass a UTC instant")
    return at.astimezone(LONDON).date()


def months_after(day: date, months: int) -> date:
    """The corresponding day `months` later, or the last day of a month that has none (29, 30, 31).

    Source: the corresponding date rule, Dodds v Walker [1981] 1 WLR 1027 (HL).
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_before(day: date, months: int) -> date:
    """The corresponding day `months` earlier, or the last day of a month that has none."""
    return months_after(day, -months)


def charge_by(offence_at: datetime) -> date:
    """The last day on which a written charge can be issued: six months from the offence.

    Source: Magistrates' Courts Act 1980 s. 127; the day of the offence itself is not counted.
    """
    return months_after(local_day(offence_at), CHARGE_MONTHS)


def speed_notice_served_by(offence_at: datetime) -> date:
    """The last day on which a notice of intended prosecution for speed can be served (not merely sent).

    Source: Road Traffic Offenders Act 1988 s. 1 and Sch. 1. Weight orders need no such notice.
    """
    return local_day(offence_at) + timedelta(days=SPEED_NOTICE_DAYS)


def keeper_answers_by(served_on: date, days: int = KEEPER_ANSWER_DAYS) -> date:
    """The last day for the keeper's answer, `days` after the request was served.

    Source: Road Traffic Act 1988 s. 172(7). Unconfirmed for weight orders, so `days` is policy.
    """
    return served_on + timedelta(days=days)


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Whether post is delivered and counted on `day`: Monday to Friday, and no bank holiday."""
    return day.weekday() < 5 and day not in holidays


def deemed_served(posted_on: date, working_days: int, holidays: Collection[date] = ()) -> date:
    """The day on which a letter posted on `posted_on` counts as served: so many working days after it.

    How many is policy with its source; for first-class post it is commonly two (Interpretation Act 1978 s. 7,
    "in the ordinary course of post"; Practice Direction of 8 March 1985).
    """
    day = posted_on
    for _ in range(working_days):
        day += timedelta(days=1)
        while not is_working_day(day, holidays):
            day += timedelta(days=1)
    return day


def post_by(serve_by: date, working_days: int, holidays: Collection[date] = ()) -> date:
    """The last day on which a letter can be posted that must be served by `serve_by`."""
    day = serve_by
    while deemed_served(day, working_days, holidays) > serve_by:
        day -= timedelta(days=1)
    return day


def days_left(last_day: date, now: datetime) -> int:
    """Whole local days until `last_day`: 0 on the day itself, negative once it is over."""
    return (last_day - local_day(now)).days


def is_over(last_day: date, now: datetime) -> bool:
    """Whether `last_day` has passed."""
    return days_left(last_day, now) < 0
