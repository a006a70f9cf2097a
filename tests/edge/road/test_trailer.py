"""A trailer is told only where it is evident; all else is not known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from edge.road.lanes import lane_in_picture
from edge.road.trailer import trailer_behind
from tests.edge.road.roadside import Boxes

CAR_PX, TRAILER_PX = (300.0, 110.0), (200.0, 130.0)


def side_view(
    gap_px: Callable[[float], float] = lambda at_s: 12.0,
    speed_px_s: float = 180.0,
    lower_px: float = 0.0,
    growth: float = 0.0,
    seconds: float = 2.5,
    noise_px: float = 2.0,
    late: bool = False,
) -> tuple[Boxes, Boxes]:
    """A car that goes from left to right, and what comes behind it with `gap_px` at each time."""
    random = np.random.default_rng(3)
    car: Boxes = []
    behind: Boxes = []
    for at_s in np.arange(0.0, seconds, 0.25).tolist():
        scale = 1 + growth * at_s
        wide, high = np.array(CAR_PX) * scale
        long, tall = np.array(TRAILER_PX) * scale
        front = 500.0 + speed_px_s * at_s
        x = front - wide - gap_px(at_s) * scale - long / 2
        pair = np.array(
            [(front - wide / 2, 500 - high / 2, wide, high), (x, 500 + lower_px - tall / 2, long, tall)]
        )
        first, second = (pair + random.normal(0, noise_px, (2, 4))).tolist()
        car.append((at_s, tuple(first)))
        behind.append((at_s + (0.1 if late else 0.0), tuple(second)))
    return car, behind


CASES = [
    ("a car with a trailer", {}, True),
    ("the trailer goes first", {"speed_px_s": -180.0}, None),
    ("a drawbar that the boxes overlap", {"gap_px": lambda at_s: -15.0}, True),
    ("a car that follows at a length", {"gap_px": lambda at_s: 300.0}, None),
    ("a car that tailgates and drops back", {"gap_px": lambda at_s: 10.0 + 40 * at_s}, None),
    ("a car that closes in", {"gap_px": lambda at_s: 40.0 - 25 * at_s}, None),
    ("a car in the nearer lane", {"gap_px": lambda at_s: 0.0, "lower_px": 40.0}, None),
    ("a queue that stands", {"speed_px_s": 0.0}, None),
    ("both come nearer", {"growth": 0.3}, None),
    ("seen too shortly", {"seconds": 0.8}, None),
    ("never seen at the same time", {"late": True}, None),
]


@pytest.mark.parametrize(("name", "how", "expected"), CASES, ids=[case[0] for case in CASES])
def test_trailer(name: str, how: dict[str, object], expected: bool | None) -> None:
    car, behind = side_view(**how)  # type: ignore[arg-type] # the table's values are the parameters' types
    assert trailer_behind(car, behind) is expected, name


def test_what_is_pulled_does_not_pull() -> None:
    car, behind = side_view()
    assert trailer_behind(behind, car) is None
    mirrored = [[(at_s, (1280 - x, y, w, h)) for at_s, (x, y, w, h) in path] for path in (car, behind)]
    assert trailer_behind(mirrored[0], mirrored[1]) is True


def test_nothing_seen_is_not_known() -> None:
    assert trailer_behind([], []) is None


LEFT = ((0.0, 1.0), (0.4, 0.3), (0.5, 0.3), (0.5, 1.0))
RIGHT = ((0.5, 1.0), (0.5, 0.3), (0.6, 0.3), (1.0, 1.0))


@pytest.mark.parametrize(
    ("xs", "lane"),
    [
        ((300, 350, 400, 450), 1),
        ((900, 850, 800, 750), 2),
        ((500, 700, 500, 700), None),
        ((20, 30, 20, 30), None),
    ],
)
def test_lane_by_where_the_boxes_stand(xs: tuple[int, ...], lane: int | None) -> None:
    path = [(0.1 * index, (float(x), 400.0, 60.0, 80.0)) for index, x in enumerate(xs)]
    assert lane_in_picture(path, (LEFT, RIGHT), (1280, 720)) == lane


def test_no_lanes_drawn_is_no_lane() -> None:
    assert lane_in_picture([(0.0, (300.0, 400.0, 60.0, 80.0))], (), (1280, 720)) is None
