"""What moves: a look at a small grey picture, so that an empty road costs little but decoding."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from edge.frames import Picture, as_picture
from edge.vehicles.search import WHOLE, Cells, Region, region_px

SMALL_WIDTH_PX = 320
"""Width of the small picture in which vehicles are followed; half of it is the width in cells."""
LEAST_CHANGE = 14
"""Grey levels (0 to 255) by which a cell must differ from the picture before: above a camera's noise."""
LEAST_CELLS = 6
"""How many cells must differ: a vehicle worth reading covers far more, a leaf fewer."""
HOLD_S = 1.0
"""How long the gate stays open after the last change: a vehicle that crawls must not be lost."""
_EVERY_CELL = 7
"""The light's change is the median of every seventh cell: as good as all, and cheaper."""


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
        rows = max(2, round(SMALL_WIDTH_PX * luma.shape[0] / luma.shape[1]) // 2 * 2)
        thinned = luma[:: max(1, luma.shape[0] // rows)]  # columns are averaged: enough against noise
        small = as_picture(cv2.resize(thinned, (SMALL_WIDTH_PX, rows), interpolation=cv2.INTER_AREA))
        now = as_picture(cv2.resize(small, (SMALL_WIDTH_PX // 2, rows // 2), interpolation=cv2.INTER_AREA))
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


def _changed(before: Picture, now: Picture) -> Cells:
    """Cells that changed, not counting a change of the light that all of them share."""
    difference = now.astype(np.int16) - before.astype(np.int16)
    light = int(np.median(difference.ravel()[::_EVERY_CELL]))
    changed: Cells = np.abs(difference - light) >= LEAST_CHANGE
    return changed
