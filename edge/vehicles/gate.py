"""What moves: a look at a small grey picture, so that an empty road costs little but decoding."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from edge.frames import Picture, as_picture
from edge.vehicles.region import WHOLE, Cells, Region, region_px

SMALL_WIDTH_PX = 320
"""About the width of the small picture in which vehicles are followed; half of it is the width in cells."""
LEAST_CHANGE = 14
"""Grey levels (0 to 255) by which a cell must differ from the picture before: above a camera's noise."""
LEAST_CELLS = 6
"""How many cells must differ: a vehicle worth reading covers far more, a leaf fewer."""
HOLD_S = 1.0
"""How long the gate stays open after the last change: a vehicle that crawls must not be lost."""
_EVERY_CELL = 29
"""The light's change is the median of one in so many cells: as good as of all, and cheaper."""


@dataclass(frozen=True)
class Motion:
    """One look: whether the gate is open, `small` (the whole picture, grey) and the cells that changed."""

    open: bool
    small: Picture
    cells: Cells


class MotionGate:
    """Opens on change between the pictures it is shown; `region` is x1, y1, x2, y2 in parts of them."""

    def __init__(self, region: Region = WHOLE) -> None:
        self._region = region
        self._before: Picture | None = None
        self._open_until_s = -np.inf

    def look(self, luma: Picture, at_s: float) -> Motion:
        """What moves in `luma` (H x W) since the last look; the first picture opens, a hold keeps it open."""
        small = _thinned(luma)
        half = max(1, small.shape[1] // 2), max(1, small.shape[0] // 2)
        now = as_picture(cv2.resize(small, half, interpolation=cv2.INTER_AREA))
        before, self._before = self._before, now
        if before is None or before.shape != now.shape:
            cells = np.ones(now.shape, bool)
        else:
            cells = _changed(before, now)
        self._without_outside(cells)
        if np.count_nonzero(cells) >= LEAST_CELLS:
            self._open_until_s = at_s + HOLD_S
        return Motion(at_s <= self._open_until_s, small, cells)

    def _without_outside(self, cells: Cells) -> None:
        if self._region == WHOLE:
            return
        x1, y1, x2, y2 = region_px(self._region, cells.shape[1], cells.shape[0])
        cells[:y1] = cells[y2:] = cells[:, :x1] = cells[:, x2:] = False


def _thinned(luma: Picture) -> Picture:
    """The picture at about SMALL_WIDTH_PX: of each square the four pixels in its middle are averaged."""
    step = max(1, luma.shape[1] // SMALL_WIDTH_PX)
    if step == 1:
        return np.ascontiguousarray(luma)
    size = luma.shape[1] // step, luma.shape[0] // step
    whole = luma[: size[1] * step, : size[0] * step]
    return as_picture(cv2.resize(whole, size, interpolation=cv2.INTER_LINEAR))


def _changed(before: Picture, now: Picture) -> Cells:
    """Cells that changed, not counting a change of the light that all of them share."""
    difference = cv2.subtract(now, before, dtype=cv2.CV_16S)
    some = difference.ravel()[::_EVERY_CELL]
    light = int(np.partition(some, len(some) // 2)[len(some) // 2])
    changed: Cells = np.abs(difference - light) >= LEAST_CHANGE
    return changed
