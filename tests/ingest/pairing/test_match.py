"""Passages to zones: by site, direction and time; a van by position and deployment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
import shapely
from pyproj import Transformer

from config.files import load
from config.law.orders import OrdersFile, OrderVersion
from config.sites import SitesFile
from ingest.pairing.match import Law, Sighting, road, sightings
from tests.ingest import county_roads
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


RIDGE = county_roads.ORDERS[2]
LAYBY = next(site for site in county_roads.SITES if site.kind == "van")
STANDING = {
    "captured_at": NOON,
    "latitude": LAYBY.latitude,
    "longitude": LAYBY.longitude,
    "deployed_from": NOON - timedelta(hours=1),
}


def by_van(van_distance_m: float = 50.0, order: OrderVersion = RIDGE, **changes: Any) -> list[Sighting]:
    """What a van at the lay-by of the ridge has seen, where the zone reaches so far from its road."""
    zone = msgspec.structs.replace(order.zones[0], van_distance_m=van_distance_m)
    orders = {"ridge-order": (msgspec.structs.replace(order, zones=(zone,)),)}
    found_by = Law({(site.site_id, 1): site for site in county_roads.SITES}, orders)
    return sightings(seen("p", 0, "layby", "towards", **{**STANDING, **changes}), found_by)[1]


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"deployed_from": NOON}, True),  # both ends of a deployment are inside it
        ({"deployed_from": NOON + timedelta(seconds=1)}, False),
        ({"deployed_from": None}, False),
        ({"deployed_until": NOON}, True),
        ({"deployed_until": NOON - timedelta(seconds=1)}, False),
        ({"deployed_from": None, "deployed_until": NOON + timedelta(hours=1)}, False),
    ],
)
def test_a_van_sees_while_it_is_deployed(changes: dict[str, Any], counts: bool) -> None:
    assert bool(by_van(**changes)) is counts


def test_a_van_watches_what_is_as_near_as_the_zone_says() -> None:
    grid = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    here = shapely.Point(*grid.transform(LAYBY.longitude, LAYBY.latitude))
    off_m = road(RIDGE.sections[0]).distance(here)
    assert 0 < off_m < 50
    assert [len(by_van(van_distance_m=reach)) for reach in (off_m, off_m - 0.001)] == [1, 0]


def test_the_nearest_section_of_a_road_counts() -> None:
    far_off = "SRID=27700;LINESTRING(400000 300000, 400100 300000)"
    both = msgspec.structs.replace(RIDGE, sections=(far_off, *RIDGE.sections))
    assert [len(by_van(order=order)) for order in (both, msgspec.structs.replace(RIDGE, sections=()))] == [
        1,
        0,
    ]


@pytest.mark.parametrize(
    ("north_m", "reach_m", "is_end"),
    [(0, 0.0, True), (0, 50.0, True), (49.9, 50.0, True), (50.1, 50.0, False)],
)
def test_a_van_is_an_end_where_its_site_was_surveyed(north_m: float, reach_m: float, is_end: bool) -> None:
    """The window was measured from there; further down the same road it sees what is inside the zone."""
    grid = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    east, north = grid.transform(LAYBY.longitude, LAYBY.latitude)
    along = f"LINESTRING({east} {north - 1000}, {east} {north}, {east} {north + 1000})"
    place = {}
    if north_m:
        longitude, latitude = grid.transform(east, north + north_m, direction="INVERSE")
        place = {"longitude": longitude, "latitude": latitude}
    found = by_van(reach_m, msgspec.structs.replace(RIDGE, sections=(along,)), **place)
    assert [(each.at_site, each.may_enter, each.is_end) for each in found] == [(is_end, is_end, is_end)]


def test_a_van_that_stands_exactly_there_is_there() -> None:
    (found,) = by_van(van_distance_m=49.0)
    assert (found.at_site, found.binds, found.place) == (True, True, "The layby end")
    assert found.vans == {"layby"}


def test_a_fixed_camera_is_where_it_is() -> None:
    """Its messages carry its site's position; what they say otherwise does not move it."""
    _, found = sightings(seen("p", 0, "west", "towards", latitude=0.0, longitude=0.0), county_roads.LAW)
    assert [(each.at_site, each.may_enter, each.may_exit) for each in found] == [(True, True, False)]
    _, found = sightings(seen("p", 0, "west", "away"), county_roads.LAW)
    assert [(each.may_enter, each.may_exit, each.is_end) for each in found] == [(False, True, True)]


def test_a_place_in_two_orders_is_seen_in_both() -> None:
    _, found = sightings(seen("p", 0, "east", "away"), county_roads.LAW)
    assert [(each.order.order_id, each.may_enter, each.may_exit) for each in found] == [
        ("village-order", False, True),
        ("lane-order", True, False),
    ]


def test_of_the_versions_that_stand_the_highest_judges() -> None:
    """Whatever order they are kept in; of one that has not begun nothing is taken."""
    village = county_roads.ORDERS[0]
    later = msgspec.structs.replace(village, version=3, effective_from=date(2030, 1, 1))
    second = msgspec.structs.replace(village, version=2)
    for kept in ((village, second, later), (later, second, village)):
        found_by = Law(county_roads.LAW.sites, {"village-order": kept})
        _, found = sightings(seen("p", 0, "west", "towards"), found_by)
        assert [each.order.version for each in found] == [2]
