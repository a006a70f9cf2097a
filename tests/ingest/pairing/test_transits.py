"""Pairing sightings into transits: a table of what may follow from what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from config.files import load
from config.law.orders import OrdersFile, OrderVersion
from ingest.pairing.match import Sighting
from ingest.pairing.transits import GRACE, Transit, transits_of
from tests.ingest.sightings import seen
from tests.ingest.units import NOON, PILOT

ORDER = next(o for o in load(PILOT / "orders.yaml", OrdersFile).orders if o.order_id == "ashcombe-green-2024")
ZONE = ORDER.zones[0]
PAIR = ZONE.pairs[0]
MIN_S, MAX_S = PAIR.min_elapsed_s, PAIR.max_elapsed_s
MUCH_LATER = NOON + timedelta(days=30)


def enters(
    after_s: float, name: str = "in", order: OrderVersion = ORDER, binds: bool = True, **changes: Any
) -> Sighting:
    point = PAIR.entry
    return Sighting(
        seen(name, after_s, point.site_id, point.direction, **changes),
        order,
        order.zones[0],
        binds,
        point.site_id,
    )


def leaves(
    after_s: float, name: str = "out", order: OrderVersion = ORDER, binds: bool = True, **changes: Any
) -> Sighting:
    point = PAIR.exit
    return Sighting(
        seen(name, after_s, point.site_id, point.direction, **changes),
        order,
        order.zones[0],
        binds,
        point.site_id,
    )


def all_seeing(site_id: str, start: datetime, end: datetime, slack_s: float) -> bool:
    return True


def blind(site_id: str, start: datetime, end: datetime, slack_s: float) -> bool:
    return False


@dataclass(frozen=True)
class Case:
    sightings: list[Sighting]
    expected: list[tuple[str, str]]  # (conclusion, code of its reason)
    seeing: Callable[[str, datetime, datetime, float], bool] = field(default=all_seeing)


turned_round = Sighting(seen("out", 200, PAIR.entry.site_id, "away"), ORDER, ZONE, True, "west")

CASES = {
    "shortest window": Case([enters(0), leaves(MIN_S)], [("through", "time_through")]),
    "longest window": Case([enters(0), leaves(MAX_S)], [("through", "time_through")]),
    "faster than possible": Case([enters(0), leaves(MIN_S - 0.001)], [("implausible", "time_implausible")]),
    "long enough to deliver": Case([enters(0), leaves(MAX_S + 0.001)], [("stayed", "time_stayed")]),
    "an hour's delivery": Case([enters(0), leaves(3600)], [("stayed", "time_stayed")]),
    "a day is no transit": Case(
        [enters(0), leaves(86_401)], [("unresolved", "no_exit_seen"), ("unresolved", "no_entry_seen")]
    ),
    "entry alone": Case([enters(0)], [("unresolved", "no_exit_seen")]),
    "exit alone": Case([leaves(0)], [("unresolved", "no_entry_seen")]),
    "exit before entry": Case(
        [leaves(0), enters(200)], [("unresolved", "no_entry_seen"), ("unresolved", "no_exit_seen")]
    ),
    "turned round": Case([enters(0), turned_round], [("stayed", "turned_round")]),
    "entry twice": Case(
        [enters(0), enters(30, "in2"), leaves(200)],
        [("through", "time_through"), ("unresolved", "no_exit_seen")],
    ),
    "exit twice": Case(
        [enters(0), leaves(150), leaves(170, "out2")],
        [("through", "time_through"), ("unresolved", "no_entry_seen")],
    ),
    "twice through": Case(
        [enters(0), leaves(150), enters(5000, "in2"), leaves(5150, "out2")],
        [("through", "time_through"), ("through", "time_through")],
    ),
    "camera was off": Case([enters(0)], [("no_inference", "camera_not_seeing")], blind),
    "camera was off, pair seen": Case([enters(0), leaves(150)], [("through", "time_through")], blind),
    "bad clock at entry": Case([enters(0, clock_ok=False), leaves(150)], [("no_inference", "clock")]),
    "bad clock at exit": Case([enters(0), leaves(150, clock_ok=False)], [("no_inference", "clock")]),
    "bad clock alone": Case([enters(0, clock_ok=False)], [("no_inference", "clock")]),
    "clock error does not matter": Case(
        [enters(0, clock_within_s=5), leaves(MIN_S + 10, clock_within_s=5)], [("through", "time_through")]
    ),
    "clock error could make it implausible": Case(
        [enters(0, clock_within_s=5), leaves(MIN_S + 9.9, clock_within_s=5)],
        [("no_inference", "clock_error")],
    ),
    "clock error could make it a stay": Case(
        [enters(0), leaves(MAX_S - 1, clock_within_s=2)], [("no_inference", "clock_error")]
    ),
    "hours ended inside": Case([enters(0), leaves(150, binds=False)], [("no_inference", "hours")]),
    "hours began inside": Case([enters(0, binds=False), leaves(200)], [("no_inference", "hours")]),
    "outside the hours": Case([enters(0, binds=False), leaves(200, binds=False)], []),
    "alone outside the hours": Case([enters(0, binds=False)], []),
}


@pytest.mark.parametrize("name", CASES)
def test_what_sightings_amount_to(name: str) -> None:
    case = CASES[name]
    found = transits_of(case.sightings, case.seeing, MUCH_LATER)
    assert sorted((t.conclusion, t.reasons[0].code) for t in found.transits) == sorted(case.expected)
    assert found.waiting == []


def test_the_order_of_arrival_does_not_matter() -> None:
    case = CASES["entry twice"].sightings
    once, again = (transits_of(order, all_seeing, MUCH_LATER).transits for order in (case, case[::-1]))
    assert once == again


def test_an_absence_is_concluded_from_only_after_window_and_grace() -> None:
    end = NOON + timedelta(seconds=MAX_S) + GRACE
    just_before = transits_of([enters(0)], all_seeing, end - timedelta(seconds=1))
    assert (just_before.transits, just_before.waiting) == ([], [(enters(0), end)])
    assert [t.conclusion for t in transits_of([enters(0)], all_seeing, end).transits] == ["unresolved"]


def test_the_other_camera_has_to_see_for_the_whole_window() -> None:
    asked: list[tuple[str, datetime, datetime]] = []

    def note(site_id: str, start: datetime, end: datetime, slack_s: float) -> bool:
        asked.append((site_id, start, end))
        return True

    transits_of([enters(0)], note, MUCH_LATER)
    window = NOON + timedelta(seconds=MIN_S), NOON + timedelta(seconds=MAX_S)
    assert asked == [(PAIR.exit.site_id, *window)]


def test_a_transit_is_judged_by_the_version_at_its_entry_and_says_its_figures() -> None:
    longer = msgspec.structs.replace(PAIR, max_elapsed_s=MAX_S * 2)
    amended = msgspec.structs.replace(
        ORDER, version=2, zones=(msgspec.structs.replace(ZONE, pairs=(longer,)),)
    )
    (transit,) = transits_of([enters(0), leaves(MAX_S + 1, order=amended)], all_seeing, MUCH_LATER).transits
    assert (transit.conclusion, transit.judged_by.order.version) == ("stayed", 1)
    assert transit.reasons[0].facts["max_elapsed_s"] == MAX_S
    assert transit.elapsed_s == MAX_S + 1


def test_a_transits_id_names_its_passages_and_order() -> None:
    def one(*sightings: Sighting) -> Transit:
        return transits_of(sightings, all_seeing, MUCH_LATER).transits[0]

    ids = {
        one(enters(0), leaves(200)).transit_id,
        one(enters(9), leaves(300)).transit_id,  # the same passages
        one(enters(0, "other"), leaves(200)).transit_id,
        one(enters(0)).transit_id,
    }
    assert len(ids) == 3
