"""Tracks and their tracker on made-up vehicles: one stays one, two stay two, and nothing is kept for ever."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from edge.vehicles.detections import NONE, Detections
from edge.vehicles.flow import Shift
from edge.vehicles.path import direction
from edge.vehicles.track import PATH_POINTS
from edge.vehicles.tracker import (
    FLICKER_PATIENCE_S,
    HIDDEN_PATIENCE_S,
    PATIENCE_S,
    STANDING_PATIENCE_S,
    Tracker,
)

STEP_S = 0.1
SIZE_PX = (1280, 720)
ALL = (0, 0, *SIZE_PX)
CAR, TRUCK = 0, 3
Box = tuple[float, float, float, float]


def seen(*boxes: Box, score: float = 0.9, kind: int = TRUCK) -> Detections:
    scores = np.zeros((len(boxes), 4), np.float32)
    scores[:, kind] = score
    return Detections(np.array(boxes, np.float32), scores) if boxes else NONE


def look(
    tracker: Tracker, found: Detections, at_s: float, shift: Shift | None = None, where: tuple[int, ...] = ALL
) -> tuple[list[int], list[int]]:
    """One look without texture unless `shift` tells it: the tracks joined and those that have ended."""
    tracker.carry([shift] * len(tracker.tracks), at_s, 1.0)
    left, top, right, bottom = where
    joined = tracker.join(tracker.without_crowds(found), (left, top, right, bottom), at_s)
    return sorted(track.track_id for track, _ in joined), [track.track_id for track in tracker.leave()]


def ids_over(steps: int, view: Callable[[int], Detections], tracker: Tracker) -> list[list[int]]:
    return [look(tracker, view(i), i * STEP_S)[0] for i in range(steps)]


def driving(at_s: float) -> Box:
    """A lorry that comes nearer: 8 % larger each step, downwards in the picture."""
    size = 60 * 1.08 ** (at_s / STEP_S)
    return 300.0, 50 + 60 * at_s, 300 + size, 50 + 60 * at_s + size


def test_one_vehicle_is_one_track() -> None:
    ids = ids_over(20, lambda i: seen(driving(i * STEP_S)), Tracker(SIZE_PX))
    assert {track for step in ids for track in step} == {1}


def test_a_gap_of_a_second_does_not_end_a_track() -> None:
    tracker = Tracker(SIZE_PX)
    ids = ids_over(
        25, lambda i: NONE if 8 <= i < 18 else seen((100 + 10 * i, 50, 200 + 10 * i, 120)), tracker
    )
    assert {track for step in ids for track in step} == {1}


def test_a_second_without_pictures_does_not_end_a_track() -> None:
    tracker = Tracker(SIZE_PX)
    at_s = [i * STEP_S for i in range(8)] + [1.7 + i * STEP_S for i in range(5)]
    ids = [look(tracker, seen((100 + 90 * t, 50, 260 + 90 * t, 150)), t)[0] for t in at_s]
    assert {track for step in ids for track in step} == {1}


def test_two_vehicles_that_meet_stay_two() -> None:
    def view(i: int) -> Detections:
        return seen((20 * i, 100, 20 * i + 80, 160), (400 - 20 * i, 180, 480 - 20 * i, 240))

    assert all(step == [1, 2] for step in ids_over(20, view, Tracker(SIZE_PX)))


def test_a_vehicle_hidden_by_another_is_found_again_as_the_same() -> None:
    tracker = Tracker(SIZE_PX)

    def view(i: int) -> Detections:
        slow = (400 + 2.0 * i, 100, 520 + 2.0 * i, 200)
        hiding = (300, 80, 760, 320)
        hidden = 15 <= i < 75
        return seen(hiding) if hidden else seen(slow)

    ids = ids_over(100, view, tracker)
    assert ids[0] == ids[-1] == [1]
    assert 60 * STEP_S < HIDDEN_PATIENCE_S


def test_a_weak_detection_continues_a_track_but_begins_none() -> None:
    tracker = Tracker(SIZE_PX)
    weak = seen((10, 10, 60, 60), score=0.28)
    assert ids_over(3, lambda _: weak, tracker) == [[], [], []]
    look(tracker, seen((10, 10, 60, 60)), 1.0)
    assert look(tracker, weak, 1.1)[0] == [1]


@pytest.mark.parametrize(
    ("name", "steps", "speed_px", "patience_s"),
    [
        ("hardly seen", 2, 15, FLICKER_PATIENCE_S),
        ("driving", 12, 15, PATIENCE_S),
        ("standing", 40, 0, STANDING_PATIENCE_S),
    ],
)
def test_how_long_a_vehicle_is_waited_for(name: str, steps: int, speed_px: float, patience_s: float) -> None:
    tracker = Tracker(SIZE_PX)
    for i in range(steps):
        look(tracker, seen((speed_px * i, 300, speed_px * i + 60, 360)), i * STEP_S)
    at_s, ended = steps * STEP_S, [0][:0]
    last_s = at_s - STEP_S
    while not ended and at_s < 400:
        _, ended = look(tracker, NONE, at_s, Shift(0.0, 0.0, 1.0))
        at_s += 0.1
    assert patience_s <= at_s - last_s <= patience_s + 5 * STEP_S, name
    assert tracker.tracks == []


def test_what_was_not_looked_at_has_not_left() -> None:
    tracker = Tracker(SIZE_PX)
    for i in range(6):
        look(tracker, seen((900, 300, 1000, 400)), i * STEP_S)
    for i in range(100):
        _, ended = look(tracker, NONE, 0.6 + i * STEP_S, Shift(0.0, 0.0, 1.0), (0, 0, 700, 720))
        assert ended == []


def test_a_vehicle_that_drives_out_of_the_picture_has_gone() -> None:
    tracker = Tracker(SIZE_PX)
    for i in range(6):
        look(tracker, seen((1000 + 40 * i, 300, 1100 + 40 * i, 400)), i * STEP_S)
    ended = [look(tracker, NONE, 0.6 + i * STEP_S)[1] for i in range(3)]
    assert [1] in ended


def test_when_nothing_moves_only_what_stands_is_kept() -> None:
    tracker = Tracker(SIZE_PX)
    for i in range(20):
        look(tracker, seen((10, 10, 70, 70), (15 * i, 300, 15 * i + 60, 360)), i * STEP_S)
    assert [track.track_id for track in tracker.settle()] == [2]
    assert [track.track_id for track in tracker.tracks] == [1]


def test_texture_carries_a_track_between_detections() -> None:
    tracker = Tracker(SIZE_PX)
    look(tracker, seen((100, 100, 200, 200)), 0.0)
    for i in range(1, 5):
        tracker.carry([Shift(10.0, 0.0, 1.0)], i * STEP_S, 4.0)
    assert tracker.tracks[0].box == pytest.approx([310, 150, 100, 100])
    assert look(tracker, seen((265, 100, 365, 200)), 0.45)[0] == [1]


def test_a_cab_found_in_its_lorry_is_no_second_vehicle() -> None:
    tracker = Tracker(SIZE_PX)
    lorry, cab = (100, 100, 500, 350), (380, 120, 498, 345)
    assert look(tracker, seen(lorry), 0.0)[0] == [1]
    assert look(tracker, seen(cab), 0.1)[0] == [1]
    assert look(tracker, seen(cab, lorry), 0.2)[0] == [1]
    assert len(tracker.tracks) == 1


def test_a_lorry_whose_cab_was_found_first_is_the_same_vehicle() -> None:
    tracker = Tracker(SIZE_PX)
    assert look(tracker, seen((380, 120, 498, 345)), 0.0)[0] == [1]
    assert look(tracker, seen((100, 100, 500, 350)), 0.1)[0] == [1]
    assert tracker.tracks[0].box[2] == pytest.approx(400)


@pytest.mark.parametrize(("car", "is_its_cab"), [((380, 120, 498, 345), True), ((300, 180, 400, 270), False)])
def test_what_looked_like_a_car_is_the_cab_of_a_lorry_that_stands_where_it_does(
    car: Box, is_its_cab: bool
) -> None:
    """Within the lorry's box, but further up the road, is a car that the lorry hides."""
    tracker = Tracker(SIZE_PX)
    assert look(tracker, seen(car, kind=CAR), 0.0)[0] == [1]
    assert look(tracker, seen((100, 100, 500, 350)), 0.1)[0] == [1 if is_its_cab else 2]


