"""What the network of corners is taught: views that match their answers, the same for the same number."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge.plates.corners import INPUT_PX
from edge.training.corners.train import BATCH, Plates
from edge.training.corners.views import drawn_plate, view_of
from edge.training.samples import decoded, sample


@pytest.mark.parametrize("number", range(12))
def test_the_corners_enclose_the_text(number: int) -> None:
    rng = np.random.default_rng((5, number))
    one = drawn_plate(rng, frozenset())
    view = view_of(one, rng)
    corners = (view.wanted.reshape(4, 2) * np.array(INPUT_PX)).astype(np.float32)
    assert view.picture.shape == INPUT_PX[::-1]
    assert cv2.isContourConvex(corners)
    assert corners.min() >= -4, "the text is never cut through"
    assert (corners <= np.array(INPUT_PX) + 4).all()
    inside = np.zeros(INPUT_PX[::-1], np.uint8)
    cv2.fillConvexPoly(inside, corners.round().astype(np.int32), 1)
    edges = np.abs(cv2.Sobel(cv2.GaussianBlur(view.picture, (3, 3), 0), cv2.CV_32F, 1, 0))
    assert edges[inside > 0].mean() > edges[inside == 0].mean(), "strokes are within the corners"


def test_a_view_depends_on_its_number_alone() -> None:
    series = Plates(3, frozenset())
    pictures, wanted = series(2)
    alone = series.view(2 * BATCH + 5)
    assert pictures.shape == (BATCH, INPUT_PX[1], INPUT_PX[0], 1)
    assert np.array_equal(pictures[5, ..., 0], alone.picture)
    assert np.array_equal(wanted[5], np.concatenate([alone.wanted, alone.heights]))


def test_a_unit_of_an_answer_is_so_many_heights_of_a_character() -> None:
    rng = np.random.default_rng(8)
    one = drawn_plate(rng, frozenset())
    assert one.legible is not None
    height, width = decoded(one).shape
    heights = view_of(one, rng).heights
    assert heights[0] * one.legible.height_px == pytest.approx(width)
    assert heights[1] * one.legible.height_px == pytest.approx(height)


def test_a_picture_without_a_plate_has_no_corners() -> None:
    nothing = next(one for one in (sample(2, n) for n in range(200)) if not one.text)
    with pytest.raises(ValueError, match="whole plate"):
        view_of(nothing, np.random.default_rng(1))
