"""Whether anything moves: a look at a small grey picture, so that an empty road costs little but decoding."""

from __future__ import annotations

import cv2
import numpy as np

from edge.frames import Picture, as_picture

SMALL_WIDTH_PX = 160
LEAST_CHANGE = 14
"""Grey levels (0 to 255) by which a cell must differ from the picture before: above a camera's noise."""
LEAST_CELLS = 6
"""How many cells must differ: a vehicle worth reading covers far more, a leaf fewer."""
HOLD_S = 1.0
"""How long the gate stays open after the last change: a vehicle that crawls must not be lost."""


class MotionGate:
    """Opens on change between the pictures it is shown; `region` is x1, y1, x2, y2 in parts of them."""

    def __init__(self, region: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)) -> None:
        self._region = region
        self._before: Picture | None = None
        self._open_until_s = -np.inf

    def opens(self, luma: Picture, at_s: float) -> bool:
        """Whether something moves in `luma` (H x W) or did within the hold; the first picture opens."""
        small = self._small(luma)
        before, self._before = self._before, small
        if before is None or before.shape != small.shape or _changed_cells(before, small) >= LEAST_CELLS:
            self._open_until_s = at_s + HOLD_S
        return at_s <= self._open_until_s

    def _small(self, luma: Picture) -> Picture:
        height, width = luma.shape
        x1, y1, x2, y2 = self._region
        part = luma[int(y1 * height) : int(y2 * height), int(x1 * width) : int(x2 * width)]
        rows = max(1, round(SMALL_WIDTH_PX * part.shape[0] / part.shape[1]))
        return as_picture(cv2.resize(part, (SMALL_WIDTH_PX, rows), interpolation=cv2.INTER_AREA))


def _changed_cells(before: Picture, now: Picture) -> int:
    """Cells that changed, not counting a change of the light that all of them share."""
    difference = now.astype(np.int16) - before.astype(np.int16)
    return int(np.count_nonzero(np.abs(difference - int(np.median(difference))) >= LEAST_CHANGE))
