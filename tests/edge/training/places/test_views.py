"""What the closer look is taught on: places of drawn vehicles where the broad look sees lettering."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge.plates.lettering import Region
from edge.plates.places import INPUT_PX, window_around
from edge.plates.quads import height_px
from edge.training.places.train import BATCH, Places
from edge.training.places.views import MOST_OF_NONE, seen_otherwise, views_of
from edge.training.steps import Batch
from edge.training.vehicles.wholes import WHOLE_PX, Whole

TEXT = np.array([(100, 140), (180, 144), (180, 160), (100, 156)], np.float32)


@pytest.fixture(scope="module")
def batch() -> Batch:
    return Places(4_715, frozenset())(2)


def test_a_batch_holds_windows_of_plates_and_of_none(batch: Batch) -> None:
    pictures, wanted = batch
    assert pictures.shape == (BATCH, INPUT_PX[1], INPUT_PX[0], 1)
    assert wanted.shape == (BATCH, 17)
    of_plates = wanted[wanted[:, 16] == 1]
    assert 0.15 < len(of_plates) / BATCH < 0.8
    assert (of_plates[:, 8:16] > 0).all()
    assert not wanted[wanted[:, 16] == 0].any()


def test_a_batch_depends_on_its_number_alone(batch: Batch) -> None:
    again, other = Places(4_715, frozenset())(2), Places(4_715, frozenset())(3)
    assert np.array_equal(batch[0], again[0])
    assert not np.array_equal(batch[0], other[0])


def drawn(text_px: int = 255) -> Whole:
    picture = np.full((WHOLE_PX, WHOLE_PX), 60, np.uint8)
    cv2.fillConvexPoly(picture, TEXT.astype(np.int32), (text_px,))
    return Whole(picture, (TEXT,), ())


def seen(*boxes: tuple[int, int, int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    lettering = np.zeros((WHOLE_PX // 2, WHOLE_PX // 2), np.float32)
    for number, (x1, y1, x2, y2) in enumerate(boxes):
        lettering[y1:y2, x1:x2] = 0.9 - 0.01 * number
    return lettering


def test_the_corners_wanted_are_those_of_the_text_in_the_window() -> None:
    (view,) = views_of(drawn(), seen((52, 73, 88, 77)), np.random.default_rng(1))
    wanted = view.wanted[:8].reshape(4, 2) * INPUT_PX
    bright = np.zeros(view.picture.shape, np.uint8)
    cv2.fillConvexPoly(bright, wanted.round().astype(np.int32), (1,))
    assert view.wanted[16] == 1
    assert view.picture[bright > 0].mean() > 200
    assert view.picture[bright == 0].mean() < 100
    window = window_around(Region(90, 130, 190, 170, 0.9))
    assert view.wanted[8] == pytest.approx((window[2] - window[0]) / height_px(TEXT), rel=0.4)


def test_places_off_the_text_are_of_no_plate_and_only_some_are_kept() -> None:
    off = [(10 + 30 * i, 120, 30 + 30 * i, 126) for i in range(4)]
    views = list(views_of(drawn(), seen(*off), np.random.default_rng(1)))
    assert len(views) == MOST_OF_NONE
    assert not any(view.wanted.any() for view in views)


def test_a_place_beside_the_text_that_shows_it_is_not_asked_about() -> None:
    assert list(views_of(drawn(), seen((60, 82, 80, 88)), np.random.default_rng(1))) == []


def test_a_window_seen_otherwise_comes_with_its_corners() -> None:
    (view,) = views_of(drawn(), seen((52, 73, 88, 77)), np.random.default_rng(1))
    held = [(np.stack([view.picture[..., None]] * 8), np.stack([view.wanted] * 8))]
    pictures, wanted = seen_otherwise(held, np.random.default_rng(2))
    assert len({picture.tobytes() for picture in pictures}) > 4
    for picture, row in zip(pictures[..., 0], wanted, strict=True):
        inside = np.zeros(picture.shape, np.uint8)
        cv2.fillConvexPoly(inside, (row[:8].reshape(4, 2) * INPUT_PX).round().astype(np.int32), (1,))
        assert picture[inside > 0].mean() > 2 * picture[inside == 0].mean()