def test_a_car_before_a_lorry_is_a_vehicle_of_its_own() -> None:
    tracker = Tracker(SIZE_PX)
    look(tracker, seen((100, 100, 500, 350)), 0.0)
    assert look(tracker, seen((300, 260, 400, 345), kind=CAR), 0.1)[0] == [2]


def test_a_box_around_known_vehicles_is_none() -> None:
    tracker = Tracker(SIZE_PX)
    cars = [(x, 100.0, x + 60.0, 150.0) for x in (50.0, 200.0, 350.0, 480.0)]
    look(tracker, seen(*cars, kind=CAR), 0.0)
    assert look(tracker, seen((0, 0, 600, 300), kind=CAR), 0.1)[0] == []


def test_parts_found_late_do_not_make_a_vehicle_forget_its_way() -> None:
    tracker = Tracker(SIZE_PX)
    leaving = [(300 + 10 * i, 100.0 + 5 * i, 700.0 - 10 * i, 500.0 - 15 * i) for i in range(8)]
    for i, box in enumerate(leaving):
        look(tracker, seen(box), i * STEP_S)
    left, top, right, bottom = leaving[-1]
    part = (left, top, left + 0.3 * (right - left), bottom)
    for i in range(8, 20):
        ids = look(tracker, seen(part), i * STEP_S, Shift(0, 0, 1))[0]
        assert ids == [1], "a part of it is no other vehicle"
    assert tracker.tracks[0].box[2] == pytest.approx(part[2] - part[0], rel=0.1), "it never became the part"
    assert direction([box for _, box in tracker.tracks[0].path], *SIZE_PX) == "away"
    assert tracker.tracks[0].path[0][0] == 0.0


