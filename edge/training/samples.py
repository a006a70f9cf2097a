"""One labelled training picture from a seed and a number: the whole way from text to JPEG."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from config.vrm import Format, format_of
from edge.training.degrade import TRADE_INK_RGB, degraded, in_grey
from edge.training.finish import finished, rounded_mask
from edge.training.legible import Legibility, legibility
from edge.training.negatives import no_plate
from edge.training.off_standard import any_off_standard, of_trailers, shaded
from edge.training.plates import (
    INK_RGB,
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
from edge.training.scene import Box, corners_of, hung, loose_view, straightened_view, surroundings
from edge.training.texts import random_text
from edge.training.weather import by_night

Rng = np.random.Generator
Grey = NDArray[np.uint8]

_SHARE_NEGATIVE = 0.08
_SHARE_TOO_SMALL = 0.02
_SHARE_CUT = 0.02
_SHARE_TWO_LINES = 0.25
_SHARE_OFF_STANDARD = 0.18
_SHARE_SHADED = 0.03
SHARE_LOOSE = 0.2
_SHARE_SHORT_PLATE = 0.35
_SHARE_NIGHT = 0.12
_WIDTH_PX: dict[Layout, tuple[float, float]] = {"one_line": (42, 220), "two_line": (28, 150)}
_TOO_SMALL_PX: dict[Layout, tuple[float, float]] = {"one_line": (8, 22), "two_line": (8, 14)}


@dataclass(frozen=True)
class Sample:
    """A JPEG crop and what a reader should say: `text`, empty where there is nothing to be read.

    `width_px` is the plate's width in the crop; `straightened` tells a plate warped straight by its corners
    from one that leans in a loose box. `legible` and `text_box` are None where there is no whole plate; the
    latter are the corners of the block of characters (4 x 2, x and y in pixels, clockwise from the top left).
    """

    jpeg: bytes
    text: str
    width_px: float
    layout: Layout
    straightened: bool = True
    legible: Legibility | None = None
    text_box: NDArray[np.float32] | None = field(default=None, compare=False)


def sample(seed: int, number: int, excluded: frozenset[str] = frozenset(), hardness: float = 1.0) -> Sample:
    """Picture `number` of the endless series `seed`: the same bytes each time, whatever was drawn before.

    `hardness` from 0 to 1 scales turns, loose boxes, blur, noise and compression; readers start on easy ones.
    """
    rng = np.random.default_rng((seed, number))
    layout = random_layout(rng)
    width_px = _log_uniform(rng, _WIDTH_PX[layout])
    kind = rng.random()
    if kind < _SHARE_NEGATIVE:
        return _negative(rng, layout, width_px, hardness)
    if kind < _SHARE_NEGATIVE + _SHARE_TOO_SMALL:
        small = plate_sample(rng, layout, _log_uniform(rng, _TOO_SMALL_PX[layout]), excluded, hardness)
        return Sample(small.jpeg, "", small.width_px, layout, small.straightened)
    if kind < _SHARE_NEGATIVE + _SHARE_TOO_SMALL + _SHARE_CUT:
        part = plate_sample(rng, layout, width_px, excluded, hardness, cut=True)
        return Sample(part.jpeg, "", part.width_px, layout, part.straightened)
    return plate_sample(rng, layout, width_px, excluded, hardness)


def random_layout(rng: Rng) -> Layout:
    """One line mostly, two lines for a quarter: lorries carry more of them than cars."""
    return "two_line" if rng.random() < _SHARE_TWO_LINES else "one_line"


def plate_sample(
    rng: Rng,
    layout: Layout,
    width_px: float,
    excluded: frozenset[str],
    hardness: float,
    cut: bool = False,
    share_loose: float = SHARE_LOOSE,
) -> Sample:
    """A plate of some registration not in `excluded`, `width_px` wide in its crop; `cut` takes an end off.

    `share_loose` of them lean in a text detector's box instead of being straightened.
    """
    text = random_text(rng, excluded)
    plate = _drawn(text, layout, rng)
    height, width = plate.ink.shape
    straight = cut or rng.random() >= share_loose
    if straight:
        view = straightened_view(rng, (width, height), width_px, hardness)
    else:
        view = loose_view(rng, (width, height), plate.box_around_text(rng), width_px, hardness)
    behind = surroundings(view.height, view.width, rng)
    if rng.random() < _SHARE_NIGHT:
        behind = by_night(behind, rng)
    mask = rounded_mask(height, width, int(rng.integers(2, 12)))
    seen = hung(plate.grey, mask, plate.ink, view, behind)
    cells = view.seen(plate.cells.reshape(-1, 2), (width, height)).reshape(-1, 4, 2) / np.float32(2)
    tall_px = float(np.median(np.linalg.norm(cells[:, 3] - cells[:, 0], axis=1)))
    crop = _cut(seen.crop, cells, rng) if cut else seen.crop
    jpeg = degraded(crop, tall_px, rng, hardness)
    if cut:
        return Sample(jpeg, text, width_px, layout)
    picture = _decoded(jpeg)
    ink = cv2.resize(seen.ink, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_AREA)
    box = view.seen(corners_of(plate.text_box), (width, height)) / np.float32(2)
    seen_as = legibility(picture, np.asarray(ink, np.uint8), cells)
    return Sample(jpeg, text, width_px, layout, straight, seen_as, box)


@dataclass(frozen=True)
class _DrawnPlate:
    """A plate seen straight on at 1 px a millimetre: grey, clean ink, its characters' cells (n x 4 x 2)."""

    grey: Grey
    ink: Grey
    cells: NDArray[np.float32]

    def box_around_text(self, rng: Rng) -> Box:
        """The whole plate, or its text and a little more."""
        height, width = self.ink.shape
        if rng.random() < 0.3:
            return (0.0, 0.0, float(width), float(height))
        x0, y0, x1, y1 = self.text_box
        return (x0 - 6, y0 - 6, x1 + 6, y1 + 6)

    @property
    def text_box(self) -> Box:
        """The box around all its characters' cells."""
        (x0, y0), (x1, y1) = self.cells.min(axis=(0, 1)), self.cells.max(axis=(0, 1))
        return (float(x0), float(y0), float(x1), float(y1))


