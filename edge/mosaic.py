"""Makes a vehicle's surroundings unreadable for good: a mosaic so coarse that lettering leaves no trace."""

from __future__ import annotations

import cv2
import numpy as np

from edge.frames import Frame, Picture, as_picture

CELLS = 16
"""Cells along the longer side of a whole picture. A neighbour's plate is then a few cells wide at most."""
LEVELS = 24
"""Grey levels a cell is rounded to: what seven characters could still add to a mean falls below one step."""
CELL_OF_PART_PX = 48


def coarse(frame: Frame) -> Picture:
    """The picture as at most CELLS x CELLS rounded means (BGR)."""
    longer = max(frame.width_px, frame.height_px)
    across, down = (max(1, round(side * CELLS / longer)) for side in (frame.width_px, frame.height_px))
    small = frame.colour.shrunk(frame.whole_px, (2 * across, 2 * down))
    return _rounded(as_picture(cv2.resize(small, (across, down), interpolation=cv2.INTER_AREA)))


def spread(cells: Picture, width_px: int, height_px: int) -> Picture:
    """The cells blown up to a picture again, smooth, so that an eye sees a scene out of focus."""
    return as_picture(cv2.resize(cells, (width_px, height_px), interpolation=cv2.INTER_LINEAR))


def obscured(part: Picture) -> Picture:
    """A part of a picture with cells of at least CELL_OF_PART_PX: for what stands in front of the vehicle."""
    height, width = part.shape[:2]
    size = max(1, width // CELL_OF_PART_PX), max(1, height // CELL_OF_PART_PX)
    return spread(_rounded(as_picture(cv2.resize(part, size, interpolation=cv2.INTER_AREA))), width, height)


def _rounded(cells: Picture) -> Picture:
    step = 256 / (LEVELS - 1)
    rounded: Picture = np.clip(np.round(cells / step) * step, 0, 255).astype(np.uint8)
    return rounded
