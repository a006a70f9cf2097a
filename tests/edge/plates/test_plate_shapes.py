"""Quads, and what makes lettering look like a plate, on drawn pictures."""

from __future__ import annotations

import numpy as np
import pytest

from edge.plates.localise import two_line_pairs
from edge.plates.platelike import VehicleView, plate_likeness
from edge.plates.quads import (
    Quad,
    halves,
    height_px,
    merged,
    ordered,
    slope_degrees,
    straightened,
    widened,
    width_px,
)
from tests.edge.pictures import with_lettering

LEVEL = np.array([[10, 20], [110, 20], [110, 40], [10, 40]], np.float32)
YELLOW, WHITE, RED, DARK = (20, 200, 235), (230, 230, 230), (40, 30, 200), (35, 30, 30)


@pytest.mark.parametrize("turns", range(4))
def test_corners_come_in_one_order(turns: int) -> None:
    assert np.array_equal(ordered(np.roll(LEVEL, turns, axis=0)), LEVEL)


def test_measures_of_a_quad() -> None:
    assert (width_px(LEVEL), height_px(LEVEL), slope_degrees(LEVEL)) == (100, 20, 0)
    grown = widened(LEVEL, 0.5)
    assert grown.tolist() == [[0, 10], [120, 10], [120, 50], [0, 50]]
    upper, lower = halves(LEVEL)
    assert np.allclose(merged(upper, lower), LEVEL, atol=1)


def test_an_oblique_plate_is_straightened() -> None:
    picture = np.zeros((100, 200, 3), np.uint8)
    oblique = np.array([[20, 10], [150, 50], [150, 80], [20, 40]], np.float32)
    picture[:] = 50
    for step in np.linspace(0, 1, 400):
        x, y = 20 + 130 * step, 10 + 40 * step
        picture[int(y) : int(y) + 30, int(x)] = 200
    upright = straightened(picture, oblique)
    assert upright[2:-2, 2:-2].min() > 150


def quad_of(text_at: tuple[int, int], wide: int = 130, tall: int = 24) -> Quad:
    x, y = text_at
    return np.array([[x, y - tall], [x + wide, y - tall], [x + wide, y + 2], [x, y + 2]], np.float32)


@pytest.mark.parametrize(
    ("name", "ground", "ink", "at", "plate"),
    [
        ("yellow plate, low", YELLOW, 20, (120, 350), True),
        ("white plate, low", WHITE, 20, (120, 350), True),
        ("white plate, but on the roof", WHITE, 20, (120, 60), False),
        ("dark lettering on red", RED, 20, (120, 350), False),
        ("white lettering on a dark side", DARK, 240, (120, 350), False),
    ],
)
def test_plates_are_dark_on_white_or_yellow_and_low(
    name: str, ground: tuple[int, int, int], ink: int, at: tuple[int, int], plate: bool
) -> None:
    picture = with_lettering((400, 400), "AB12CDE", at, ground, ink)
    likeness = plate_likeness(quad_of(at), VehicleView(picture))
    assert (likeness > 0.3) is plate, f"{name}: {likeness}"


@pytest.mark.parametrize(
    ("name", "lower", "pairs"),
    [
        ("right below", (12, 45, 108, 65), 1),
        ("far below", (12, 120, 108, 140), 0),
        ("beside", (130, 20, 230, 40), 0),
        ("much larger", (0, 45, 300, 120), 0),
    ],
)
def test_two_lines_of_one_plate(name: str, lower: tuple[int, int, int, int], pairs: int) -> None:
    x1, y1, x2, y2 = lower
    below = np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]], np.float32)
    square = LEVEL.copy()
    assert len(two_line_pairs([(square, 1.0), (below, 1.0)])) == pairs, name
