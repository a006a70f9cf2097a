"""Detections as checked arrays, and the suppression of doubles."""

from __future__ import annotations

import numpy as np
import pytest

from edge.errors import PictureError
from edge.vehicles.detections import Detections, iou, suppress, without_crowds

CAR, BUS, TRUCK = 0, 2, 3


def found(*boxes: tuple[tuple[float, float, float, float], int, float]) -> Detections:
    scores = np.zeros((len(boxes), 4), np.float32)
    for row, (_, column, score) in enumerate(boxes):
        scores[row, column] = score
    return Detections(np.array([box for box, _, _ in boxes], np.float32).reshape(-1, 4), scores)


@pytest.mark.parametrize(
    ("boxes", "scores", "said"),
    [
        (np.zeros((2, 3)), np.zeros((2, 4)), "boxes have shape"),
        (np.ones((1, 4)), np.zeros((2, 4)), "scores have shape"),
        (np.array([[10, 0, 5, 9]]), np.zeros((1, 4)), "ends before it begins"),
    ],
)
def test_detections_refuse_arrays_that_do_not_fit(boxes: np.ndarray, scores: np.ndarray, said: str) -> None:
    with pytest.raises(PictureError, match=said):
        Detections(boxes.astype(np.float32), scores.astype(np.float32))


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), 1.0),
        ((0, 0, 10, 10), (5, 0, 15, 10), 1 / 3),
        ((0, 0, 10, 10), (10, 0, 20, 10), 0.0),
        ((0, 0, 10, 10), (2, 2, 4, 4), 0.04),
    ],
)
def test_iou(one: tuple[float, ...], other: tuple[float, ...], ratio: float) -> None:
    assert iou(np.array([one], np.float32), np.array([other], np.float32))[0, 0] == pytest.approx(ratio)


@pytest.mark.parametrize(
    ("name", "boxes", "left"),
    [
        ("nothing", (), 0),
        ("the same box as car and truck", (((0, 0, 100, 80), CAR, 0.5), ((2, 0, 101, 80), TRUCK, 0.8)), 1),
        ("a cab inside its lorry", (((0, 0, 300, 200), TRUCK, 0.9), ((200, 50, 300, 200), TRUCK, 0.6)), 1),
        ("a car before a lorry", (((0, 0, 300, 200), TRUCK, 0.9), ((200, 120, 290, 200), CAR, 0.6)), 2),
        ("two cars side by side", (((0, 0, 100, 80), CAR, 0.5), ((90, 0, 190, 80), CAR, 0.8)), 2),
    ],
)
def test_suppression_leaves_one_box_per_vehicle(
    name: str, boxes: tuple[tuple[tuple[float, float, float, float], int, float], ...], left: int
) -> None:
    assert len(suppress(found(*boxes), 0.5)) == left, name


def test_suppression_remembers_the_other_class() -> None:
    kept = suppress(found(((0, 0, 100, 80), BUS, 0.7), ((0, 0, 100, 82), TRUCK, 0.6)), 0.5)
    assert kept.class_scores[0].tolist() == pytest.approx([0, 0, 0.7, 0.6])


def test_a_box_around_a_crowd_is_no_vehicle() -> None:
    crowd = found(
        ((0, 0, 600, 300), CAR, 0.6),
        *(((x, 100, x + 60, 150), CAR, 0.5) for x in (50, 200, 350, 480)),
    )
    left = without_crowds(crowd)
    assert len(left) == 4
    assert left.boxes_px[:, 2].max() < 600


def test_a_sure_box_around_a_carriageway_does_not_swallow_its_vehicles() -> None:
    vehicles = [((x, 100, x + 60, 150), CAR, 0.5) for x in (50, 200, 350, 480)]
    left = without_crowds(suppress(found(((0, 0, 600, 300), CAR, 0.6), *vehicles), 0.5))
    assert sorted(left.boxes_px[:, 0].tolist()) == [50, 200, 350, 480]
