"""Lettering that is not to the standard, as on many older and show plates: OpenCV's own sans."""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.glyphs import HEIGHT_MM
from edge.training.plates import Lettering

WEIGHTS = (450, 550, 650, 750)
WIDEST_MM = 50
_NARROWING = 0.85
_SIZE_PX = 240


def off_standard(weight: int) -> Lettering:
    """The sans in `weight` (one of WEIGHTS), each character as tall as the standard's, at most as wide."""
    return Lettering(
        lambda character: _width_mm(character, weight),
        lambda character, px_per_mm: _ink(character, weight, px_per_mm),
    )


@lru_cache(maxsize=1024)
def _ink(character: str, weight: int, px_per_mm: int) -> NDArray[Any]:
    size = (_width_mm(character, weight) * px_per_mm, HEIGHT_MM * px_per_mm)
    return cv2.resize(_shape(character, weight), size, interpolation=cv2.INTER_AREA)


@lru_cache(maxsize=256)
def _width_mm(character: str, weight: int) -> int:
    height, width = _shape(character, weight).shape
    return min(WIDEST_MM, int(_NARROWING * width * HEIGHT_MM / height + 0.5))


@lru_cache(maxsize=256)
def _shape(character: str, weight: int) -> NDArray[np.uint8]:
    """The character without any space round it; 0 has no slash on plates and is drawn as O."""
    canvas = np.zeros((2 * _SIZE_PX, 2 * _SIZE_PX), np.uint8)
    drawn = "O" if character == "0" else character
    at = (_SIZE_PX // 2, _SIZE_PX * 3 // 2)
    cv2.putText(canvas, drawn, at, (255,), cv2.FontFace("sans"), _SIZE_PX, weight)
    x, y, width, height = cv2.boundingRect(canvas)
    return canvas[y : y + height, x : x + width]
