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
