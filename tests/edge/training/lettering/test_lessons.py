"""What the text detector is taught: halves of drawn pictures, and what it makes of the wholes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge.training.lettering.lessons import BATCH, Lessons, as_taken, mixed
from edge.training.vehicles.film import film_views
from edge.training.vehicles.hanging import SIDE_PX
from edge.training.vehicles.wholes import whole


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    return Lessons(5, frozenset())


def test_a_lesson_is_the_halved_picture_and_the_map_of_the_whole(lessons: Lessons) -> None:
    halves, maps = lessons(1)
    assert halves.shape == (BATCH, SIDE_PX, SIDE_PX, 1)
    assert maps.shape == (BATCH, SIDE_PX, SIDE_PX)
    assert 0 <= maps.min() < 0.1
    assert 0.5 < maps.max() <= 1, "some lettering is on four times four scenes"
    third = whole(5, BATCH + 2, film_views(), frozenset()).picture
    small = cv2.resize(third, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    assert np.array_equal(halves[2, ..., 0], small)


def test_a_picture_seen_before_comes_with_its_map_in_another_light(lessons: Lessons) -> None:
    fresh = lessons(2)
    pictures, maps = mixed([fresh], np.random.default_rng(3))
    for picture, lettering in zip(pictures, maps, strict=True):
        (place,) = [i for i in range(BATCH) if np.array_equal(fresh[1][i], lettering)]
        before, after = fresh[0][place].ravel(), picture.ravel()
        assert np.corrcoef(before, after)[0, 1] > 0.9
    assert not all(any(np.array_equal(picture, one) for one in fresh[0]) for picture in pictures)


def test_grey_is_taken_as_three_channels_around_nought() -> None:
    taken = as_taken(np.array([[[[0], [255]]]], np.uint8))
    assert taken.tolist() == [[[[-1, -1, -1], [1, 1, 1]]]]
