"""Where the detector's boxes start from, for the pictures it is shown."""

from __future__ import annotations

import numpy as np
import pytest

from edge.vehicles.anchors import PUBLISHED_PX, Anchors
from edge.vehicles.shown import SQUARE_PX, WIDE_PX
from edge.weights import Weights


@pytest.fixture(scope="module")
def published() -> np.ndarray:
    return np.load(Weights().path("ssdlite_anchors_yxyx.npy"))


def test_the_published_square_has_the_published_anchors(published: np.ndarray) -> None:
    square = Anchors.of(published, (PUBLISHED_PX, PUBLISHED_PX))
    np.testing.assert_allclose(square.centres, (published[:, :2] + published[:, 2:]) / 2, atol=1e-6)
    np.testing.assert_allclose(square.sizes, published[:, 2:] - published[:, :2], atol=1e-6)


@pytest.mark.parametrize("size_px", [SQUARE_PX, WIDE_PX, (640, 192)])
def test_anchors_are_as_large_in_pixels_and_lie_all_over_the_picture(
    published: np.ndarray, size_px: tuple[int, int]
) -> None:
    width_px, height_px = size_px
    anchors = Anchors.of(published, size_px)
    sizes_px = np.unique(anchors.sizes * (height_px, width_px), axis=0)
    wanted_px = np.unique((published[:, 2:] - published[:, :2]) * PUBLISHED_PX, axis=0)
    apart_px = np.abs(sizes_px[:, None] - wanted_px[None]).max(axis=2)
    assert apart_px.min(axis=0).max() < 0.01
    assert apart_px.min(axis=1).max() < 0.01
    assert anchors.centres.min() > 0
    assert anchors.centres.max() < 1
    finest_px = np.diff(np.unique(anchors.centres[: 3 * -(-width_px // 16), 1])) * width_px
    assert finest_px == pytest.approx(width_px / -(-width_px // 16), abs=0.01)
