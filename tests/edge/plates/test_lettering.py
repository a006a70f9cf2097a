"""The broad look: lettering is seen wherever it is, for the same cost however large the vehicle is."""

from __future__ import annotations

import numpy as np
import pytest

from edge.plates.lettering import LETTERING, MOST_PX, STRIDE_PX, Lettering, Region, regions_of
from edge.weights import Weights
from tests.edge.pictures import with_lettering


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    return Lettering(Weights(), 1)


def test_lettering_is_seen_where_it_is(lettering: Lettering) -> None:
    surest = lettering.regions(with_lettering((500, 300), "AB12CDE", (150, 200), (230, 230, 230)))[0]
    x, y = surest.middle
    assert (x, y) == pytest.approx((220, 190), abs=15)
    assert surest.odds > 0.8
    assert 100 < surest.width_px < 220


def test_nothing_is_seen_on_an_empty_picture(lettering: Lettering) -> None:
    assert lettering.regions(np.full((300, 500, 3), 90, np.uint8)) == []


@pytest.mark.parametrize("size", [(1, 1), (40, 30), (640, 480), (3000, 1200), (60, 1900)])
def test_no_picture_costs_more_than_its_share(
    lettering: Lettering, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[tuple[int, ...]] = []
    look = lettering.map_of
    monkeypatch.setattr(lettering, "map_of", lambda grey: (looked_at.append(grey.shape), look(grey))[1])
    lettering.regions(np.zeros((size[1], size[0], 3), np.uint8))
    ((height, width),) = looked_at
    assert height % STRIDE_PX == width % STRIDE_PX == 0
    assert height * width <= 1.5 * MOST_PX


def test_regions_are_grown_back_and_the_surest_is_first() -> None:
    seen = np.zeros((64, 96), np.float32)
    seen[10:14, 10:40] = 0.7
    seen[40:44, 50:80] = 0.9
    seen[50:60, 5:9] = LETTERING - 0.01
    first, second = regions_of(seen, (2.0, 3.0))
    assert (first.odds, second.odds) == pytest.approx((0.9, 0.7))
    assert first.middle == pytest.approx((130, 126))
    assert first.width_px > 60
    assert first.height_px > 12
    assert first.line_px == first.height_px


def test_a_line_that_runs_upwards_is_as_high_as_it_is_wide() -> None:
    assert Region(10, 10, 20, 60, 0.5).line_px == 10