def _drawn(text: str, layout: Layout, rng: Rng) -> _DrawnPlate:
    lettering = _lettering(text, rng)
    banded = rng.random() < 0.25
    placed = placed_glyphs(text, layout, banded, lettering)
    band_mm = band_width_mm(text, layout, lettering) if banded else 0
    background: Background = "yellow" if rng.random() < 0.45 else "white"
    cover = ink_cover(placed, lettering, layout, px_per_mm=1)
    cells = _cells(placed, lettering)
    if rng.random() < _SHARE_SHORT_PLATE and not band_mm:
        cover, cells = _shortened(cover, cells, rng)
    drawn = shaded(cover, rng) if rng.random() < _SHARE_SHADED else cover
    ink_rgb = TRADE_INK_RGB if format_of(text) is Format.TRADE else INK_RGB
    return _DrawnPlate(finished(in_grey(drawn, background, rng, ink_rgb), rng, band_mm), cover, cells)


def _shortened(cover: Grey, cells: NDArray[np.float32], rng: Rng) -> tuple[Grey, NDArray[np.float32]]:
    """A plate cut to its text, as short registrations and show plates have it."""
    margin = int(rng.integers(9, 30))
    left = max(0, int(cells[..., 0].min()) - margin)
    right = min(cover.shape[1], int(cells[..., 0].max()) + margin)
    return np.ascontiguousarray(cover[:, left:right]), cells - np.array([left, 0], np.float32)


def _cells(placed: list[PlacedGlyph], lettering: Lettering) -> NDArray[np.float32]:
    boxes = [(g.x_mm, g.y_mm, g.x_mm + g.width_mm, g.y_mm + lettering.height_mm) for g in placed]
    return np.array([((x0, y0), (x1, y0), (x1, y1), (x0, y1)) for x0, y0, x1, y1 in boxes], np.float32)


def _lettering(text: str, rng: Rng) -> Lettering:
    if format_of(text) is Format.TRAILER:
        return of_trailers()
    return any_off_standard(rng) if rng.random() < _SHARE_OFF_STANDARD else REGULATION


def _cut(crop: Grey, cells: NDArray[np.float32], rng: Rng) -> Grey:
    """The crop ended in the middle of one of its middle characters; `cells` are at half its scale."""
    third = len(cells) // 3
    cell = cells[int(rng.integers(third, max(2 * third, third + 1)))]
    middle = int(np.clip(2 * cell[:, 0].mean(), 8, crop.shape[1] - 8))
    return np.ascontiguousarray(crop[:, middle:] if rng.random() < 0.5 else crop[:, :middle])


def _negative(rng: Rng, layout: Layout, width_px: float, hardness: float) -> Sample:
    ratio = SIZE_MM[layout][1] / SIZE_MM[layout][0] * rng.uniform(0.7, 1.4)
    height, width = max(12, round(2 * width_px * ratio)), max(24, round(2 * width_px))
    jpeg = degraded(no_plate(height, width, rng), 0.7 * height / 2, rng, hardness)
    return Sample(jpeg, "", width_px, layout)


def _log_uniform(rng: Rng, bounds: tuple[float, float]) -> float:
    return float(np.exp(rng.uniform(np.log(bounds[0]), np.log(bounds[1]))))


def decoded(picture: Sample) -> Grey:
    """The crop as grey pixels, as a camera's crop would come."""
    return _decoded(picture.jpeg)


def _decoded(jpeg: bytes) -> Grey:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)
