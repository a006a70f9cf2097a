"""Four corners of something flat: top left, top right, bottom right, bottom left."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.frames import Picture, as_picture

Quad = NDArray[np.float32]
"""4 x 2 float32 (x, y)."""
LARGE_PX = 48
"""What is higher than this has pixels enough: mixed of two by two it reads as of four by four, and sooner."""


def ordered(points: NDArray[np.float32]) -> Quad:
    """Four points in any order as a quad: the two left ones by height, then the two right ones."""
    by_x = points[np.argsort(points[:, 0], kind="stable")]
    left, right = (pair[np.argsort(pair[:, 1], kind="stable")] for pair in (by_x[:2], by_x[2:]))
    return np.array([left[0], right[0], right[1], left[1]], np.float32)


def width_px(quad: Quad) -> float:
    """The mean length of the upper and lower edge."""
    return float(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2


def height_px(quad: Quad) -> float:
    """The mean length of the left and right edge."""
    return float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2


def slope_degrees(quad: Quad) -> float:
    """How much the upper and lower edge lean from the horizontal, -90 to 90."""
    along = (quad[1] - quad[0]) + (quad[2] - quad[3])
    return float(np.degrees(np.arctan2(along[1], along[0])))


def widened(quad: Quad, part: float, sideways: float | None = None) -> Quad:
    """The quad grown outwards on all sides by `part` of its height, or by `sideways` to left and right."""
    across = (quad[1] - quad[0] + quad[2] - quad[3]) / 2
    down = (quad[3] - quad[0] + quad[2] - quad[1]) / 2
    tall = max(float(np.linalg.norm(down)), 1e-6)
    right = (
        across / max(float(np.linalg.norm(across)), 1e-6) * tall * (part if sideways is None else sideways)
    )
    low = down * part
    outwards = np.array([-right - low, right - low, right + low, -right + low])
    return np.asarray(quad + outwards, np.float32)


def halves(quad: Quad) -> tuple[Quad, Quad]:
    """The upper and the lower half."""
    left, right = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
    return np.array([quad[0], quad[1], right, left], np.float32), np.array(
        [left, right, quad[2], quad[3]], np.float32
    )


def straightened(picture: Picture, quad: Quad, tallest_px: int = 10_000) -> Picture:
    """What `quad` shows, upright, of its mean size or `tallest_px` high; beyond the picture's edge it is
    continued."""
    size_by = min(1.0, tallest_px / max(height_px(quad), 1.0))
    width, height = max(round(width_px(quad) * size_by), 4), max(round(height_px(quad) * size_by), 4)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(np.ascontiguousarray(quad), target)
    size = (width, height)
    smoothly = cv2.INTER_LINEAR if height_px(quad) > LARGE_PX else cv2.INTER_CUBIC
    upright = cv2.warpPerspective(picture, turn, size, flags=smoothly, borderMode=cv2.BORDER_REPLICATE)
    return as_picture(upright)
