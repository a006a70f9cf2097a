"""A place inside a zone where one pair ends and the next begins: it ends one transit and begins another."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from config.law.orders import CameraPoint
from ingest.pairing.match import Sighting
from ingest.pairing.transits import GRACE, pair_between, transit_id, transits_of
from tests.ingest.pairing.test_transits import MUCH_LATER, ORDER, PAIR, ZONE, all_seeing
from tests.ingest.sightings import seen
from tests.ingest.units import NOON

WEST, MIDDLE, EAST = (
    CameraPoint(site_id="west", direction="towards"),
    CameraPoint(site_id="middle", direction="away"),
    CameraPoint(site_id="east", direction="away"),
)


FIRST = msgspec.structs.replace(PAIR, entry=WEST, exit=MIDDLE, min_elapsed_s=60, max_elapsed_s=120)
SECOND = msgspec.structs.replace(PAIR, entry=MIDDLE, exit=EAST, min_elapsed_s=30, max_elapsed_s=90)
CHAIN = msgspec.structs.replace(ZONE, pairs=(FIRST, SECOND))
ROAD = msgspec.structs.replace(ORDER, zones=(CHAIN,))


def at(point: CameraPoint, after_s: float) -> Sighting:
    passed = seen(f"{point.site_id}-{after_s:g}", after_s, point.site_id, point.direction)
    return Sighting(passed, ROAD, CHAIN, binds=True, place=point.site_id)


def test_both_ways_through_are_transits_of_their_own() -> None:
    ordered = [at(WEST, 0), at(MIDDLE, 100), at(EAST, 160)]
    found = transits_of(ordered, all_seeing, MUCH_LATER).transits
    assert [(each.conclusion, each.passage_ids) for each in found] == [
        ("through", ("west-0", "middle-100")),
        ("through", ("middle-100", "east-160")),
    ]
    assert [each.reasons[0].facts["max_elapsed_s"] for each in found] == [120, 90]


def test_alone_between_the_two_it_went_on() -> None:
    """Its exit is awaited, and nothing follows of where it came from."""
    asked: list[tuple[str, float, float]] = []

    def note(site_id: str, start: datetime, end: datetime, slack_s: float) -> bool:
        asked.append((site_id, (start - NOON).total_seconds(), (end - NOON).total_seconds()))
        return True

    (alone,) = transits_of([at(MIDDLE, 0)], note, MUCH_LATER).transits
    assert (alone.entry, alone.exit) == (at(MIDDLE, 0), None)
    assert [each.code for each in alone.reasons] == ["no_exit_seen", "went_in", "order"]
    assert asked == [("east", 30, 90)]
    waiting = transits_of([at(MIDDLE, 0)], all_seeing, NOON).waiting
    assert waiting == [(at(MIDDLE, 0), NOON + timedelta(seconds=90) + GRACE)]


def test_no_pair_skips_the_middle() -> None:
    """West to east is no pair of this zone, however long it took."""
    found = transits_of([at(WEST, 0), at(EAST, 150)], all_seeing, MUCH_LATER).transits
    assert sorted(each.reasons[0].code for each in found) == ["no_entry_seen", "no_exit_seen"]


def test_the_same_way_twice_is_no_turn() -> None:
    """A site whose one direction both ends and begins a pair is passed twice: nobody turned round."""
    found = transits_of([at(MIDDLE, 0), at(MIDDLE, 100)], all_seeing, MUCH_LATER).transits
    assert [each.reasons[0].code for each in found] == ["no_exit_seen", "no_exit_seen"]


def test_a_transits_name_stays_as_long_as_it_is_stored() -> None:
    """Rows are found by it: the same passages, order and zone give the name that they always gave."""
    west, east = at(WEST, 0), at(EAST, 5)
    names = {
        (west, east): "ashcombe-green-2024|ashcombe-green|west-0|east-5",
        (west, None): "ashcombe-green-2024|ashcombe-green|west-0|-",
        (None, east): "ashcombe-green-2024|ashcombe-green|-|east-5",
    }
    for (entry, leaving), text in names.items():
        assert transit_id(west, entry, leaving) == hashlib.sha256(text.encode()).hexdigest()[:32]
    (entered,), (left,) = (transits_of([end], all_seeing, MUCH_LATER).transits for end in (west, east))
    assert entered.transit_id == transit_id(west, west, None)
    assert left.transit_id == transit_id(east, None, east)


def test_no_pair_is_of_a_single_site_or_of_a_van_elsewhere() -> None:
    there, back = (CameraPoint(site_id="west", direction=way) for way in ("towards", "away"))
    same_site = msgspec.structs.replace(PAIR, entry=there, exit=back)
    zone = msgspec.structs.replace(ZONE, pairs=(same_site,))
    ends = [
        Sighting(seen(way, n, "west", way), ROAD, zone, binds=True, place="west")
        for n, way in ((0, "towards"), (100, "away"))
    ]
    assert pair_between(ends[0], ends[1]) is None
    west, middle = at(WEST, 0), at(MIDDLE, 100)
    assert pair_between(west, middle) == FIRST
    elsewhere = [replace(each, at_site=False) for each in (west, middle)]
    assert [pair_between(elsewhere[0], middle), pair_between(west, elsewhere[1])] == [None, None]


def test_after_a_stay_of_more_than_a_day_the_next_drive_counts() -> None:
    day = 86_400.0
    ordered = [at(WEST, 0), at(MIDDLE, day + 1), at(WEST, day + 100), at(MIDDLE, day + 200)]
    found = transits_of(ordered, all_seeing, MUCH_LATER).transits
    assert [each.conclusion for each in found].count("through") == 1
