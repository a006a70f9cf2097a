"""A place inside a zone where one pair ends and the next begins: it ends one transit and begins another."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from config.law.orders import CameraPoint
from ingest.match import Sighting
from ingest.transits import GRACE, transits_of
from tests.ingest.sightings import seen
from tests.ingest.test_transits import MUCH_LATER, ORDER, PAIR, ZONE, all_seeing
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
