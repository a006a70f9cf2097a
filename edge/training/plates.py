"""Draws British number plates to the measures of BS AU 145e; needs numpy and OpenCV only."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.glyphs import HEIGHT_MM, glyph_mask, glyph_width_mm

Layout = Literal["one_line", "two_line"]
Background = Literal["white", "yellow"]

GAP_MM = 11
GROUP_GAP_MM = 33
MARGIN_MM = 11
ROW_GAP_MM = 19
SIZE_MM: dict[Layout, tuple[int, int]] = {"one_line": (520, 111), "two_line": (285, 203)}
GREEN_BAND_MM = 44
_MOST_IN_A_ROW = 4

INK_RGB = (14, 14, 16)
BACKGROUND_RGB: dict[Background, tuple[int, int, int]] = {"white": (244, 244, 240), "yellow": (250, 200, 24)}
GREEN_RGB = (0, 138, 74)

_GROUPINGS = (
    r"([A-Z]{2}[0-9]{2})([A-Z]{3})",
    r"([A-Z][0-9]{1,3})([A-Z]{3})",
    r"([A-Z]{3})([0-9]{1,3}[A-Z])",
    r"([A-Z]{1,3})([0-9]{1,4})",
    r"([0-9]{1,4})([A-Z]{1,3})",
    r"([0-9]{3})([A-Z])([0-9]{3})",
)


class PlateDrawingError(ValueError):
    """A text that does not fit on a plate of the layout asked for."""


@dataclass(frozen=True)
class Lettering:
    """A set of characters: each cell's width in mm, and its ink (0 to 255) at some pixels a millimetre."""

    width_mm: Callable[[str], int]
    ink: Callable[[str, int], NDArray[Any]]
    height_mm: int = HEIGHT_MM


@lru_cache(maxsize=512)
def _regulation_ink(character: str, px_per_mm: int) -> NDArray[Any]:
    size = (glyph_width_mm(character) * px_per_mm, HEIGHT_MM * px_per_mm)
    return cv2.resize(glyph_mask(character), size, interpolation=cv2.INTER_AREA)


REGULATION = Lettering(glyph_width_mm, _regulation_ink)


@dataclass(frozen=True)
class PlacedGlyph:
    """A character and its cell on the plate: top left corner and width, in mm."""

    character: str
    x_mm: int
    y_mm: int
    width_mm: int


def groups(text: str) -> tuple[str, ...]:
    """The groups a registration without spaces is shown in; a text of no known format is one group."""
    for pattern in _GROUPINGS:
        if found := re.fullmatch(pattern, text):
            return found.groups()
    return (text,)


def placed_glyphs(
    text: str, layout: Layout, green_band: bool = False, lettering: Lettering = REGULATION
) -> list[PlacedGlyph]:
    """Where each character stands, in mm: rows are centred on what the green band leaves free.

    Raises UndrawableCharacterError, and PlateDrawingError for a text wider than the plate within its margins.
    """
    rows = _rows(text, layout, lettering)
    plate_width, plate_height = SIZE_MM[layout]
    if not text or max(row.width_mm for row in rows) + 2 * MARGIN_MM > plate_width:
        raise PlateDrawingError(f"{text!r} does not fit on a {layout} plate; give 1 to 8 characters")
    band = band_width_mm(text, layout, lettering) if green_band else 0
    tall = lettering.height_mm
    top = (plate_height - len(rows) * tall - (len(rows) - 1) * ROW_GAP_MM) // 2
    placed: list[PlacedGlyph] = []
    for number, row in enumerate(rows):
        left = band + (plate_width - band - row.width_mm) // 2
        y = top + number * (tall + ROW_GAP_MM)
        placed += [PlacedGlyph(c, left + x, y, lettering.width_mm(c)) for c, x in row.places_mm]
    return placed


def band_width_mm(text: str, layout: Layout, lettering: Lettering = REGULATION) -> int:
    """Width of the green band of a zero-emission vehicle: 44 mm, less where the text leaves less."""
    widest = max(row.width_mm for row in _rows(text, layout, lettering))
    return max(0, min(GREEN_BAND_MM, SIZE_MM[layout][0] - 2 * MARGIN_MM - widest))


def draw_plate(
    text: str, *, layout: Layout, background: Background, green_band: bool = False, px_per_mm: float
) -> NDArray[np.uint8]:
    """Draw a plate seen straight on: height x width x 3, uint8, RGB, `px_per_mm` pixels a millimetre.

    `text` is without spaces; its grouping follows its format. Raises UndrawableCharacterError for characters
    that plates do not have and PlateDrawingError for a text that does not fit.
    """
    cover = ink_cover(placed_glyphs(text, layout, green_band), REGULATION, layout, px_per_mm)
    plate = np.asarray(_between(BACKGROUND_RGB[background])[cover], np.uint8)
    if green_band:
        band_px = round(band_width_mm(text, layout) * px_per_mm)
        plate[:, :band_px] = _between(GREEN_RGB)[cover[:, :band_px]]
    return plate


def ink_cover(
    placed: list[PlacedGlyph], lettering: Lettering, layout: Layout, px_per_mm: float
) -> NDArray[np.uint8]:
    """How much of each pixel is ink, 0 to 255; height x width."""
    oversampling = int(px_per_mm) if px_per_mm in (1, 2, 4, 8) else max(2, math.ceil(2 * px_per_mm))
    width_mm, height_mm = SIZE_MM[layout]
    ink = np.zeros((height_mm * oversampling, width_mm * oversampling), np.uint8)
    for glyph in placed:
        shape = lettering.ink(glyph.character, oversampling)
        x, y = glyph.x_mm * oversampling, glyph.y_mm * oversampling
        ink[y : y + shape.shape[0], x : x + shape.shape[1]] = shape
    size_px = (max(1, round(width_mm * px_per_mm)), max(1, round(height_mm * px_per_mm)))
    return np.asarray(cv2.resize(ink, size_px, interpolation=cv2.INTER_AREA), np.uint8)


def _between(paper_rgb: tuple[int, int, int]) -> NDArray[np.uint8]:
    """The colour for each cover of ink from 0 to 255; 256 x 3."""
    cover = np.linspace(0, 1, 256)[:, None]
    return np.asarray(np.rint(np.array(paper_rgb) * (1 - cover) + np.array(INK_RGB) * cover), np.uint8)


@dataclass(frozen=True)
class _Row:
    """The characters of one line with their distance from its left end, and its width, in mm."""

    places_mm: tuple[tuple[str, int], ...]
    width_mm: int


def _rows(text: str, layout: Layout, lettering: Lettering) -> list[_Row]:
    parts = groups(text)
    rows = [parts] if layout == "one_line" else _two_rows(parts)
    return [_row(row, lettering) for row in rows]


def _two_rows(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    if len(parts) > 1:
        return [parts[:1], parts[1:]]
    half = len(parts[0]) // 2
    return [parts] if len(parts[0]) <= _MOST_IN_A_ROW else [(parts[0][:half],), (parts[0][half:],)]


def _row(parts: tuple[str, ...], lettering: Lettering) -> _Row:
    places: list[tuple[str, int]] = []
    left = 0
    for part in parts:
        for character in part:
            places.append((character, left))
            left += lettering.width_mm(character) + GAP_MM
        left += GROUP_GAP_MM - GAP_MM
    return _Row(tuple(places), left - GROUP_GAP_MM)
