"""How an order's hours are written for people: by one function, on the console's page and in the pack."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from config.law.orders import Hours
from enforcement.console.words import FILTERS, hours

WORKDAYS: tuple[Any, ...] = ("mon", "tue", "wed", "thu", "fri")


@pytest.mark.parametrize(
    ("first_day", "last_day", "words"),
    [
        (None, None, "Monday to Friday, 22:00 to 06:00"),
        (date(2026, 11, 1), None, "Monday to Friday, 22:00 to 06:00, from 1 November 2026"),
        (None, date(2027, 2, 28), "Monday to Friday, 22:00 to 06:00, to 28 February 2027 inclusive"),
        (
            date(2026, 11, 1),
            date(2027, 2, 28),
            "Monday to Friday, 22:00 to 06:00, from 1 November 2026, to 28 February 2027 inclusive",
        ),
    ],
)
def test_hours_of_a_part_of_the_year_say_which(
    first_day: date | None, last_day: date | None, words: str
) -> None:
    assert (
        hours(Hours(days=WORKDAYS, from_="22:00", until="06:00", first_day=first_day, last_day=last_day))
        == words
    )


def test_page_writes_hours_as_the_pack_does() -> None:
    assert FILTERS["hours"] is hours
