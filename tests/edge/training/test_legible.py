"""What a person can read is told from the drawing alone: the worse the picture, the lower the likeness."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge.training.legible import LEAST_LIKENESS, Legibility, legibility
from edge.training.plates import REGULATION, ink_cover, placed_glyphs

Grey = NDArray[np.uint8]
PX_PER_MM = 0.2


def drawn() -> tuple[Grey, Grey, NDArray[np.float32]]:
    """A clean picture of a plate, its ink, and its characters' cells."""
    placed = placed_glyphs("AB12CDE", "one_line")
    ink = ink_cover(placed, REGULATION, "one_line", PX_PER_MM)
    boxes = np.array([(g.x_mm, g.y_mm, g.x_mm + g.width_mm, g.y_mm + 79) for g in placed]) * PX_PER_MM
    cells = np.stack([boxes[:, [0, 1]], boxes[:, [2, 1]], boxes[:, [2, 3]], boxes[:, [0, 3]]], axis=1)
    return np.asarray(220 - ink * 0.8, np.uint8), ink, cells.astype(np.float32)


def blurred(picture: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 6), np.uint8)


def noisy(picture: Grey) -> Grey:
    noise = np.random.default_rng(1).normal(0, 140, picture.shape)
    return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)


def first_character_covered(picture: Grey) -> Grey:
    return np.asarray(cv2.rectangle(picture.copy(), (0, 0), (18, picture.shape[0]), (128,), -1), np.uint8)


def washed_out(picture: Grey) -> Grey:
    return np.full_like(picture, 250)


def half_in_shadow(picture: Grey) -> Grey:
    shaded = picture.copy()
    shaded[picture.shape[0] // 2 :] //= 3
    return shaded


def dim(picture: Grey) -> Grey:
    return np.asarray(picture // 6, np.uint8)


@pytest.mark.parametrize("spoiled", [blurred, noisy, first_character_covered, washed_out])
def test_what_nobody_can_read_is_not_legible(spoiled: Callable[[Grey], Grey]) -> None:
    clean, ink, cells = drawn()
    assert not legibility(spoiled(clean), ink, cells).enough


@pytest.mark.parametrize("changed", [np.copy, half_in_shadow, dim])
def test_light_alone_does_not_make_a_plate_illegible(changed: Callable[[Grey], Grey]) -> None:
    clean, ink, cells = drawn()
    assert legibility(changed(clean), ink, cells).enough


def test_more_blur_is_less_like() -> None:
    clean, ink, cells = drawn()
    steps = (0.3, 1, 2, 4, 8)
    blurs = [np.asarray(cv2.GaussianBlur(clean, (0, 0), sigma), np.uint8) for sigma in steps]
    likenesses = [legibility(picture, ink, cells).likeness for picture in blurs]
    assert likenesses == sorted(likenesses, reverse=True)


def test_a_character_outside_the_picture_is_unlike() -> None:
    clean, ink, cells = drawn()
    assert legibility(clean[:, :60], ink[:, :60], cells).likeness == -1


def test_sizes_are_the_cells() -> None:
    clean, ink, cells = drawn()
    measured = legibility(clean, ink, cells)
    assert measured.height_px == pytest.approx(79 * PX_PER_MM, abs=1e-4)
    assert measured.width_px == pytest.approx(50 * PX_PER_MM, abs=1e-4)


@pytest.mark.parametrize(
    ("height_px", "width_px", "likeness", "enough", "worth_learning"),
    [
        (7.0, 4.4, LEAST_LIKENESS, True, True),
        (6.9, 4.4, 0.9, False, True),
        (7.0, 4.3, 0.9, False, True),
        (7.0, 4.4, 0.69, False, True),
        (5.9, 6.0, 0.9, False, False),
        (9.0, 3.7, 0.9, False, False),
        (9.0, 6.0, 0.59, False, False),
    ],
)
def test_the_rule(
    height_px: float, width_px: float, likeness: float, enough: bool, worth_learning: bool
) -> None:
    one = Legibility(height_px, width_px, likeness)
    assert (one.enough, one.worth_learning) == (enough, worth_learning)
