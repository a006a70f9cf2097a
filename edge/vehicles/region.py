"""The region of interest: a polygon in parts of the picture, in which vehicles count."""

from __future__ import annotations

import cv2
import numpy as np

Polygon = tuple[tuple[float, float], ...]
"""Corners in parts of the picture's width and height; empty means the whole picture."""


def bounds(region: Polygon) -> tuple[float, float, float, float]:
    """The smallest upright box around the region, x1, y1, x2, y2; the whole picture for an empty one."""
    if not region:
        return 0.0, 0.0, 1.0, 1.0
    xs, ys = [x for x, _ in region], [y for _, y in region]
    return min(xs), min(ys), max(xs), max(ys)


def holds(region: Polygon, x: float, y: float) -> bool:
    """Whether the point (in parts of the picture) lies in the region."""
    if not region:
        return True
    polygon = np.array(region, np.float32)
    return cv2.pointPolygonTest(polygon, (x, y), measureDist=False) >= 0