def test_what_a_track_holds_is_bounded() -> None:
    tracker = Tracker(SIZE_PX)
    for i in range(10 * PATH_POINTS):
        look(tracker, seen((0, 0, 60, 60)), i * STEP_S)
    assert len(tracker.tracks) == 1
    assert len(tracker.tracks[0].path) == PATH_POINTS


def test_a_vehicle_has_moved_when_it_went_or_grew() -> None:
    for name, box, moved in (
        ("stayed", lambda i: (100.0, 100.0, 200.0, 200.0), False),
        ("went", lambda i: (100.0 + 8 * i, 100.0, 200.0 + 8 * i, 200.0), True),
        ("grew", lambda i: (100.0 - 4 * i, 100.0 - 4 * i, 200.0 + 4 * i, 200.0 + 4 * i), True),
    ):
        tracker = Tracker(SIZE_PX)
        ids_over(12, lambda i, box=box: seen(box(i)), tracker)
        assert tracker.tracks[0].has_moved is moved, name


def test_direction_from_growth_and_from_the_way_down_the_picture() -> None:
    growing = [(320, 200 + i, 40 * 1.1**i, 40) for i in range(8)]
    sinking = [(320, 100 + 20 * i, 50, 50) for i in range(8)]
    still = [(320, 200, 50, 50)] * 8
    cut_off = [(10, 200, 20, 50)] * 8
    for boxes, way in (
        (growing, "towards"),
        (growing[::-1], "away"),
        (sinking, "towards"),
        (sinking[::-1], "away"),
        (still, "unknown"),
        (cut_off, "unknown"),
    ):
        assert direction(boxes, 640, 360) == way
