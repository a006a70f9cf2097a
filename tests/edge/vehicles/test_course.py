"""What a track tells when the vehicle has passed."""

from __future__ import annotations

import pytest

from edge.road.measure import NOTHING
from edge.vehicles.course import UNKNOWN, course_of
from edge.vehicles.view import EVERYTHING, View

SIZE_PX = (1280, 720)
LANES = (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)), ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))


def crossing(x: float, speed_px: float = 60.0) -> list[tuple[float, tuple[float, ...]]]:
    """A box that crosses the picture from left to right."""
    return [(i * 0.2, (x + speed_px * i, 400.0, 200.0, 100.0)) for i in range(9)]


def coming(x: float) -> list[tuple[float, tuple[float, ...]]]:
    return [(i * 0.2, (x, 300.0 + 15 * i, 60.0 * 1.1**i, 60.0 * 1.1**i)) for i in range(9)]


def test_without_calibration_size_and_speed_are_not_known() -> None:
    course = course_of(coming(300), [], EVERYTHING, SIZE_PX)
    assert (course.direction, course.lane, course.trailer) == ("towards", None, None)
    assert course.measured is NOTHING


@pytest.mark.parametrize(("x", "lane"), [(300, 1), (900, 2)])
def test_lane_as_drawn_into_the_picture(x: float, lane: int) -> None:
    assert course_of(coming(x), [], View(lane_areas=LANES), SIZE_PX).lane == lane


def test_what_follows_closely_is_a_trailer_and_what_does_not_is_none() -> None:
    close, far = crossing(100 - 205), crossing(100 - 320)
    assert course_of(crossing(100), [close], EVERYTHING, SIZE_PX).trailer is True
    assert course_of(crossing(100), [far], EVERYTHING, SIZE_PX).trailer is None


def test_a_still_tells_nothing_of_the_way() -> None:
    assert (UNKNOWN.direction, UNKNOWN.lane, UNKNOWN.trailer) == ("unknown", None, None)
