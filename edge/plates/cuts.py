"""Parts of a picture brought to the size that a network takes."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.frames import Picture, as_picture
from edge.plates.quads import Quad

Box = tuple[int, int, int, int]
"""Left, top, right and bottom, in a picture's pixels."""
Size = tuple[int, int]
"""Width and height."""
ROUGHLY = 2
"""A picture larger than this many times the size wanted is brought to that much roughly, then smoothly."""


def box_around(points: NDArray[np.float32], across: float, down: float) -> Box:
    """The box of whole pixels around points (N x 2), so many pixels wider and higher on each side."""
    (x1, y1), (x2, y2) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return (math.floor(x1 - across), math.floor(y1 - down), math.ceil(x2 + across), math.ceil(y2 + down))


def resized(picture: Picture, size: Size) -> Picture:
    """The picture stretched to `size`. Only the last step looks at every pixel: a fifth of the time."""
    height, width = picture.shape[:2]
    rough = (ROUGHLY * size[0], ROUGHLY * size[1])
    if width > rough[0] and height > rough[1]:
        picture = as_picture(cv2.resize(picture, rough, interpolation=cv2.INTER_LINEAR))
    smaller = width > size[0] or height > size[1]
    return as_picture(
        cv2.resize(picture, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
    )


def cut_out(picture: Picture, window: Box, size: Size) -> Picture:
    """The window of a picture stretched to `size`; beyond the picture's edge it is continued.

    At least a part of the window lies on the picture.
    """
    height, width = picture.shape[:2]
    x1, y1, x2, y2 = window
    part = picture[max(0, y1) : y2, max(0, x1) : x2]
    beyond = max(0, -y1), max(0, y2 - height), max(0, -x1), max(0, x2 - width)
    if any(beyond):
        part = as_picture(cv2.copyMakeBorder(part, *beyond, cv2.BORDER_REPLICATE))
    return resized(part, size)


def in_picture(corners: NDArray[np.float32], window: Box) -> Quad:
    """Four corners (4 x 2) in parts of a window as a quad in the picture's pixels."""
    x1, y1, x2, y2 = window
    return np.asarray(corners * (x2 - x1, y2 - y1) + (x1, y1), np.float32)
