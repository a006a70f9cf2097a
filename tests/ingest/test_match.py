"""Passages to zones: by site, direction and time; a van by position and deployment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from config.files import load
from config.law.orders import OrdersFile, OrderVersion
from config.sites import SitesFile
from ingest.match import Law, sightings
from tests.ingest.sightings import seen
from tests.ingest.units import NOON, PILOT

ORDERS = load(PILOT / "orders.yaml", OrdersFile).orders
SITES = load(PILOT / "sites.yaml", SitesFile).sites
VAN = next(site for site in SITES if site.kind == "van")
# On Marrow Lane, and the same 300 m east of it.
ON_THE_LANE = {"latitude": VAN.latitude, "longitude": VAN.longitude}
BESIDE_IT = {"latitude": VAN.latitude, "longitude": VAN.longitude + 0.0044}
DEPLOYED = {"deployed_from": NOON - timedelta(hours=1), "deployed_until": NOON + timedelta(hours=1)}
ENDED = {"deployed_from": NOON - timedelta(hours=2), "deployed_until": NOON - timedelta(seconds=1)}


def law(*more: OrderVersion) -> Law:
    orders: dict[str, list[OrderVersion]] = {}
    for order in (*ORDERS, *more):
        orders.setdefault(order.order_id, []).append(order)
    return Law({(site.site_id, site.site_version): site for site in SITES}, orders)


def zones(site_id: str, direction: str = "towards", **changes: Any) -> tuple[str, list[str]]:
    match, found = sightings(seen("p", 0, site_id, direction, **changes), law())
    return match, [sighting.zone.zone_id for sighting in found]


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        (("ashcombe-west", "towards", {}), ("matched", ["ashcombe-green"])),
        (("ashcombe-east", "away", {}), ("matched", ["ashcombe-green"])),
        (("ashcombe-west", "unknown", {}), ("no_order", [])),
        (("nowhere", "towards", {}), ("site_unknown", [])),
        (("ashcombe-west", "towards", {"site_version": 9}), ("site_unknown", [])),
        (
            ("ashcombe-west", "towards", {"captured_at": datetime(2020, 1, 1, tzinfo=UTC)}),
            ("site_not_in_force", []),
        ),
        ((VAN.site_id, "towards", {**ON_THE_LANE, **DEPLOYED}), ("matched", ["marrow-thornwick"])),
        ((VAN.site_id, "unknown", {**ON_THE_LANE, **DEPLOYED}), ("matched", ["marrow-thornwick"])),
        ((VAN.site_id, "towards", {**BESIDE_IT, **DEPLOYED}), ("no_order", [])),
        ((VAN.site_id, "towards", {**ON_THE_LANE, **ENDED}), ("not_deployed", [])),
        ((VAN.site_id, "towards", ON_THE_LANE), ("not_deployed", [])),
    ],
)
def test_where_a_passage_belongs(passage: tuple[str, str, dict[str, Any]], expected: object) -> None:
    site_id, direction, changes = passage
    assert zones(site_id, direction, **changes) == expected


def test_the_version_of_the_day_judges_and_its_hours_say_whether_it_binds() -> None:
    marrow = next(order for order in ORDERS if order.order_id == "marrow-lane-2025")
    amended = msgspec.structs.replace(marrow, version=2, effective_from=date(2026, 10, 7), hours=())

    def judged(at: datetime) -> tuple[int, bool]:
        point = marrow.zones[0].pairs[0].entry
        _, found = sightings(seen("p", 0, point.site_id, point.direction, captured_at=at), law(amended))
        return found[0].order.version, found[0].binds

    # 19:00 in Europe/London is 18:00 UTC in summer time
    assert judged(datetime(2026, 10, 6, 17, 59, tzinfo=UTC)) == (1, True)
    assert judged(datetime(2026, 10, 6, 18, 0, tzinfo=UTC)) == (1, False)
    assert judged(datetime(2026, 10, 6, 22, 59, tzinfo=UTC)) == (1, False)
    assert judged(datetime(2026, 10, 6, 23, 0, tzinfo=UTC)) == (2, True)
