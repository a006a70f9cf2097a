"""Parts of a picture are brought to a network's size; what it names there is found in the picture again."""

from __future__ import annotations

import numpy as np
import pytest

from edge.plates.cuts import box_around, cut_out, in_picture, resized

SIZE = (128, 64)


def ramp(width: int, height: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A picture as bright as it is far to the right."""
    across = np.linspace(0, 255, width).astype(np.uint8)
    return np.repeat(np.tile(across, (height, 1))[..., None], 3, axis=2)


def test_a_box_takes_in_all_points_and_its_margin() -> None:
    points = np.array([(10.4, 5.2), (20.1, 9.9)], np.float32)
    assert box_around(points, 0, 0) == (10, 5, 21, 10)
    assert box_around(points, 3, 1) == (7, 4, 24, 11)


@pytest.mark.parametrize("wide", [40, 128, 200, 1900])
def test_a_resized_picture_shows_the_same(wide: int) -> None:
    small = resized(ramp(wide, wide // 2), SIZE)
    assert small.shape == (64, 128, 3)
    assert np.allclose(small[..., 0].mean(axis=0), np.linspace(0, 255, 128), atol=5)


def test_a_much_larger_picture_is_smoothed() -> None:
    fine = np.tile(np.array([[0, 255], [255, 0]], np.uint8), (400, 800))
    assert resized(fine, SIZE).std() < 0.3 * fine.std(), (
        "a pattern finer than the pixels must not come out as stripes"
    )


def test_beyond_the_edge_the_picture_is_continued() -> None:
    picture = np.full((40, 60, 3), 90, np.uint8)
    picture[:, -1] = 200
    cut = cut_out(picture, (30, -10, 90, 30), SIZE)
    assert cut.shape == (64, 128, 3)
    assert set(np.unique(cut[:, 70:])) == {200}
    assert set(np.unique(cut[:, :50])) == {90}


def test_what_is_named_in_a_window_is_found_in_the_picture() -> None:
    picture = np.zeros((300, 400, 3), np.uint8)
    picture[120:160, 200:280] = 255
    window = (150, 100, 310, 180)
    seen = cut_out(picture, window, SIZE)[..., 0] > 128
    ys, xs = np.nonzero(seen)
    parts = np.array([(xs.min(), ys.min()), (xs.max() + 1, ys.max() + 1)], np.float32) / SIZE
    assert in_picture(parts, window) == pytest.approx(np.array([(200, 120), (280, 160)]), abs=2)
