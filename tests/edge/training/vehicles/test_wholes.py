"""Four scenes side by side, scaled or not, with the corners of their plates' characters."""

from __future__ import annotations

import cv2
import numpy as np

from edge.frames import Picture
from edge.plates.quads import straightened, widened, width_px
from edge.training.vehicles.scenes import scene
from edge.training.vehicles.wholes import WHOLE_PX, whole

SEED = 4_716
LEAST_PX = 30
"""Texts narrower than this are a few grey pixels, one like another."""


def test_texts_to_find_are_in_the_picture_as_a_whole() -> None:
    for number in range(12):
        drawn = whole(SEED, number, (), frozenset())
        assert drawn.picture.shape == (WHOLE_PX, WHOLE_PX)
        for text in drawn.texts:
            assert text.min() >= 0
            assert text.max() <= WHOLE_PX


def test_it_depends_on_its_number_alone() -> None:
    one, again, other = (whole(SEED, number, (), frozenset()) for number in (7, 7, 8))
    assert np.array_equal(one.picture, again.picture)
    assert not np.array_equal(one.picture, other.picture)


def test_scaled_or_not_the_corners_show_the_same_text() -> None:
    compared = 0
    for number in range(24):
        drawn = whole(SEED, number, (), frozenset())
        four = [scene(SEED, 4 * number + i, ()) for i in range(4)]
        shown = [straightened(one.picture, widened(text, 0.1)) for one in four for text in one.texts]
        for text in drawn.texts:
            if width_px(text) < LEAST_PX:
                continue
            seen = straightened(drawn.picture, widened(text, 0.1))
            likest = max(_alike(seen, other) for other in shown)
            assert likest > 0.8, f"text {text.tolist()} of picture {number} shows none of the drawn ones"
            compared += 1
    assert compared > 15


def _alike(one: Picture, other: Picture) -> float:
    size = (40, 12)
    a, b = (cv2.resize(np.asarray(p), size).astype(np.float32).ravel() for p in (one, other))
    return float(np.corrcoef(a, b)[0, 1])
