"""Finds the four corners of the text in a plate's crop, so that it can be straightened.

A small network of this project (`edge/training/corners`), taught on drawn plates whose corners are known.
"""

from __future__ import annotations

import cv2
import numpy as np

from edge.frames import Picture, as_picture
from edge.plates.quads import Quad, height_px, width_px
from edge.runtime import open_session
from edge.weights import Weights

INPUT_PX = (128, 64)
LEAST_PART = 0.02
"""A block of characters smaller than this part of its crop is none."""


class PlateCorners:
    """Looks for the corners of the block of characters in grey crops of one plate."""

    def __init__(self, weights: Weights, threads: int) -> None:
        self._session = open_session(weights.path("plate_corners/model.onnx"), threads)

    def find(self, grey: Picture) -> Quad | None:
        """The corners in pixels of `grey` (H x W); None where what the network names has no four sides."""
        small = cv2.resize(grey, INPUT_PX)
        (corners,) = self._session.run(None, {"picture": small[None, :, :, None]})
        quad = np.asarray(corners[0].reshape(4, 2) * np.array(grey.shape[::-1]), np.float32)
        return quad if has_four_sides(quad, grey.size) else None


def has_four_sides(quad: Quad, area_px: int) -> bool:
    """Whether the corners follow each other clockwise round a part of a crop of `area_px` that counts."""
    return bool(cv2.isContourConvex(quad)) and cv2.contourArea(quad, oriented=True) >= LEAST_PART * area_px


def straightened_text(grey: Picture, corners: Quad, margin: float) -> Picture:
    """What the corners enclose, upright, as large as the network takes it, with a margin of `margin` of the
    block's height all round; beyond the crop's edge it is continued."""
    wide, tall = max(width_px(corners), 1.0), max(height_px(corners), 1.0)
    across, down = margin * tall / (wide + 2 * margin * tall), margin / (1 + 2 * margin)
    left, right, top, bottom = across, 1 - across, down, 1 - down
    onto = np.array([(left, top), (right, top), (right, bottom), (left, bottom)]) * np.array(INPUT_PX)
    turn = cv2.getPerspectiveTransform(np.ascontiguousarray(corners), onto.astype(np.float32))
    return as_picture(cv2.warpPerspective(grey, turn, INPUT_PX, borderMode=cv2.BORDER_REPLICATE))
