"""Plates have the measures of BS AU 145e, in millimetres of the drawing itself."""

import numpy as np
import pytest
from numpy.typing import NDArray

from edge.training.glyphs import OUTLINES, UndrawableCharacterError, glyph_mask
from edge.training.off_standard import WEIGHTS, any_off_standard, of_trailers, off_standard, shaded, stretched
from edge.training.plates import (
    GREEN_RGB,
    REGULATION,
    Layout,
    PlateDrawingError,
    draw_plate,
    groups,
    ink_cover,
    placed_glyphs,
)

PX_PER_MM = 4


def inked(text: str, layout: Layout) -> NDArray[np.bool_]:
    return draw_plate(text, layout=layout, background="white", px_per_mm=PX_PER_MM)[:, :, 1] < 128


def runs_mm(line: NDArray[np.bool_]) -> list[float]:
    """Lengths of the alternating runs of a line, in mm, beginning and ending with paper."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], line, [False]]).astype(int)))
    return list(np.diff(np.concatenate([[0], edges, [len(line)]])) / PX_PER_MM)


@pytest.mark.parametrize(
    ("text", "cells_and_gaps_mm"),
    [
        ("HE23DHU", [50, 11, 50, 11, 50, 11, 50, 33, 50, 11, 50, 11, 50]),
        ("HE11DHU", [50, 11, 50, 11, 14, 11, 14, 33, 50, 11, 50, 11, 50]),
        ("HIZ8214", [50, 11, 14, 11, 50, 33, 50, 11, 50, 11, 14, 11, 50]),
        ("B1HHH", [50, 11, 14, 33, 50, 11, 50, 11, 50]),
        ("80HH", [50, 11, 50, 33, 50, 11, 50]),
    ],
)
def test_cells_gaps_and_group_gap_of_one_line(text: str, cells_and_gaps_mm: list[int]) -> None:
    runs = runs_mm(inked(text, "one_line").any(axis=0))
    assert runs[1:-1] == pytest.approx(cells_and_gaps_mm, abs=0.6)
    assert runs[0] == pytest.approx(runs[-1], abs=1.1), "the text is not in the middle"
    assert min(runs[0], runs[-1]) >= 11


def test_two_lines_are_19_mm_apart_and_hold_one_group_each() -> None:
    ink = inked("HE23DHU", "two_line")
    assert runs_mm(ink.any(axis=1)) == pytest.approx([13, 79, 19, 79, 13], abs=0.6)
    upper, lower = np.split(ink, [ink.shape[0] // 2])
    assert runs_mm(upper.any(axis=0))[1:-1] == pytest.approx([50, 11, 50, 11, 50, 11, 50], abs=0.6)
    assert runs_mm(lower.any(axis=0))[1:-1] == pytest.approx([50, 11, 50, 11, 50], abs=0.6)


def test_strokes_are_14_mm() -> None:
    ink = inked("HE11DHU", "one_line")
    one_quarter_down = ink[round((16 + 20) * PX_PER_MM)]
    assert runs_mm(one_quarter_down)[1:4] == pytest.approx([14, 22, 14], abs=0.3)
    first_one = runs_mm(ink.any(axis=0))[5]
    assert first_one == pytest.approx(14, abs=0.3)


@pytest.mark.parametrize("character", sorted(OUTLINES))
def test_each_character_fills_its_cell(character: str) -> None:
    ink = glyph_mask(character) > 128
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    near = 8
    assert rows[0] < near, "does not reach the top"
    assert rows[-1] >= ink.shape[0] - near, "does not reach the bottom"
    assert columns[0] < near, "does not reach the left"
    assert columns[-1] >= ink.shape[1] - near, "does not reach the right"


def test_only_o_and_0_and_i_and_1_share_a_glyph() -> None:
    shapes: dict[bytes, set[str]] = {}
    for character in OUTLINES:
        shapes.setdefault(glyph_mask(character).tobytes(), set()).add(character)
    assert sorted(sorted(same) for same in shapes.values() if len(same) > 1) == [["0", "O"], ["1", "I"]]


@pytest.mark.parametrize(("layout", "size_mm"), [("one_line", (111, 520)), ("two_line", (203, 285))])
@pytest.mark.parametrize("px_per_mm", [0.37, 1.0, 3.3])
def test_size_in_pixels(layout: Layout, size_mm: tuple[int, int], px_per_mm: float) -> None:
    drawn = draw_plate("AB12CDE", layout=layout, background="yellow", px_per_mm=px_per_mm)
    assert drawn.shape == (round(size_mm[0] * px_per_mm), round(size_mm[1] * px_per_mm), 3)
    assert drawn.dtype == np.uint8


def test_front_is_white_and_rear_is_yellow() -> None:
    front = draw_plate("AB12CDE", layout="one_line", background="white", px_per_mm=1)[2, 2].astype(int)
    rear = draw_plate("AB12CDE", layout="one_line", background="yellow", px_per_mm=1)[2, 2].astype(int)
    assert front.min() > 220
    assert rear[0] > 200
    assert rear[1] > 150
    assert rear[2] < 80


@pytest.mark.parametrize("layout", ["one_line", "two_line"])
def test_the_green_band_is_at_the_left_and_free_of_ink(layout: Layout) -> None:
    drawn = draw_plate("AB12CDE", layout=layout, background="white", green_band=True, px_per_mm=2)
    green = (np.abs(drawn.astype(int) - GREEN_RGB) <= 2).all(axis=(0, 2))
    width_mm = int(green.sum()) / 2
    assert green[: int(green.sum())].all()
    assert 30 <= width_mm <= 50
    left = min(g.x_mm for g in placed_glyphs("AB12CDE", layout, green_band=True))
    assert left >= width_mm


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("AB12CDE", ("AB12", "CDE")),
        ("A123BCD", ("A123", "BCD")),
        ("A1BCD", ("A1", "BCD")),
        ("ABC123D", ("ABC", "123D")),
        ("ABC1D", ("ABC", "1D")),
        ("AIZ1234", ("AIZ", "1234")),
        ("ABC12", ("ABC", "12")),
        ("1234AB", ("1234", "AB")),
        ("123D456", ("123", "D", "456")),
        ("Q12ABC", ("Q12", "ABC")),
        ("12345", ("12345",)),
    ],
)
def test_groups_follow_the_format(text: str, shown: tuple[str, ...]) -> None:
    assert groups(text) == shown


@pytest.mark.parametrize("text", ["", "AB12CDEFGH", "MMMMMMMMM"])
def test_a_text_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(PlateDrawingError, match="does not fit"):
        draw_plate(text, layout="one_line", background="white", px_per_mm=1)


@pytest.mark.parametrize("text", ["ab12cde", "AB12 CDE", "ÄB12CDE"])
def test_characters_that_plates_lack_are_refused(text: str) -> None:
    with pytest.raises(UndrawableCharacterError, match="0-9 and A-Z"):
        draw_plate(text, layout="one_line", background="white", px_per_mm=1)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_off_standard_letters_fit_wherever_standard_ones_do(weight: int) -> None:
    lettering = off_standard(weight)
    for character in OUTLINES:
        assert 8 <= lettering.width_mm(character) <= 50
        ink = lettering.ink(character, 2)
        assert ink.shape == (158, 2 * lettering.width_mm(character))
        assert not np.array_equal(ink, REGULATION.ink(character, 2))


def test_any_off_standard_lettering_fits_on_a_plate() -> None:
    rng = np.random.default_rng(3)
    letterings = [any_off_standard(rng) for _ in range(60)]
    assert len({lettering.ink("R", 2).tobytes() for lettering in letterings}) > 10
    assert all(placed_glyphs("WM23WMW", "one_line", lettering=lettering) for lettering in letterings)


def test_a_trailers_mark_is_64_mm_tall() -> None:
    lettering = of_trailers()
    ink = ink_cover(placed_glyphs("C1234567", "one_line", lettering=lettering), lettering, "one_line", 1)
    assert np.flatnonzero(ink.max(axis=1) > 128)[[0, -1]] == pytest.approx([23, 23 + 63], abs=1)


@pytest.mark.parametrize("cell_mm", [42, 52])
def test_stretched_letters_are_as_wide_as_asked_and_a_one_stays_a_stroke(cell_mm: int) -> None:
    lettering = stretched(cell_mm)
    assert lettering.width_mm("A") == lettering.ink("A", 1).shape[1] == cell_mm
    assert lettering.width_mm("1") == 14


def test_shading_leaves_the_ink_of_the_letters_recognisable() -> None:
    ink = ink_cover(placed_glyphs("AB12CDE", "one_line"), REGULATION, "one_line", 1)
    for seed in range(6):
        drawn = shaded(ink, np.random.default_rng(seed))
        assert not np.array_equal(drawn, ink)
        assert np.corrcoef(drawn.ravel(), ink.ravel())[0, 1] > 0.7
