"""The detector on a frame of the project's own film: a part of the picture tells the same as all of it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from edge.frames import Frame
from edge.sources.file import FileSource
from edge.sources.opening import EPOCH
from edge.vehicles.detect import VehicleDetector
from edge.vehicles.detections import iou
from edge.vehicles.region import WHOLE, Cells
from edge.vehicles.shown import Shown, narrowed, shown_whole
from edge.weights import Weights
from tests.edge.vehicles.cells import COLUMNS, cells

FILM = Path(__file__).parents[3] / "deploy/demo/film/clips/entry.mp4"
LORRY_AT = 65
"""The film's frame in which a lorry stands in the middle, seen whole."""


@pytest.fixture(scope="module")
def frame() -> Frame:
    return next(islice(FileSource(FILM, EPOCH), LORRY_AT, None))


@pytest.fixture(scope="module")
def detector() -> VehicleDetector:
    return VehicleDetector(Weights(), threads=1)


@pytest.fixture(scope="module")
def whole(frame: Frame) -> Shown:
    return shown_whole(WHOLE, (frame.width_px, frame.height_px))


@pytest.fixture(scope="module")
def lorry_px(frame: Frame, detector: VehicleDetector, whole: Shown) -> np.ndarray:
    """The lorry's box in the whole frame, 1 x 4."""
    found = detector.detect(frame, [whole])
    assert len(found), "the film has another lorry here than it had"
    return found.boxes_px[:1]


def moving(box_px: np.ndarray, frame: Frame) -> Cells:
    """Cells that move where the box is."""
    x1, y1, x2, y2 = (box_px[0] * COLUMNS / frame.width_px).astype(int).tolist()
    return cells((x1, y1, x2 + 1, y2 + 1))


def test_a_vehicle_is_found_alike_in_the_part_that_moves(
    frame: Frame, detector: VehicleDetector, whole: Shown, lorry_px: np.ndarray
) -> None:
    part = narrowed(whole, moving(lorry_px, frame))
    assert part.size_px[0] * part.size_px[1] < 0.6 * whole.size_px[0] * whole.size_px[1]
    found = detector.detect(frame, [part])
    assert iou(lorry_px, found.boxes_px).max() >= 0.8


@pytest.mark.parametrize("axis", [0, 1])
def test_a_vehicle_that_the_part_cuts_is_left_out(
    frame: Frame, detector: VehicleDetector, whole: Shown, lorry_px: np.ndarray, axis: int
) -> None:
    """A cab without its body would be another vehicle."""
    size_px = np.array([frame.width_px, frame.height_px])
    middle = float((lorry_px[0, axis] + lorry_px[0, axis + 2]) / 2 / size_px[axis])
    for begin, end in ((0.0, middle), (middle, 1.0)):
        region = (begin, 0.0, end, 1.0) if axis == 0 else (0.0, begin, 1.0, end)
        across, down = ((region[i + 2] - region[i]) * whole.size_px[i] for i in (0, 1))
        part = Shown(region, (2 * round(across / 2), 2 * round(down / 2)))
        cut_at = middle * size_px[axis]
        boxes = detector.detect(frame, [part]).boxes_px
        ends_at_cut = np.abs(boxes[:, [axis, axis + 2]] - cut_at) < 8
        assert not ends_at_cut.any()
        assert len(detector.detect(frame, [part], of=region).boxes_px) >= len(boxes)
