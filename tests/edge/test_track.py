"""The tracker on made-up vehicles: one vehicle stays one, two stay two, and nothing is kept for ever."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from edge.detections import NONE, Detections
from edge.path import direction
from edge.track import PATH_POINTS, PATIENCE_S, STANDING_PATIENCE_S, Tracker

STEP_S = 0.1
Box = tuple[float, float, float, float]


def seen(*boxes: Box, score: float = 0.9) -> Detections:
    scores = np.zeros((len(boxes), 4), np.float32)
    scores[:, 3] = score
    return Detections(np.array(boxes, np.float32), scores) if boxes else NONE


def driving(at_s: float) -> Box:
    """A lorry that comes nearer: 8 % larger each step, downwards in the picture."""
    size = 60 * 1.08 ** (at_s / STEP_S)
    return 300.0, 50 + 60 * at_s, 300 + size, 50 + 60 * at_s + size


def ids_over(steps: int, view: Callable[[int], Detections], tracker: Tracker) -> list[list[int]]:
    return [
        sorted(track.track_id for track, _ in tracker.follow(view(i), i * STEP_S)[0]) for i in range(steps)
    ]


def test_one_vehicle_is_one_track() -> None:
    ids = ids_over(20, lambda i: seen(driving(i * STEP_S)), Tracker())
    assert {track for step in ids for track in step} == {1}


def test_a_gap_of_a_second_does_not_end_a_track() -> None:
    tracker = Tracker()
    ids = ids_over(
        25, lambda i: NONE if 8 <= i < 18 else seen((100 + 10 * i, 50, 200 + 10 * i, 120)), tracker
    )
    assert {track for step in ids for track in step} == {1}


def test_two_vehicles_that_meet_stay_two() -> None:
    def view(i: int) -> Detections:
        return seen((20 * i, 100, 20 * i + 80, 160), (400 - 20 * i, 180, 480 - 20 * i, 240))

    assert all(step == [1, 2] for step in ids_over(20, view, Tracker()))


def test_a_weak_detection_continues_a_track_but_begins_none() -> None:
    tracker = Tracker()
    assert ids_over(3, lambda i: seen((0, 0, 50, 50), score=0.35), tracker) == [[], [], []]
    tracker.follow(seen((0, 0, 50, 50)), 1.0)
    matched, _ = tracker.follow(seen((1, 0, 51, 50), score=0.35), 1.1)
    assert [track.track_id for track, _ in matched] == [1]


def test_a_vehicle_that_left_ends_and_one_that_stands_is_waited_for() -> None:
    for moving, patience_s in ((True, PATIENCE_S), (False, STANDING_PATIENCE_S)):
        tracker = Tracker()
        for i in range(12):
            x = 15 * i if moving else 0
            tracker.follow(seen((x, 0, x + 60, 60)), i * STEP_S)
        unseen_s, ended = 0.0, []
        while not ended and unseen_s < 60:
            unseen_s += STEP_S
            _, ended = tracker.follow(NONE, 1.1 + unseen_s)
        assert patience_s <= unseen_s <= patience_s + 3 * STEP_S, f"moving: {moving}"
        assert tracker.tracks == []


def test_time_behind_a_closed_gate_ends_nothing() -> None:
    tracker = Tracker()
    for i in range(6):
        tracker.follow(seen((0, 0, 60, 60)), i * STEP_S)
    matched, ended = tracker.follow(seen((1, 0, 61, 60)), 120.0)
    assert ended == []
    assert [track.track_id for track, _ in matched] == [1]


def test_what_a_track_holds_is_bounded() -> None:
    tracker = Tracker()
    for i in range(10 * PATH_POINTS):
        tracker.follow(seen((0, 0, 60, 60)), i * STEP_S)
    assert len(tracker.tracks) == 1
    assert len(tracker.tracks[0].path) == PATH_POINTS


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
