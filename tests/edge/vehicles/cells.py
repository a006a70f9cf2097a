"""Cells of a picture in which something moves."""

from __future__ import annotations

import numpy as np

from edge.vehicles.region import Cells

ROWS, COLUMNS = 90, 160


def cells(*boxes: tuple[int, int, int, int]) -> Cells:
    """Cells that move inside the boxes x1, y1, x2, y2, and nowhere else."""
    moving = np.zeros((ROWS, COLUMNS), bool)
    for x1, y1, x2, y2 in boxes:
        moving[y1:y2, x1:x2] = True
    return moving
