"""The corners of a plate's text: found on drawn plates, and what they enclose comes out straight."""

from __future__ import annotations

import cv2
import numpy as np
import onnxruntime
import pytest

from edge.plates.corners import INPUT_PX, PlateCorners, has_four_sides, straightened_text
from edge.plates.quads import height_px
from edge.training.samples import Sample, decoded, plate_sample
from edge.weights import SHIPPED, Weights

SERIES = 4_713
MIDDLING, NEARLY_ALL = 0.08, 0.25
"""How far corners may be off in the mean, in the text's heights: of half of them, of 95 in 100."""


@pytest.fixture(scope="module")
def finder() -> PlateCorners:
    return PlateCorners(Weights(), 1)


def leaning_plates(count: int) -> list[Sample]:
    drawn = (
        plate_sample(np.random.default_rng((SERIES, n)), "one_line", 100, frozenset(), 1.0, share_loose=1.0)
        for n in range(10 * count)
    )
    return [one for one in drawn if one.legible is not None and one.legible.enough][:count]


def test_corners_of_leaning_plates_are_found(finder: PlateCorners) -> None:
    off = []
    for one in leaning_plates(60):
        found = finder.find(decoded(one))
        assert found is not None, f"{one.text}: no corners"
        assert one.text_box is not None
        off.append(float(np.abs(found - one.text_box).mean()) / height_px(one.text_box))
    assert np.median(off) < MIDDLING, f"off by {np.median(off):.3f} heights on half of the plates"
    assert np.percentile(off, 95) < NEARLY_ALL, f"off by {np.percentile(off, 95):.3f} heights on 5 in 100"


@pytest.mark.parametrize(
    ("corners", "has"),
    [
        ([(10, 10), (90, 10), (90, 30), (10, 30)], True),
        ([(10, 10), (90, 30), (90, 10), (10, 30)], False),
        ([(10, 10), (10, 30), (90, 30), (90, 10)], False),
        ([(10, 10), (15, 10), (15, 12), (10, 12)], False),
    ],
    ids=["level", "crossed", "the wrong way round", "a speck"],
)
def test_only_what_has_four_sides_is_a_block_of_text(corners: list[tuple[int, int]], has: bool) -> None:
    assert has_four_sides(np.array(corners, np.float32), 100 * 40) is has


def test_a_leaning_block_comes_out_upright_with_its_margin() -> None:
    picture = np.full((120, 240), 30, np.uint8)
    corners = np.array([(40, 20), (200, 60), (200, 100), (40, 60)], np.float32)
    cv2.fillConvexPoly(picture, corners.astype(np.int32), 200)
    upright = straightened_text(picture, corners, 0.25)
    width, height = INPUT_PX
    assert upright.shape == (height, width)
    assert upright[height // 2, width // 2] == 200
    inside = upright > 115
    left, right = np.flatnonzero(inside[height // 2])[[0, -1]]
    top, bottom = np.flatnonzero(inside[:, width // 2])[[0, -1]]
    assert top / height == pytest.approx(0.25 / 1.5, abs=0.03)
    assert bottom / height == pytest.approx(1.25 / 1.5, abs=0.03)
    assert left == pytest.approx(width - 1 - right, abs=2)
    assert inside[top + 1 : bottom, left + 1 : right].mean() > 0.9


def test_the_network_takes_grey_pixels_as_they_are() -> None:
    session = onnxruntime.InferenceSession(SHIPPED / "plate_corners/model.onnx")
    (given,) = session.get_inputs()
    assert (given.type, given.shape[1:]) == ("tensor(uint8)", [INPUT_PX[1], INPUT_PX[0], 1])
