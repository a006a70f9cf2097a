"""Quads, and what makes lettering look like a plate, on drawn pictures."""

from __future__ import annotations

import numpy as np
import pytest

from edge.plates.lettering import Region
from edge.plates.platelike import coloured_like_one, is_whole, may_hang_there, worth_a_look
from edge.plates.quads import (
    Quad,
    halves,
    height_px,
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
    assert upper.tolist() == [[10, 20], [110, 20], [110, 30], [10, 30]]
    assert lower.tolist() == [[10, 30], [110, 30], [110, 40], [10, 40]]


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
    face = widened(quad_of(at), 0.3)
    assert (may_hang_there(face, picture.shape) and coloured_like_one(face, picture)) is plate, name


@pytest.mark.parametrize("shift", [(-400, 0), (400, 0), (0, 300)], ids=["left", "right", "below"])
def test_nothing_beyond_the_vehicle_is_a_plate(shift: tuple[int, int]) -> None:
    picture = with_lettering((400, 400), "AB12CDE", (120, 350), WHITE)
    face = widened(quad_of((120, 350)), 0.3)
    assert may_hang_there(face, picture.shape)
    assert not may_hang_there(np.asarray(face + np.array(shift), np.float32), picture.shape)


@pytest.mark.parametrize(
    ("vehicle", "whole"),
    [
        ((100, 300), True),
        ((100, 116), True),
        ((100, 112), False),
        ((38, 300), False),
    ],
    ids=["free on all sides", "a little left", "cut at its right", "cut through its foot"],
)
def test_a_plate_that_the_picture_cuts_is_not_whole(vehicle: tuple[int, int], whole: bool) -> None:
    assert is_whole(LEVEL, vehicle) is whole


def test_a_plate_is_cut_at_the_left_as_at_the_right() -> None:
    assert is_whole(LEVEL - (4, 0), (100, 300))
    assert not is_whole(LEVEL - (6, 0), (100, 300))


def test_places_low_down_and_of_a_plates_shape_are_looked_at_first() -> None:
    low, high = Region(100, 200, 200, 225, 0.8), Region(100, 20, 200, 45, 0.8)
    square, sure = Region(20, 200, 45, 225, 0.8), Region(250, 200, 350, 225, 0.9)
    order = worth_a_look([high, square, low, sure], (400, 400, 3), 120)
    assert order == [sure, low, square, high]


@pytest.mark.parametrize(
    ("region", "why"),
    [
        (Region(10, 10, 390, 40, 0.9), "as wide as the vehicle"),
        (Region(10, 100, 15, 105, 0.9), "a few pixels"),
        (Region(10, 100, 300, 110, 0.9), "a long thin line"),
        (Region(100, 1, 200, 20, 0.9), "too high"),
    ],
)
def test_what_holds_no_plate_is_not_looked_at(region: Region, why: str) -> None:
    assert worth_a_look([region], (400, 400, 3), 100) == [], why
