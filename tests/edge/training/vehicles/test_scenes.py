"""Drawn training pictures: the same each time, with corners where the plates are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge.plates.quads import height_px, widened, width_px
from edge.training.vehicles.decoys import decoy, phone_number
from edge.training.vehicles.film import film_views
from edge.training.vehicles.hanging import SIDE_PX
from edge.training.vehicles.scenes import LEAST_HEIGHT_PX, scene
from edge.training.vehicles.view import Eye, View, laid_on, projected, random_view, rectangle


def test_a_picture_depends_on_its_seed_and_number_alone() -> None:
    first, again, other = scene(3, 5, ()), scene(3, 5, ()), scene(3, 6, ())
    assert np.array_equal(first.picture, again.picture)
    assert not np.array_equal(first.picture, other.picture)
    assert first.picture.shape == (SIDE_PX, SIDE_PX)
    assert first.picture.dtype == np.uint8


def test_most_pictures_have_a_plate_and_many_have_none() -> None:
    counts = [len(scene(1, number, ()).plates) for number in range(150)]
    assert 0.15 < counts.count(0) / len(counts) < 0.5
    assert max(counts) >= 2


def test_plates_to_find_are_large_enough_and_in_the_picture() -> None:
    quads = [quad for number in range(100) for quad in scene(2, number, ()).plates]
    assert min(map(height_px, quads)) >= LEAST_HEIGHT_PX
    assert all(((quad.mean(axis=0) >= 0) & (quad.mean(axis=0) <= SIDE_PX)).all() for quad in quads)
    turned_right_way = [quad[1, 0] > quad[0, 0] and quad[3, 1] > quad[0, 1] for quad in quads]
    assert all(turned_right_way)


def test_corners_are_where_the_plate_is_laid() -> None:
    picture = np.zeros((200, 200), np.float32)
    corners = np.array([(40, 50), (140, 70), (138, 95), (38, 75)], np.float32)
    plate = np.full((111, 520), 200, np.uint8)
    laid_on(picture, plate, np.full(plate.shape, 255, np.uint8), corners, 1.0)
    ys, xs = np.nonzero(picture > 100)
    assert (xs.min(), xs.max()) == pytest.approx((38, 140), abs=2)
    assert (ys.min(), ys.max()) == pytest.approx((50, 95), abs=2)
    assert picture[72, 90] == pytest.approx(200, abs=2)
    assert picture[50, 100] == 0


def test_a_text_lies_within_its_plate() -> None:
    for number in range(40):
        drawn = scene(4, number, ())
        assert len(drawn.texts) == len(drawn.plates)
        for text, plate in zip(drawn.texts, drawn.plates, strict=True):
            assert 0.25 < cv2.contourArea(text) / cv2.contourArea(plate) < 1
            assert all(
                cv2.pointPolygonTest(widened(plate, 0.02), tuple(map(float, at)), False) > 0 for at in text
            )


@pytest.mark.parametrize("yaw", [-50.0, 0.0, 50.0])
def test_a_flank_begins_where_the_face_ends(yaw: float) -> None:
    eye = Eye(View(yaw, 5.0, 2.0, 15.0), (1.2, 3.0), (80.0, 80.0), 30.0)
    front, flank = eye.front(), eye.flank(2.5, 6.0, 0.0, 3.5)
    on_face = projected(np.array([(2.5 if yaw > 0 else 0.0, 0.0), (2.5 if yaw > 0 else 0.0, 3.5)]), front)
    on_flank = projected(np.array([(0.0 if yaw > 0 else 6.0, 0.0), (0.0 if yaw > 0 else 6.0, 3.5)]), flank)
    assert np.allclose(on_face, on_flank, atol=0.5)


def test_plates_seen_askew_are_narrower() -> None:
    corners = [
        projected(rectangle((0, 0), 0.52, 0.111), Eye(View(yaw, 0, 0, 15), (0, 0), (80, 80), 100).front())
        for yaw in (0.0, 50.0)
    ]
    straight, askew = (width_px(quad) / height_px(quad) for quad in corners)
    assert straight == pytest.approx(4.68, abs=0.05)
    assert askew == pytest.approx(straight * np.cos(np.radians(50)), rel=0.05)
    assert abs(random_view(np.random.default_rng(1)).yaw_deg) <= 55


def test_the_film_gives_vehicles_with_and_without_plates() -> None:
    views = film_views()
    assert len(views) > 100
    assert {len(view.plates) for view in views} >= {0, 1}
    for view in views:
        for quad in view.plates:
            assert (quad > 0).all()
            assert (quad < view.picture.shape[::-1]).all()


def test_decoys_are_boards_and_phone_numbers() -> None:
    rng = np.random.default_rng(2)
    for _ in range(50):
        board = decoy(rng)
        assert board.dtype == np.uint8
        assert min(board.shape) >= 16
    assert sum(character.isdigit() for character in phone_number(rng)) == 11
