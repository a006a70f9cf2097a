"""One labelled training picture from a seed and a number: the whole way from text to JPEG."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.degrade import degraded, in_grey
from edge.training.finish import finished, rounded_mask
from edge.training.glyphs import HEIGHT_MM
from edge.training.negatives import no_plate
from edge.training.off_standard import WEIGHTS, off_standard
from edge.training.plates import (
    REGULATION,
    SIZE_MM,
    Background,
    Layout,
    Lettering,
    PlacedGlyph,
    band_width_mm,
    ink_cover,
    placed_glyphs,
)
from edge.training.scene import Box, crop_of, random_view
from edge.training.texts import random_text

Rng = np.random.Generator

_SHARE_NEGATIVE = 0.07
_SHARE_TOO_SMALL = 0.03
_SHARE_CUT = 0.02
_SHARE_TWO_LINES = 0.2
_SHARE_OFF_STANDARD = 0.15
_WIDTH_PX: dict[Layout, tuple[float, float]] = {"one_line": (46, 240), "two_line": (30, 150)}
_MARGIN_ROUND_TEXT_MM = 6


@dataclass(frozen=True)
class Sample:
    """A JPEG crop and what a reader should say: `text`, empty where nothing can or may be read.

    `width_px` is the plate's width in the crop.
    """

    jpeg: bytes
    text: str
    width_px: float
    layout: Layout


def sample(seed: int, number: int, excluded: frozenset[str] = frozenset(), hardness: float = 1.0) -> Sample:
    """Picture `number` of the endless series `seed`: the same bytes each time, whatever was drawn before.

    `hardness` from 0 to 1 scales turns, loose boxes, blur, noise and compression; readers start on easy ones.
    """
    rng = np.random.default_rng((seed, number))
    layout: Layout = "two_line" if rng.random() < _SHARE_TWO_LINES else "one_line"
    low, high = _WIDTH_PX[layout]
    width_px = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    kind = rng.random()
    if kind < _SHARE_NEGATIVE:
        return _negative(rng, layout, width_px, hardness)
    if kind < _SHARE_NEGATIVE + _SHARE_TOO_SMALL:
        small = float(rng.uniform(8, 22))
        return replace(_plate_sample(rng, layout, small, excluded, hardness), text="")
    if kind < _SHARE_NEGATIVE + _SHARE_TOO_SMALL + _SHARE_CUT:
        return replace(_plate_sample(rng, layout, width_px, excluded, hardness, cut=True), text="")
    return _plate_sample(rng, layout, width_px, excluded, hardness)


def _negative(rng: Rng, layout: Layout, width_px: float, hardness: float) -> Sample:
    ratio = SIZE_MM[layout][1] / SIZE_MM[layout][0] * rng.uniform(0.7, 1.4)
    height, width = max(12, round(2 * width_px * ratio)), max(24, round(2 * width_px))
    jpeg = degraded(no_plate(height, width, rng), 0.7 * height / 2, rng, hardness)
    return Sample(jpeg, "", width_px, layout)


def _plate_sample(
    rng: Rng, layout: Layout, width_px: float, excluded: frozenset[str], hardness: float, cut: bool = False
) -> Sample:
    text = random_text(rng, excluded)
    lettering = _lettering(rng)
    banded = rng.random() < 0.25
    placed = placed_glyphs(text, layout, banded, lettering)
    band_mm = band_width_mm(text, layout, lettering) if banded else 0
    background: Background = "yellow" if rng.random() < 0.45 else "white"
    cover = ink_cover(placed, lettering, layout, px_per_mm=1)
    grey = finished(in_grey(cover, background, rng), rng, band_mm)
    box = _localised_box(placed, layout, rng)
    if cut:
        box = _cut(box, placed, rng)
    mask = rounded_mask(grey.shape[0], grey.shape[1], int(rng.integers(2, 12)))
    crop = crop_of(grey, mask, box, random_view(rng, width_px, hardness), rng)
    text_height_px = HEIGHT_MM * width_px / SIZE_MM[layout][0]
    jpeg = degraded(crop, text_height_px, rng, hardness)
    return Sample(jpeg, text, width_px, layout)


def _lettering(rng: Rng) -> Lettering:
    if rng.random() >= _SHARE_OFF_STANDARD:
        return REGULATION
    return off_standard(int(rng.choice(WEIGHTS)))


def _localised_box(placed: list[PlacedGlyph], layout: Layout, rng: Rng) -> Box:
    """What a localiser would frame, in mm of the plate: its text, or the whole plate."""
    width, height = SIZE_MM[layout]
    if rng.random() < 0.4:
        return (0.0, 0.0, float(width), float(height))
    around = _MARGIN_ROUND_TEXT_MM
    return (
        float(min(g.x_mm for g in placed) - around),
        float(min(g.y_mm for g in placed) - around),
        float(max(g.x_mm + g.width_mm for g in placed) + around),
        float(max(g.y_mm for g in placed) + HEIGHT_MM + around),
    )


def _cut(box: Box, placed: list[PlacedGlyph], rng: Rng) -> Box:
    """The box ended in the middle of one of its middle characters."""
    third = len(placed) // 3
    glyph = placed[int(rng.integers(third, max(2 * third, third + 1)))]
    middle = glyph.x_mm + glyph.width_mm / 2
    x0, y0, x1, y1 = box
    return (middle, y0, x1, y1) if rng.random() < 0.5 else (x0, y0, middle, y1)


def decoded(picture: Sample) -> NDArray[np.uint8]:
    """The crop as grey pixels, as a camera's crop would come."""
    return np.asarray(cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)
