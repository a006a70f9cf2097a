"""Finds where a plate may be inside the crop of one vehicle and hands it over straightened.

The text detector PP-OCRv6 det tiny (a DB network: a map of shrunken text regions) finds lines of lettering;
`edge.plates.platelike` keeps those that look like a plate. Two lines one above the other are one plate.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.frames import Picture
from edge.plates.platelike import HIGHEST, VehicleView, plate_likeness
from edge.plates.quads import Quad, halves, height_px, merged, ordered, straightened, widened, width_px
from edge.runtime import open_session
from edge.weights import Weights

LETTERING = 0.3
"""From this value on a pixel of the map is lettering (PaddleOCR's own value)."""
LEAST_SCORE = 0.5
UNCLIP = 1.6
STRIDE_PX = 32
TWO_LINES_BELOW = 1.8
"""Width to height: a region squarer than this is both lines of a two-line plate (285 x 203 mm)."""
ABOVE_MIDDLE = 0.05
"""How far above a plate's middle it may still be looked at, in the crop's heights."""
TIGHT = -0.06
"""What is added around a line of lettering, in its heights: readers do better without the surroundings."""


@dataclass(frozen=True)
class PlatePatch:
    """One place where a plate may be: corners in the crop, the straightened plate and its lines (BGR).

    `likeness` in 0 to 1 says how much it looks like a plate rather than other lettering.
    """

    corners: Quad
    picture: Picture
    lines: tuple[Picture, ...]
    likeness: float

    @property
    def width_px(self) -> float:
        """The plate's width in the crop."""
        return width_px(self.corners)


class PlateLocaliser:
    """Looks for plates in crops brought to `long_side_px`; gives the `most` likeliest places."""

    def __init__(self, weights: Weights, threads: int, long_side_px: int = 640, most: int = 4) -> None:
        self._session = open_session(weights.path("PP-OCRv6_det_tiny.onnx"), threads)
        self._long_side_px, self._most = long_side_px, most

    def find(self, crop: Picture) -> list[PlatePatch]:
        """Places in `crop` (H x W x 3, one vehicle) that look like a plate."""
        view = VehicleView(crop)
        lines = [
            (quad, likeness) for quad in self.lettering(crop) if (likeness := plate_likeness(quad, view)) > 0
        ]
        groups: list[tuple[tuple[Quad, ...], float]] = []
        groups += [((quad,), likeness) for quad, likeness in lines if _aspect(quad) >= TWO_LINES_BELOW]
        groups += [(halves(quad), likeness) for quad, likeness in lines if _aspect(quad) < TWO_LINES_BELOW]
        groups += two_line_pairs(lines)
        groups.sort(key=lambda group: -group[1])
        return [_patch(crop, quads, likeness) for quads, likeness in groups[: self._most]]

    def lettering(self, crop: Picture) -> list[Quad]:
        """The corners of each line of lettering where a plate may hang in `crop`, whatever it is on."""
        scale = min(self._long_side_px / max(crop.shape[:2]), 2.0)
        top = int((HIGHEST - ABOVE_MIDDLE) * crop.shape[0])
        low = crop[top:]
        height, width = low.shape[:2]
        size = tuple(max(STRIDE_PX, round(side * scale / STRIDE_PX) * STRIDE_PX) for side in (width, height))
        shrinking = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        small = cv2.resize(low, size, interpolation=shrinking).astype(np.float32) / 127.5 - 1
        (maps,) = self._session.run(None, {"x": small.transpose(2, 0, 1)[None]})
        back = np.array([width / size[0], height / size[1]], np.float32)
        return [ordered(quad * back + np.array([0, top], np.float32)) for quad in _quads_of(maps[0, 0])]


def _quads_of(lettering: NDArray[np.float32]) -> list[Quad]:
    """Grown-back corners of each region of the map (H x W, 0 to 1), in the map's pixels."""
    regions = (lettering > LETTERING).astype(np.uint8)
    contours, _ = cv2.findContours(regions, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    quads: list[Quad] = []
    for contour in contours:
        centre, (one, other), angle = cv2.minAreaRect(contour)
        if min(one, other) < 2:
            continue
        x, y, width, height = cv2.boundingRect(contour)
        inside = np.zeros((height, width), np.uint8)
        cv2.drawContours(inside, [contour], -1, 1, -1, offset=(-x, -y))
        if cv2.mean(lettering[y : y + height, x : x + width], inside)[0] < LEAST_SCORE:
            continue
        grow = one * other * UNCLIP / (one + other)
        quads.append(cv2.boxPoints((centre, (one + grow, other + grow), angle)).astype(np.float32))
    return quads


def two_line_pairs(lines: list[tuple[Quad, float]]) -> list[tuple[tuple[Quad, ...], float]]:
    """Pairs of lines, upper first, that stand one above the other like the lines of one plate."""
    pairs: list[tuple[tuple[Quad, ...], float]] = []
    for upper, upper_likeness in lines:
        for lower, lower_likeness in lines:
            down, tall = lower[:, 1].mean() - upper[:, 1].mean(), (height_px(upper) + height_px(lower)) / 2
            if not 0.7 * tall < down < 1.8 * tall or not 0.6 < height_px(upper) / height_px(lower) < 1.6:
                continue
            left, right = max(upper[0, 0], lower[0, 0]), min(upper[1, 0], lower[1, 0])
            both = merged(upper, lower)
            if right - left < 0.5 * min(width_px(upper), width_px(lower)) or width_px(both) > 2.6 * height_px(
                both
            ):
                continue
            pairs.append(((upper, lower), (upper_likeness + lower_likeness) / 2))
    return pairs


def _aspect(quad: Quad) -> float:
    return width_px(quad) / max(height_px(quad), 1.0)


def _patch(crop: Picture, quads: tuple[Quad, ...], likeness: float) -> PlatePatch:
    whole = quads[0] if len(quads) == 1 else merged(*quads)
    lines = tuple(straightened(crop, widened(quad, TIGHT)) for quad in quads)
    return PlatePatch(whole, straightened(crop, whole), lines, likeness)
