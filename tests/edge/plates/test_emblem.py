from __future__ import annotations

import cv2
import numpy as np
import pytest

from edge.frames import Picture, as_picture
from edge.plates.emblem import without_emblem

HEIGHT_PX = 32
BLUE, RED = (170, 60, 20), (40, 40, 190)
WHITE, YELLOW, SHADE = (235, 235, 235), (60, 200, 235), (130, 90, 80)
TEXT_FROM_PX = 26


def _plate(ground: tuple[int, int, int], *emblems: tuple[int, int, tuple[int, int, int]]) -> Picture:
    """A line of black characters from TEXT_FROM_PX on, with coloured parts: first and last column, colour."""
    line = np.full((HEIGHT_PX, 5 * HEIGHT_PX, 3), ground, np.uint8)
    cv2.putText(line, "RK115AN", (TEXT_FROM_PX, 26), cv2.FONT_HERSHEY_SIMPLEX, 0.85, (20, 20, 20), 2)
    for first, last, colour in emblems:
        line[4:-4, first:last] = colour
    return as_picture(cv2.GaussianBlur(line, (0, 0), 0.7))


@pytest.mark.parametrize("ground", [WHITE, YELLOW, SHADE], ids=["white", "yellow", "in blue shade"])
def test_a_line_without_an_emblem_stays_whole(ground: tuple[int, int, int]) -> None:
    line = _plate(ground)
    assert without_emblem(line).shape == line.shape


@pytest.mark.parametrize(
    ("ground", "emblem"),
    [(WHITE, (0, 20, BLUE)), (WHITE, (7, 17, RED)), (YELLOW, (0, 20, BLUE)), (SHADE, (7, 17, RED))],
    ids=["band", "shield", "band on yellow", "shield in the shade"],
)
def test_an_emblem_goes_and_every_character_stays(
    ground: tuple[int, int, int], emblem: tuple[int, int, tuple[int, int, int]]
) -> None:
    line = _plate(ground, emblem)
    cut = line.shape[1] - without_emblem(line).shape[1]
    assert emblem[1] - 2 <= cut <= TEXT_FROM_PX, f"cut {cut} columns off, the emblem ends at {emblem[1]}"


def test_a_sticker_between_the_characters_cuts_nothing_off() -> None:
    line = _plate(WHITE, (46, 54, RED))
    assert without_emblem(line).shape == line.shape


def test_a_line_that_is_coloured_further_than_any_emblem_stays_whole() -> None:
    line = _plate(WHITE, (0, 60, BLUE))
    assert without_emblem(line).shape == line.shape


def test_a_line_of_few_pixels_stays_whole() -> None:
    speck = np.full((4, 3, 3), 200, np.uint8)
    assert without_emblem(speck).shape == speck.shape
