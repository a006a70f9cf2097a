"""Boxes carried by the texture on them, on drawn pictures whose motion is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge.frames import Picture, as_picture
from edge.vehicles.flow import Shift, shifts

ROAD = as_picture(np.full((180, 320), 90))
LORRY = as_picture(cv2.resize(np.random.default_rng(5).integers(0, 255, (10, 12)).astype(np.uint8), (60, 50)))


def scene(x: float, y: float, growth: float = 1.0) -> Picture:
    """The lorry on the road with its middle at x, y."""
    height, width = LORRY.shape
    onto = np.array([[growth, 0, x - growth * width / 2], [0, growth, y - growth * height / 2]], np.float32)
    return as_picture(
        cv2.warpAffine(LORRY, onto, (320, 180), dst=ROAD.copy(), borderMode=cv2.BORDER_TRANSPARENT)
    )


def only(found: list[Shift | None]) -> Shift:
    assert len(found) == 1
    assert found[0] is not None, "the texture said nothing"
    return found[0]


@pytest.mark.parametrize(
    ("across", "down", "growth"), [(0, 0, 1), (6, 3, 1), (-9, 4, 1), (3, 2, 1.1), (0, 0, 0.92)]
)
def test_motion_is_measured(across: float, down: float, growth: float) -> None:
    box = np.array([[120.0, 90.0, 60.0, 50.0]])
    shift = only(shifts(scene(120, 90), scene(120 + across, 90 + down, growth), box, box))
    assert (shift.x, shift.y) == pytest.approx((across, down), abs=1.0)
    assert shift.growth == pytest.approx(growth, abs=0.04)


def test_a_large_step_is_found_where_it_is_expected() -> None:
    box = np.array([[90.0, 90.0, 60.0, 50.0]])
    expected = np.array([[168.0, 90.0, 60.0, 50.0]])
    assert only(shifts(scene(90, 90), scene(170, 90), box, expected)).x == pytest.approx(80, abs=1.0)


def test_smooth_road_says_nothing_of_a_vehicle_that_was_lost() -> None:
    box = np.array([[120.0, 90.0, 60.0, 50.0]])
    assert shifts(scene(120, 90), ROAD, box, box) == [None]


def test_points_hidden_by_a_vehicle_in_front_do_not_count() -> None:
    boxes = np.array([[110.0, 80.0, 60.0, 50.0], [120.0, 90.0, 60.0, 50.0]])
    behind, in_front = shifts(scene(120, 90), scene(128, 90), boxes, boxes)
    assert behind is None
    assert in_front is not None
    assert in_front.x == pytest.approx(8, abs=1.0)


def test_no_boxes_no_shifts() -> None:
    assert shifts(ROAD, ROAD, np.zeros((0, 4)), np.zeros((0, 4))) == []


@pytest.mark.parametrize("middle", [(60, 60), (250, 130), (161, 47)])
def test_a_box_moves_alike_whether_others_are_followed_or_not(middle: tuple[int, int]) -> None:
    """What is followed alone is looked for in a part of the picture only."""
    before, now = scene(*middle), scene(middle[0] + 7, middle[1] - 4, 1.03)
    box = [float(middle[0]), float(middle[1]), 60.0, 50.0]
    alone = only(shifts(before, now, np.array([box]), np.array([box])))
    boxes = np.array([box, [10.0, 10.0, 20.0, 20.0], [310.0, 170.0, 20.0, 20.0]])
    beside = shifts(before, now, boxes, boxes)[0]
    assert beside is not None
    assert alone == pytest.approx(beside, abs=0.05)


@pytest.mark.parametrize("middle", [(-40, 90), (360, 90), (160, -30), (160, 210), (-90, 260)])
def test_a_box_beyond_the_picture_tells_nothing(middle: tuple[float, float]) -> None:
    box = np.array([[*middle, 60.0, 50.0]])
    assert shifts(scene(120, 90), scene(125, 90), box, box) == [None]


def test_a_vehicle_of_which_one_corner_shows_is_still_followed() -> None:
    boxes = np.array([[120.0, 90.0, 60.0, 50.0], [160.0, 90.0, 60.0, 60.0], [120.0, 120.0, 90.0, 45.0]])
    corner, *_ = shifts(scene(120, 90), scene(123, 88), boxes, boxes)
    assert corner is not None, "four points show"
    assert (corner.x, corner.y) == pytest.approx((3, -2), abs=1.0)
    assert corner.growth == pytest.approx(1, abs=0.04)


def test_road_beside_a_vehicle_does_not_make_it_grow() -> None:
    """A box that is too wide for its vehicle holds points that stand still."""
    texture = cv2.blur(np.random.default_rng(8).integers(0, 255, (180, 320)).astype(np.uint8), (5, 5))
    before, now = (as_picture(np.where(scene(x, 90) == ROAD, texture, scene(x, 90))) for x in (120, 111))
    box = np.array([[135.0, 90.0, 95.0, 50.0]])
    shift = only(shifts(before, now, box, box))
    assert shift.x == pytest.approx(-9, abs=1.0)
    assert shift.growth == pytest.approx(1, abs=0.03)
