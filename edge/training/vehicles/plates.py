"""Plates as they hang on vehicles, straight on and in grey: all layouts and letterings, foreign ones too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import cv2
import numpy as np

from edge.training.degrade import in_grey
from edge.training.finish import finished, rounded_mask
from edge.training.off_standard import WEIGHTS, any_off_standard, off_standard
from edge.training.plates import (
    REGULATION,
    SIZE_MM,
    Background,
    Layout,
    Lettering,
    PlacedGlyph,
    PlateDrawingError,
    band_width_mm,
    ink_cover,
    placed_glyphs,
)
from edge.training.texts import random_text
from edge.training.vehicles.canvas import Grey, Rng
from edge.training.vehicles.foreign import foreign_groups, mark_gaps, spread

SHARE_TWO_LINES = 0.3
_SHARE_OFF_STANDARD, _SHARE_OFF_STANDARD_ABROAD = 0.3, 0.6
_SHARE_FOREIGN = 0.25


@dataclass(frozen=True)
class DrawnPlate:
    """A plate at 1 px a millimetre; `mask` is 255 on the plate, 0 beyond its rounded corners.

    `text` is the box around its characters in parts of its sides: left, top, right, bottom.
    """

    picture: Grey
    mask: Grey
    layout: Layout
    text: tuple[float, float, float, float]

    @property
    def width_m(self) -> float:
        return int(self.picture.shape[1]) / 1000

    @property
    def height_m(self) -> float:
        return int(self.picture.shape[0]) / 1000


def drawn_plate(rng: Rng, excluded: frozenset[str], layout: Layout) -> DrawnPlate:
    """A plate with a registration that is none of `excluded`."""
    foreign = rng.random() < _SHARE_FOREIGN
    lettering = _lettering(rng, foreign)
    banded = rng.random() < 0.3
    groups, placed = _that_fits(_texts(rng, excluded, foreign), layout, banded, lettering)
    band_mm = band_width_mm("".join(groups), layout, lettering) if banded else 0
    apart = foreign and layout == "one_line"
    if apart:
        placed = spread(placed, groups, band_mm, rng)
    background: Background = "yellow" if rng.random() < 0.45 else "white"
    grey = in_grey(ink_cover(placed, lettering, layout, px_per_mm=1), background, rng)
    if apart:
        mark_gaps(grey, placed, lettering.height_mm, rng)
    grey = _trimmed(finished(grey, rng, band_mm), layout, rng)
    mask = rounded_mask(grey.shape[0], grey.shape[1], int(rng.integers(2, 12)))
    return DrawnPlate(grey, mask, layout, _around(placed, lettering, layout))


def _texts(rng: Rng, excluded: frozenset[str], foreign: bool) -> Iterator[Sequence[str]]:
    """One text after the other, each in its groups."""
    while True:
        yield foreign_groups(rng) if foreign else (random_text(rng, excluded),)


def _that_fits(
    texts: Iterator[Sequence[str]], layout: Layout, banded: bool, lettering: Lettering
) -> tuple[Sequence[str], list[PlacedGlyph]]:
    """The first of the texts that has room on such a plate, and where its characters stand."""
    for groups in texts:
        with suppress(PlateDrawingError):
            return groups, placed_glyphs("".join(groups), layout, banded, lettering)
    raise PlateDrawingError(f"no text fits a plate of {layout}")


def _lettering(rng: Rng, foreign: bool) -> Lettering:
    if rng.random() >= (_SHARE_OFF_STANDARD_ABROAD if foreign else _SHARE_OFF_STANDARD):
        return REGULATION
    return any_off_standard(rng) if foreign else off_standard(int(rng.choice(WEIGHTS)))


def _around(
    placed: Sequence[PlacedGlyph], lettering: Lettering, layout: Layout
) -> tuple[float, float, float, float]:
    width, height = SIZE_MM[layout]
    left, right = min(one.x_mm for one in placed), max(one.x_mm + one.width_mm for one in placed)
    top, bottom = min(one.y_mm for one in placed), max(one.y_mm for one in placed) + lettering.height_mm
    return (left / width, top / height, right / width, bottom / height)


def _trimmed(grey: Grey, layout: Layout, rng: Rng) -> Grey:
    """Sometimes a plate of other proportions: shorter, taller, cut close round its text."""
    if rng.random() > 0.25:
        return grey
    width, height = SIZE_MM[layout]
    size = (round(width * rng.uniform(0.8, 1.1)), round(height * rng.uniform(0.9, 1.15)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
