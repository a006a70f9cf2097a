"""Plates of other countries keep their characters, in groups, on the plate."""

import re
from itertools import pairwise

import numpy as np
import pytest

from edge.training.plates import GAP_MM, MARGIN_MM, SIZE_MM, ink_cover, placed_glyphs
from edge.training.plates import REGULATION as LETTERING
from edge.training.vehicles.foreign import SHAPES, foreign_groups, mark_gaps, spread

BAND_MM = 40


@pytest.mark.parametrize("seed", range(40))
def test_groups_stand_apart_on_the_plate(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = ("AB", "123", "CD")
    placed = spread(placed_glyphs("AB123CD", "one_line", False, LETTERING), groups, 0, rng)
    gaps = [other.x_mm - one.x_mm - one.width_mm for one, other in pairwise(placed)]
    assert [one.character for one in placed] == list("AB123CD")
    assert gaps[1] == gaps[4] >= GAP_MM
    assert {gaps[number] for number in (0, 2, 3, 5)} == {GAP_MM}
    assert placed[0].x_mm >= MARGIN_MM
    assert placed[-1].x_mm + placed[-1].width_mm <= SIZE_MM["one_line"][0] - MARGIN_MM


@pytest.mark.parametrize("seed", range(40))
def test_groups_leave_the_band_free(seed: int) -> None:
    whole = placed_glyphs("AB123C", "one_line", True, LETTERING)
    placed = spread(whole, ("AB", "123C"), BAND_MM, np.random.default_rng(seed))
    assert placed[0].x_mm >= BAND_MM + MARGIN_MM


@pytest.mark.parametrize("seed", range(40))
def test_marks_touch_no_character(seed: int) -> None:
    rng = np.random.default_rng(seed)
    placed = spread(placed_glyphs("AB123CD", "one_line", False, LETTERING), ("AB", "123", "CD"), 0, rng)
    plate = 255 - ink_cover(placed, LETTERING, "one_line", px_per_mm=1)
    marked = plate.copy()
    mark_gaps(marked, placed, LETTERING.height_mm, rng)
    for one in placed:
        cell = np.s_[:, one.x_mm : one.x_mm + one.width_mm]
        assert np.array_equal(marked[cell], plate[cell]), one


def test_hyphens_and_seals_are_drawn() -> None:
    drawn = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        placed = spread(placed_glyphs("AB123", "one_line", False, LETTERING), ("AB", "123"), 0, rng)
        plate = 255 - ink_cover(placed, LETTERING, "one_line", px_per_mm=1)
        marked = plate.copy()
        mark_gaps(marked, placed, LETTERING.height_mm, rng)
        drawn += not np.array_equal(marked, plate)
    assert 20 <= drawn < 40


def test_groups_follow_a_countrys_shape() -> None:
    shapes = {"|".join(shape) for shape in SHAPES}
    rng = np.random.default_rng(7)
    for _ in range(200):
        written = "|".join(foreign_groups(rng))
        assert re.sub("[A-Z]", "A", re.sub("[0-9]", "0", written)) in shapes
