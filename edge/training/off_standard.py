"""Lettering that is not to the standard, as on older and show plates and on trailers."""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.glyphs import HEIGHT_MM, STROKE_MM, glyph_mask
from edge.training.plates import Lettering

WEIGHTS = (450, 550, 650, 750)
WIDEST_MM = 50
TRAILER_HEIGHT_MM = 64
CELL_WIDTHS_MM = (42, 44, 46, 48, 52)

_NARROWING = 0.85
_SIZE_PX = 240
_PEN_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX)
_PEN_THICKNESS_PX = (18, 26, 34)

Rng = np.random.Generator


def off_standard(weight: int) -> Lettering:
    """OpenCV's own sans in `weight` (one of WEIGHTS): as tall as the standard's, at most as wide."""
    return _fitted("sans", weight)


def any_off_standard(rng: Rng) -> Lettering:
    """Some lettering that is not to the standard: other cells' widths, a sans, its italic, a round pen's."""
    kind = rng.random()
    if kind < 0.4:
        return stretched(int(rng.choice(CELL_WIDTHS_MM)))
    if kind < 0.7:
        return off_standard(int(rng.choice(WEIGHTS)))
    if kind < 0.8:
        return _fitted("italic", int(rng.choice(WEIGHTS)))
    return _fitted(int(rng.choice(_PEN_FONTS)), int(rng.choice(_PEN_THICKNESS_PX)))


@lru_cache(maxsize=16)
def stretched(cell_mm: int, height_mm: int = HEIGHT_MM) -> Lettering:
    """The standard's shapes made narrower, wider or lower; a one stays as wide as a stroke."""

    def width_mm(character: str) -> int:
        return STROKE_MM if character in "1I" else cell_mm

    @lru_cache(maxsize=256)
    def ink(character: str, px_per_mm: int) -> NDArray[Any]:
        size = (width_mm(character) * px_per_mm, height_mm * px_per_mm)
        return cv2.resize(glyph_mask(character), size, interpolation=cv2.INTER_AREA)

    return Lettering(width_mm, ink, height_mm)


def of_trailers() -> Lettering:
    """The standard's shapes, 64 mm tall, as on the marks of trailers registered for abroad."""
    return stretched(40, TRAILER_HEIGHT_MM)


def shaded(ink: NDArray[np.uint8], rng: Rng) -> NDArray[np.uint8]:
    """Letters with a grey shade to one side or with a light line inside, as show plates have them."""
    if rng.random() < 0.5:
        by = int(rng.integers(2, 5))
        shade = np.zeros_like(ink)
        shade[by:, by:] = (ink[:-by, :-by] * rng.uniform(0.3, 0.7)).astype(np.uint8)
        return np.asarray(np.maximum(ink, shade), np.uint8)
    inner = cv2.erode(ink, np.ones((7, 7), np.uint8))
    return np.asarray(
        cv2.subtract(ink, cv2.convertScaleAbs(inner, alpha=float(rng.uniform(0.3, 0.9)))), np.uint8
    )


def _fitted(font: str | int, weight: int) -> Lettering:
    return Lettering(
        lambda character: _width_mm(character, font, weight),
        lambda character, px_per_mm: _ink(character, font, weight, px_per_mm),
    )


@lru_cache(maxsize=1024)
def _ink(character: str, font: str | int, weight: int, px_per_mm: int) -> NDArray[Any]:
    size = (_width_mm(character, font, weight) * px_per_mm, HEIGHT_MM * px_per_mm)
    return cv2.resize(_shape(character, font, weight), size, interpolation=cv2.INTER_AREA)


@lru_cache(maxsize=1024)
def _width_mm(character: str, font: str | int, weight: int) -> int:
    height, width = _shape(character, font, weight).shape
    return max(8, min(WIDEST_MM, int(_NARROWING * width * HEIGHT_MM / height + 0.5)))


@lru_cache(maxsize=1024)
def _shape(character: str, font: str | int, weight: int) -> NDArray[np.uint8]:
    """The character without any space round it; 0 has no slash on plates and is drawn as O."""
    canvas = np.zeros((2 * _SIZE_PX, 2 * _SIZE_PX), np.uint8)
    drawn = "O" if character == "0" else character
    at = (_SIZE_PX // 2, _SIZE_PX * 3 // 2)
    if isinstance(font, str):
        cv2.putText(canvas, drawn, at, (255,), cv2.FontFace(font), _SIZE_PX, weight)
    else:
        cv2.putText(canvas, drawn, at, font, _SIZE_PX / 32, (255,), weight, cv2.LINE_AA)
    x, y, width, height = cv2.boundingRect(canvas)
    return canvas[y : y + height, x : x + width]
