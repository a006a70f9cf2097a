"""Where the detector looks next: at what moves, at what waited longest, and at nothing when nothing moves."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from edge.vehicles.region import WHOLE, Cells, Region, region_px
from edge.vehicles.search import SHORTEST_REST_S, Search, search_regions

WIDE_PX = (1600, 640)


def cells(*boxes: tuple[int, int, int, int]) -> Cells:
    """Cells of a wide picture that move inside the boxes."""
    moving = np.zeros((90, 160), bool)
    for x1, y1, x2, y2 in boxes:
        moving[y1:y2, x1:x2] = True
    return moving


def holds(region: Region | None, x: float) -> bool:
    return region is not None and region[0] <= x <= region[2]


def looked(search: Search, moving: Cells, unexplained: Cells, steps: int, speed: float = 0.0) -> list[float]:
    """The seconds at which the search looks, at ten chances a second."""
    return [i / 10 for i in range(steps) if search.next(moving, unexplained, i / 10, speed) is not None]


def test_nothing_moves_nothing_is_looked_at() -> None:
    assert looked(Search(*WIDE_PX, WHOLE), cells(), cells(), 50) == []


@pytest.mark.parametrize("left", [5, 70, 140])
def test_the_window_holds_what_moves(left: int) -> None:
    search, moving = Search(*WIDE_PX, WHOLE), cells((left, 40, left + 12, 60))
    regions = [region for i in range(30) if (region := search.next(moving, moving, i / 10, 0.0))]
    assert regions
    assert all(holds(region, left / 160) and holds(region, (left + 12) / 160) for region in regions)


def test_a_newcomer_is_looked_at_sooner_than_a_known_vehicle() -> None:
    moving = cells((60, 40, 70, 50))
    known = looked(Search(*WIDE_PX, WHOLE), moving, cells(), 100)
    unknown = looked(Search(*WIDE_PX, WHOLE), moving, moving, 100)
    assert 0 < len(known) < len(unknown)


def test_both_sides_of_a_busy_road_get_their_turn() -> None:
    search, moving = Search(*WIDE_PX, WHOLE), cells((2, 30, 30, 80), (130, 30, 158, 80))
    regions = [region for i in range(40) if (region := search.next(moving, moving, i / 10, 0.0))]
    left = sum(holds(region, 0.1) for region in regions)
    right = sum(holds(region, 0.9) for region in regions)
    assert min(left, right) >= len(regions) // 3


def test_fast_vehicles_are_looked_at_more_often() -> None:
    moving = cells((10, 10, 150, 80))
    slow, fast = (looked(Search(*WIDE_PX, WHOLE), moving, moving, 100, speed) for speed in (0.5, 3.0))
    assert len(fast) > 1.5 * len(slow)


@pytest.mark.parametrize("frames_per_s", [15, 25, 30])
def test_a_busy_road_is_looked_at_evenly_after_each_rest(frames_per_s: int) -> None:
    search, moving = Search(*WIDE_PX, WHOLE), cells((10, 10, 150, 80))
    frames = range(20 * frames_per_s)
    looks = [i for i in frames if search.next(moving, moving, i / frames_per_s, 10.0) is not None]
    apart = {after - before for before, after in pairwise(looks)}
    assert apart == {math.ceil(SHORTEST_REST_S * frames_per_s)}


def test_the_whole_is_looked_at_now_and_then() -> None:
    search, moving = Search(*WIDE_PX, WHOLE), cells((10, 10, 150, 80))
    regions = [search.next(moving, moving, i / 10, 0.0) for i in range(100)]
    assert 3 <= regions.count(WHOLE) <= 6


def test_windows_stay_in_the_region_of_interest() -> None:
    region = (0.25, 0.2, 0.95, 0.8)
    search, moving = Search(*WIDE_PX, region), cells((0, 0, 160, 90))
    for i in range(50):
        x1, y1, x2, y2 = search.next(moving, moving, i * 1.0, 0.0) or region
        assert region[0] - 0.01 <= x1 < x2 <= region[2] + 0.01
        assert (y1, y2) == (0.2, 0.8)


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
    regions = search_regions(*size, region)
    assert len(regions) == count
    assert regions[0] == region
    for part in regions[1:]:
        x1, y1, x2, y2 = region_px(part, *size)
        assert abs((x2 - x1) - (y2 - y1)) <= 2, "not a square"
