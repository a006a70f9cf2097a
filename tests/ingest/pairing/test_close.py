"""Which marks are close, and between which sightings a close pair is looked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from config.law.orders import OrderVersion
from ingest.pairing.close import (
    CLOSE_WITHIN,
    SHORTEST_MARK,
    are_close,
    close_keys,
    close_transit,
    close_transits,
    may_be_close,
    search_window,
)
from ingest.pairing.match import Sighting
from ingest.pairing.transits import Transit, transits_of
from tests.ingest.pairing.test_transits import (
    MAX_S,
    MIN_S,
    ORDER,
    PAIR,
    ZONE,
    all_seeing,
    blind,
    enters,
    leaves,
)
from tests.ingest.units import NOON

MUCH_LATER = NOON + timedelta(days=30)


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("AB12CDE", "AB12CDE", False),  # one mark is no pair of marks
        ("AB12CDE", "AB12CDF", True),
        ("AB12CDE", "AB12CFF", False),
        ("AB12CDE", "A812CDE", True),
        ("AB12CDS", "A812CD5", True),  # two look-alikes are one mistake
        ("AB12CGS", "A812C65", False),
        ("AB12CDE", "AB12CD", True),
        ("AB12CD", "AB12CE", True),  # six characters are enough
        ("AB123", "AB124", False),
        ("AB12CD", "AB12C", False),  # the shorter of the two counts
        ("AB12C", "AB12CD", False),
    ],
)
def test_which_marks_are_close(one: str, other: str, close: bool) -> None:
    assert are_close(one, other) is close


def test_how_close_is_policy_of_the_code() -> None:
    assert (CLOSE_WITHIN, SHORTEST_MARK) == (1.0, 6)


@pytest.mark.parametrize(
    ("mark", "like"), [("A812CDE", "AB12CDE"), ("AB12C0E", "AB12COE"), ("AB12CD5", "AB12CDS")]
)
def test_look_alikes_have_one_key(mark: str, like: str) -> None:
    assert close_keys(mark) == close_keys(like)


def test_characters_that_nobody_confuses_keep_marks_apart() -> None:
    """Else every mark would be compared with every other."""
    keys = {close_keys(f"{letter * 3}1{letter * 3}") for letter in "ACEHKX"}
    assert len(keys) == 6


def test_a_close_pair_says_what_was_read() -> None:
    close = close_transit(IN, leaves(100, vrm="A812CDE"))
    assert close is not None
    read = {"entry_vrm": "AB12CDE", "exit_vrm": "A812CDE", "confusable_distance": 0.5}
    assert close.reasons[0].facts == read


def test_keys_are_the_first_and_the_last_three_characters() -> None:
    keys = close_keys("KV37HKV")
    other = close_keys("KV37XHKV")
    assert keys is not None
    assert keys == other
    assert (len(keys.head), len(keys.tail)) == (3, 3)
    assert close_keys("KV37H") is None
    assert close_keys("KV37HK") is not None


def _alone(sighting: Sighting, seeing: Any = all_seeing) -> Transit:
    (transit,) = transits_of([sighting], seeing, MUCH_LATER).transits
    return transit


IN = enters(0, "in", vrm="AB12CDE")


@pytest.mark.parametrize(
    ("transit", "may"),
    [
        (_alone(IN), True),
        (_alone(leaves(0, vrm="AB12CDF")), True),
        (_alone(IN, blind), True),
        (_alone(enters(0, vrm="AB123")), False),
        (_alone(enters(0, vrm="AB12CDE", clock_ok=False)), False),
        (transits_of([IN, leaves(100, vrm="AB12CDE")], all_seeing, MUCH_LATER).transits[0], False),
    ],
)
def test_whose_other_end_may_have_another_mark(transit: Transit, may: bool) -> None:
    assert may_be_close(transit) is may


def test_where_another_end_is_a_vans_the_mark_may_be_close() -> None:
    by_van = Sighting(IN.seen, ORDER, ZONE, binds=True, place="west", vans=frozenset({PAIR.exit.site_id}))
    transit = _alone(by_van)
    assert (transit.reasons[0].code, may_be_close(transit)) == ("van_end", True)


def _windows(*windows: tuple[float, float]) -> OrderVersion:
    """The order with several ways between its ends, each with its own window."""
    pairs = tuple(msgspec.structs.replace(PAIR, min_elapsed_s=a, max_elapsed_s=b) for a, b in windows)
    return msgspec.structs.replace(ORDER, zones=(msgspec.structs.replace(ZONE, pairs=pairs),))


def test_the_other_end_is_looked_for_in_all_windows() -> None:
    order = _windows((60, 300), (45, 200))
    assert search_window(enters(0, order=order)) == (
        NOON + timedelta(seconds=45),
        NOON + timedelta(seconds=300),
    )
    assert search_window(leaves(0, order=order)) == (
        NOON - timedelta(seconds=300),
        NOON - timedelta(seconds=45),
    )


@pytest.mark.parametrize(
    ("after_s", "mark", "found"),
    [
        (MIN_S, "AB12CDF", True),
        (MAX_S, "AB12CDF", True),
        (MIN_S - 0.001, "AB12CDF", False),
        (MAX_S + 0.001, "AB12CDF", False),
        (100, "AB12CDE", False),
        (100, "AB12CXX", False),
    ],
)
def test_what_two_sightings_alone_make(after_s: float, mark: str, found: bool) -> None:
    out = leaves(after_s, vrm=mark)
    pairs = [close_transit(*both) for both in ((IN, out), (out, IN))]
    assert pairs[0] == pairs[1]
    assert [each.transit_id for each in close_transits([_alone(IN), _alone(out)])] == [
        each.transit_id for each in pairs[:1] if each is not None
    ]
    assert (pairs[0] is not None) is found
    if pairs[0] is not None:
        assert (pairs[0].judged_by, pairs[0].entry, pairs[0].exit) == (IN, IN, out)
        assert (pairs[0].conclusion, pairs[0].elapsed_s, pairs[0].exit_vrm) == ("close", after_s, mark)


def test_two_ways_in_make_no_close_pair() -> None:
    assert close_transit(IN, enters(100, "in2", vrm="AB12CDF")) is None


def test_close_pairs_are_told_once_each_and_by_time() -> None:
    """The lorries share heads and tails of their marks; each pair is found by both and told once."""
    first, second = enters(5, "a", vrm="AB12CDE"), enters(0, "b", vrm="AB12CDG")
    outs = [leaves(100, "c", vrm="AB12CDF"), leaves(101, "d", vrm="AB12CDH")]
    alone = [_alone(each) for each in (first, second, *outs)]
    found = close_transits(alone)
    told = [tuple(found.passage_ids) for found in found]
    assert told[:2] in ([("b", "c"), ("b", "d")], [("b", "d"), ("b", "c")])
    assert sorted(told) == [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]
    assert found == close_transits(alone[::-1])


def test_a_pair_of_the_last_window_is_found_though_another_is_shorter() -> None:
    order = _windows((45, 100), (45, 600))
    alone = [_alone(enters(0, order=order, vrm="AB12CDE")), _alone(leaves(90, order=order, vrm="AB12CDF"))]
    assert len(close_transits(alone)) == 1


def test_other_zones_are_other_roads() -> None:
    elsewhere = msgspec.structs.replace(ORDER, order_id="another")
    alone = [_alone(IN), _alone(leaves(100, order=elsewhere, vrm="AB12CDF"))]
    assert close_transits(alone) == []
