"""Parts of a picture: boxes to look at, and the region of interest, a polygon in which vehicles count."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Region = tuple[float, float, float, float]
"""x1, y1, x2, y2 in parts of the picture's width and height."""
WHOLE: Region = (0.0, 0.0, 1.0, 1.0)
Cells = NDArray[np.bool_]
"""A coarse grid over the whole picture, rows x columns: what moves."""
Polygon = tuple[tuple[float, float], ...]
"""Corners in parts of the picture's width and height; empty means the whole picture."""


def region_px(region: Region, width_px: int, height_px: int) -> tuple[int, int, int, int]:
    """The region in pixels of a picture of that size."""
    x1, y1, x2, y2 = region
    return round(x1 * width_px), round(y1 * height_px), round(x2 * width_px), round(y2 * height_px)


def bounds(region: Polygon) -> Region:
    """The smallest upright box around the region, x1, y1, x2, y2; the whole picture for an empty one."""
    if not region:
        return WHOLE
    xs, ys = [x for x, _ in region], [y for _, y in region]
    return min(xs), min(ys), max(xs), max(ys)


def holds(region: Polygon, x: float, y: float) -> bool:
    """Whether the point (in parts of the picture) lies in the region."""
    if not region:
        return True
    polygon = np.array(region, np.float32)
    return cv2.pointPolygonTest(polygon, (x, y), measureDist=False) >= 0
