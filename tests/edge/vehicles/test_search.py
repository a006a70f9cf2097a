"""Where the detector looks next: at what moves, at what waited longest, and at nothing when nothing moves."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from edge.vehicles.region import WHOLE, Cells, Region, region_px
from edge.vehicles.search import (
    LONGEST_REST_KNOWN_S,
    LONGEST_REST_S,
    SHORTEST_REST_S,
    STILL_AGAIN_S,
    Scene,
    Search,
    still_parts,
)
from edge.vehicles.shown import WIDE_PX as WIDE_SHOWN_PX
from edge.vehicles.shown import Shown
from tests.edge.vehicles.cells import cells

WIDE_PX = (1600, 640)


def holds(region: Region | None, x: float) -> bool:
    return region is not None and region[0] <= x <= region[2]


def scene(moving: Cells, unexplained: Cells, speed: float = 0.0, known: bool = False) -> Scene:
    return Scene(moving, unexplained, speed, known, near=False)


def looked(search: Search, of: Scene, steps: int) -> list[float]:
    """The seconds at which the search looks, at ten chances a second."""
    return [i / 10 for i in range(steps) if search.next(of, i / 10) is not None]


def regions_of(search: Search, of: Scene, steps: int) -> list[Region]:
    """What the search looks at, at ten chances a second."""
    return [shown.region for i in range(steps) if (shown := search.next(of, i / 10))]


def test_nothing_moves_nothing_is_looked_at() -> None:
    assert looked(Search(*WIDE_PX, WHOLE), scene(cells(), cells()), 50) == []


@pytest.mark.parametrize("left", [5, 70, 140])
def test_the_window_holds_what_moves(left: int) -> None:
    search, moving = Search(*WIDE_PX, WHOLE), cells((left, 40, left + 12, 60))
    regions = regions_of(search, scene(moving, moving), 30)
    assert regions
    assert all(holds(region, left / 160) and holds(region, (left + 12) / 160) for region in regions)


def test_a_newcomer_is_looked_at_sooner_than_a_known_vehicle() -> None:
    moving = cells((60, 40, 70, 50))
    known = looked(Search(*WIDE_PX, WHOLE), scene(moving, cells()), 100)
    unknown = looked(Search(*WIDE_PX, WHOLE), scene(moving, moving), 100)
    assert 0 < len(known) < len(unknown)


def test_both_sides_of_a_busy_road_get_their_turn() -> None:
    search, moving = Search(*WIDE_PX, WHOLE), cells((2, 30, 30, 80), (130, 30, 158, 80))
    regions = regions_of(search, scene(moving, moving), 40)
    left = sum(holds(region, 0.1) for region in regions)
    right = sum(holds(region, 0.9) for region in regions)
    assert min(left, right) >= len(regions) // 3


def test_fast_vehicles_are_looked_at_more_often() -> None:
    moving = cells((10, 10, 150, 80))
    slow, fast = (looked(Search(*WIDE_PX, WHOLE), scene(moving, moving, speed), 100) for speed in (0.5, 3.0))
    assert len(fast) > 1.5 * len(slow)


def test_known_vehicles_alone_on_the_road_are_looked_at_less_often_until_something_else_moves() -> None:
    moving, shadow = cells((40, 20, 80, 70)), cells((80, 60, 95, 70))
    newcomer = cells((120, 20, 150, 50))
    search = Search(*WIDE_PX, WHOLE)
    looks = looked(search, scene(moving, shadow, known=True), 60)
    assert np.diff(looks).min() == pytest.approx(LONGEST_REST_KNOWN_S)
    came = scene(moving | newcomer, newcomer, known=True)
    noticed_s = next(i / 10 for i in range(55, 70) if search.next(came, i / 10))
    assert noticed_s - looks[-1] < LONGEST_REST_KNOWN_S, "the newcomer waits as long as a known vehicle"


@pytest.mark.parametrize("frames_per_s", [15, 25, 30])
def test_a_busy_road_is_looked_at_evenly_after_each_rest(frames_per_s: int) -> None:
    search, moving = Search(*WIDE_PX, WHOLE), cells((10, 10, 150, 80))
    frames = range(20 * frames_per_s)
    looks = [i for i in frames if search.next(scene(moving, moving, 10.0), i / frames_per_s)]
    apart = {after - before for before, after in pairwise(looks)}
    assert apart == {math.ceil(SHORTEST_REST_S * frames_per_s)}


def test_the_whole_is_looked_at_now_and_then() -> None:
    search, moving = Search(*WIDE_PX, WHOLE), cells((10, 10, 150, 80))
    regions = regions_of(search, scene(moving, moving), 100)
    assert 3 <= regions.count(WHOLE) <= 6


def test_a_wide_picture_is_narrowed_to_what_moves_but_for_a_look_at_all_now_and_then() -> None:
    search, moving = Search(1280, 720, WHOLE), cells((60, 30, 80, 50))
    shown = [(i / 10, part) for i in range(200) if (part := search.next(scene(moving, moving), i / 10))]
    whole_s = [at_s for at_s, part in shown if part == Shown(WHOLE, WIDE_SHOWN_PX)]
    assert np.diff(whole_s).min() >= STILL_AGAIN_S
    assert np.diff(whole_s).max() < STILL_AGAIN_S + LONGEST_REST_S + 0.1
    assert all(holds(part.region, 60 / 160) and holds(part.region, 80 / 160) for _, part in shown)
    assert sum(part.size_px[0] < WIDE_SHOWN_PX[0] for _, part in shown) > 0.8 * len(shown)


@pytest.mark.parametrize("speed", [0.0, 0.8, 1.5, 5.0])
@pytest.mark.parametrize("known", [False, True])
def test_no_look_is_lost_by_not_asking_while_the_search_rests(speed: float, known: bool) -> None:
    always, asked = Search(*WIDE_PX, WHOLE), Search(*WIDE_PX, WHOLE)
    of = scene(cells((10, 10, 150, 80)), cells((10, 10, 14, 14)), speed, known)
    looks = looked(always, of, 100)
    assert [i / 10 for i in range(100) if not asked.rests(speed, i / 10) and asked.next(of, i / 10)] == looks
    assert looks


def test_windows_stay_in_the_region_of_interest() -> None:
    region = (0.25, 0.2, 0.95, 0.8)
    search, moving = Search(*WIDE_PX, region), cells((0, 0, 160, 90))
    for i in range(50):
        shown = search.next(scene(moving, moving), i * 1.0)
        x1, y1, x2, y2 = shown.region if shown else region
        assert region[0] - 0.01 <= x1 < x2 <= region[2] + 0.01
        assert (y1, y2) == pytest.approx((0.2, 0.8))


@pytest.mark.parametrize(
    ("size", "region", "count"),
    [
        ((640, 480), WHOLE, 1),
        ((1280, 720), WHOLE, 3),
        ((2560, 720), WHOLE, 5),
        ((1280, 720), (0.2, 0.0, 0.7, 1.0), 1),
    ],
)
def test_a_still_is_looked_at_whole_and_in_squares(size: tuple[int, int], region: Region, count: int) -> None:
    parts = still_parts(*size, region)
    assert len(parts) == count
    assert parts[0].region == region
    for part in parts[1:]:
        x1, y1, x2, y2 = region_px(part.region, *size)
        assert abs((x2 - x1) - (y2 - y1)) <= 2, "not a square"
