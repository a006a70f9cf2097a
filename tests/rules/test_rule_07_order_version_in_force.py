"""Rule 7: exemptions, hours and dates come from the order version in force at the passage; amending an order
changes no old decision.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from config.law.orders import Hours, OrderVersion
from tests.rules.village import NOON, ORDER, SHORTEST_S, Village

TOMORROW = (NOON + timedelta(days=1)).date()


def amended(**changes: object) -> OrderVersion:
    return msgspec.structs.replace(ORDER, version=ORDER.version + 1, effective_from=TOMORROW, **changes)


def drives_through(village: Village, after_s: float = 0) -> None:
    village.enters("AA19AAA", after_s)
    village.leaves("AA19AAA", after_s + SHORTEST_S)


def test_a_passage_is_judged_by_the_version_of_its_own_day() -> None:
    heavier = amended(limit_kg=18_000)
    village = Village(orders=(ORDER, heavier))
    drives_through(village)
    drives_through(village, timedelta(days=1).total_seconds())
    assert [each.order_version for each in village.transits()] == [ORDER.version, heavier.version]


def test_amending_an_order_changes_no_earlier_conclusion() -> None:
    village = Village()
    drives_through(village)
    before = village.transits()
    village.orders = (ORDER, amended(hours=(Hours(days=("sun",), from_="00:00", until="00:01"),)))
    assert village.transits() == before


def test_outside_its_hours_an_order_does_not_bind() -> None:
    nights = Hours(days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"), from_="22:00", until="06:00")
    village = Village(orders=(msgspec.structs.replace(ORDER, hours=(nights,)),))
    drives_through(village)
    assert village.conclusions() == []
    drives_through(village, timedelta(hours=11).total_seconds())
    assert village.conclusions() == ["through"]


def test_before_it_takes_effect_an_order_does_not_bind() -> None:
    village = Village(orders=(msgspec.structs.replace(ORDER, effective_from=TOMORROW),))
    drives_through(village)
    assert village.conclusions() == []
