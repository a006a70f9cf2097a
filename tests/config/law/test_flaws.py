"""What keeps an order version from being judged by."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.files import load
from config.law.flaws import flaws
from config.law.orders import (
    WEEK,
    Exemption,
    ExemptionTerms,
    Hours,
    OrdersFile,
    OrderVersion,
    Zone,
)

PILOT = Path(__file__).parents[3] / "config" / "pilot" / "orders.yaml"
ORDER, EXPERIMENT = load(PILOT, OrdersFile).orders
PAIR = ORDER.zones[0].pairs[0]


def _zone(**changes: Any) -> Zone:
    return msgspec.structs.replace(ORDER.zones[0], pairs=(msgspec.structs.replace(PAIR, **changes),))


ONE_DAY = Hours(
    days=WEEK, from_="00:00", until="24:00", first_day=date(2026, 2, 2), last_day=date(2026, 2, 2)
)


@pytest.mark.parametrize(
    ("order", "changes"),
    [
        (ORDER, {}),
        (EXPERIMENT, {}),  # it ends on the last day that an experiment can
        (ORDER, {"effective_from": date(1900, 1, 1)}),
        (ORDER, {"effective_from": date(2200, 12, 31)}),
        (ORDER, {"type": "temporary", "effective_to": date(2024, 4, 2)}),
        (ORDER, {"except_hours": (ONE_DAY,)}),
        (ORDER, {"purpose": "structural", "exemptions": (Exemption.EMERGENCY_SERVICES,)}),
        (ORDER, {"exemption_terms": (ExemptionTerms(exemption=Exemption.BUSES),)}),
    ],
)
def test_an_order_that_can_be_used_has_none(order: OrderVersion, changes: dict[str, Any]) -> None:
    assert flaws(msgspec.structs.replace(order, **changes)) == []


@pytest.mark.parametrize(
    ("order", "changes", "told"),
    [
        (ORDER, {"effective_to": ORDER.effective_from}, "never binds"),
        (EXPERIMENT, {"effective_from": date(9999, 12, 31)}, "not between 1900 and 2200"),
        (ORDER, {"effective_from": date(202, 6, 10)}, "not between 1900 and 2200"),
        (ORDER, {"type": "temporary"}, "a temporary order has an end"),
        (EXPERIMENT, {"effective_to": None}, "ends by 2027-03-01"),
        (EXPERIMENT, {"effective_to": date(2027, 3, 2)}, "ends by 2027-03-01"),
        (ORDER, {"purpose": "structural"}, "no right of access"),
        (ORDER, {"purpose": "structural", "exemptions": (Exemption.OFF_STREET_PREMISES,)}, "off_street"),
        (ORDER, {"effective_from": date(1899, 12, 31)}, "not between"),
        (ORDER, {"effective_from": date(2201, 1, 1)}, "not between"),
        (ORDER, {"exemption_terms": (ExemptionTerms(exemption=Exemption.DRIVER_TRAINING),)}, "not among"),
        (ORDER, {"sections": ()}, "no sections"),
        (ORDER, {"zones": (ORDER.zones[0], ORDER.zones[0])}, "two of its zones are called ashcombe-green"),
        (ORDER, {"zones": (_zone(exit=PAIR.entry),)}, "same camera and direction"),
        (ORDER, {"zones": (_zone(max_elapsed_s=PAIR.min_elapsed_s),)}, "ends at 45 s, not after 45 s"),
        (ORDER, {"zones": (_zone(calibrated_by=" "),)}, "who calibrated"),
        (
            ORDER,
            {"zones": (_zone(entry=msgspec.structs.replace(PAIR.entry, direction="unknown")),)},
            "direction 'unknown'",
        ),
        (
            ORDER,
            {
                "except_hours": (
                    Hours(
                        days=WEEK,
                        from_="00:00",
                        until="24:00",
                        first_day=date(2026, 2, 2),
                        last_day=date(2026, 2, 1),
                    ),
                )
            },
            "before they begin",
        ),
    ],
)
def test_each_is_told_by_itself(order: OrderVersion, changes: dict[str, Any], told: str) -> None:
    found = flaws(msgspec.structs.replace(order, **changes))
    assert len(found) == 1
    assert told in found[0]


def _pair_flaw(**changes: Any) -> list[str]:
    """What is said of the second pair where only that one is wrong."""
    second = msgspec.structs.replace(PAIR, **changes)
    zone = msgspec.structs.replace(ORDER.zones[0], pairs=(PAIR, second))
    return flaws(msgspec.structs.replace(ORDER, zones=(zone,)))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"exit": PAIR.entry},
            "pair 2 of zone ashcombe-green begins and ends at the same camera and direction",
        ),
        (
            {"min_elapsed_s": 60.5, "max_elapsed_s": 60.5},
            "the window of pair 2 of zone ashcombe-green ends at 60.5 s, not after 60.5 s",
        ),
        ({"min_elapsed_s": 60.0, "max_elapsed_s": 60.1}, None),
        (
            {"exit": msgspec.structs.replace(PAIR.exit, direction="unknown")},
            "pair 2 of zone ashcombe-green names a direction 'unknown'; say towards or away",
        ),
        ({"calibrated_by": "  "}, "pair 2 of zone ashcombe-green does not say who calibrated it"),
    ],
)
def test_a_pair_is_named_by_its_place(changes: dict[str, Any], told: str | None) -> None:
    assert _pair_flaw(**changes) == ([] if told is None else [told])


@pytest.mark.parametrize(
    ("order", "changes", "told"),
    [
        (
            ORDER,
            {"effective_from": date(2026, 1, 2), "effective_to": date(2026, 1, 2)},
            "effective_to 2026-01-02 is not after effective_from 2026-01-02, so it never binds",
        ),
        (ORDER, {"effective_from": date(2026, 1, 2), "effective_to": date(2026, 1, 3)}, None),
        (
            ORDER,
            {"effective_from": date(2201, 1, 1), "effective_to": date(2000, 1, 1)},
            "effective_from 2201-01-01 is not between 1900 and 2200",
        ),
        (
            EXPERIMENT,
            {"effective_from": date(2026, 8, 31), "effective_to": None},
            "an experimental order ends by 2028-02-29, 18 months on; give effective_to",
        ),
        (EXPERIMENT, {"effective_from": date(2026, 8, 31), "effective_to": date(2028, 2, 29)}, None),
        (
            EXPERIMENT,
            {"effective_from": date(2026, 8, 31), "effective_to": date(2028, 3, 1)},
            "an experimental order ends by 2028-02-29, 18 months on; give effective_to",
        ),
        (ORDER, {"type": "temporary"}, "a temporary order has an end; give effective_to"),
        (
            ORDER,
            {"hours": (msgspec.structs.replace(ONE_DAY, last_day=date(2026, 2, 1)),)},
            "hours end on 2026-02-01, before they begin on 2026-02-02",
        ),
        (ORDER, {"hours": (ONE_DAY,)}, None),
        (ORDER, {"hours": (msgspec.structs.replace(ONE_DAY, first_day=None),)}, None),
        (ORDER, {"hours": (msgspec.structs.replace(ONE_DAY, last_day=None),)}, None),
        (
            ORDER,
            {"exemption_terms": (ExemptionTerms(exemption=Exemption.DRIVER_TRAINING),)},
            "exemption_terms names driver_training, which is not among the exemptions",
        ),
        (
            ORDER,
            {
                "purpose": "structural",
                "exemptions": (Exemption.OFF_STREET_PREMISES, Exemption.ACCESS_LOADING),
            },
            "a structural limit gives no right of access, but the exemptions name access_loading",
        ),
        (
            ORDER,
            {"sections": ()},
            "it has no sections; give the restricted roads as LINESTRING(east north, ...) in EPSG:27700",
        ),
    ],
)
def test_what_is_told(order: OrderVersion, changes: dict[str, Any], told: str | None) -> None:
    found = flaws(msgspec.structs.replace(order, **changes))
    assert found == ([] if told is None else [told])


def test_names_of_zones_are_told_once_each() -> None:
    one = ORDER.zones[0]
    other = msgspec.structs.replace(one, zone_id="a-zone")
    found = flaws(msgspec.structs.replace(ORDER, zones=(one, other, one, other, one)))
    assert found == ["two of its zones are called a-zone", "two of its zones are called ashcombe-green"]


def test_all_flaws_are_told_at_once() -> None:
    wrong = {"type": "temporary", "exemption_terms": (ExemptionTerms(exemption=Exemption.DRIVER_TRAINING),)}
    assert len(flaws(msgspec.structs.replace(ORDER, sections=(), **wrong))) == 3
