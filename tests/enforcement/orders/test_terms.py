"""An exemption that holds at some hours only, in the question whether a transit is a case."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from config.law.orders import WEEK, Exemption, ExemptionTerms, Hours, Permit
from enforcement.cases.judging import Outcome
from enforcement.cases.opening import open_cases
from tests.enforcement.county import NOON, County, an_order

LORRY = "AB12CDE"
MORNING = Hours(days=WEEK, from_="07:00", until="10:00")


def _order(exemption: Exemption, **changes: Any) -> Any:
    return an_order(
        order_id="lane-2025",
        exemptions=(exemption,),
        exemption_terms=(ExemptionTerms(exemption=exemption, hours=(MORNING,)),),
        **changes,
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("entry_at", "outcome"),
    [
        (NOON.replace(day=14, hour=8), Outcome.PERMIT),  # 09:00 in London
        (NOON.replace(day=14, hour=8, minute=58), Outcome.PERMIT),  # in before ten, out after
        (NOON.replace(day=14, hour=5, minute=59), Outcome.PERMIT),  # out after seven
        (NOON.replace(day=14, hour=10), Outcome.PROPOSED),
    ],
)
def test_a_permit_counts_at_the_hours_of_its_exemption(
    county: County, entry_at: datetime, outcome: Outcome
) -> None:
    order = _order(Exemption.PERMIT_HOLDERS)
    county.add_order(order)
    days = {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31)}
    county.add_permits(Permit(order_id="lane-2025", vrm=LORRY, holder="A farm", **days))
    county.register_entry(LORRY, "N3", 44000)
    county.through(LORRY, order=order, at=entry_at)
    assert open_cases(county.engine, "demo", county.register, county.now) == {outcome: 1}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("hour", "outcome"), [(8, Outcome.EXEMPT), (11, Outcome.PROPOSED)])
def test_a_bus_is_exempt_at_the_hours_of_its_exemption(county: County, hour: int, outcome: Outcome) -> None:
    order = _order(Exemption.BUSES, purpose="structural")
    county.add_order(order)
    county.register_entry(LORRY, "M3", 18000)
    county.through(LORRY, order=order, at=NOON.replace(hour=hour) - timedelta(days=1))
    assert open_cases(county.engine, "demo", county.register, county.now) == {outcome: 1}
