"""A grey drawing in metres: the flat front, rear or side of a vehicle, drawn shape by shape."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Grey = NDArray[np.uint8]
Float = NDArray[np.float32]

_SPRITE_PX = 48
_FACES = ("sans", "italic", "serif")
_STROKES = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX)
_WEIGHTS = (300, 500, 700, 800)


class Face:
    """`width_m` x `height_m` of drawing at `px_per_m`; x runs right and y down, from the top left corner."""

    def __init__(self, width_m: float, height_m: float, px_per_m: float, level: float) -> None:
        self.width_m, self.height_m, self.px_per_m = width_m, height_m, px_per_m
        shape = (max(8, round(height_m * px_per_m)), max(8, round(width_m * px_per_m)))
        self.picture: Grey = np.full(shape, np.clip(level, 0, 255), np.uint8)

    def part(self, x_m: float, y_m: float, width_m: float, height_m: float) -> Grey:
        """The pixels of a rectangle, to be drawn on; empty where it lies outside."""
        x0, y0 = max(0, self._px(x_m)), max(0, self._px(y_m))
        return self.picture[y0 : max(y0, self._px(y_m + height_m)), x0 : max(x0, self._px(x_m + width_m))]

    def box(self, x_m: float, y_m: float, width_m: float, height_m: float, level: float) -> None:
        """A filled rectangle."""
        self.part(x_m, y_m, width_m, height_m)[:] = _level(level)

    def frame(
        self, x_m: float, y_m: float, width_m: float, height_m: float, level: float, line_m: float
    ) -> None:
        """The outline of a rectangle."""
        first, last = (self._px(x_m), self._px(y_m)), (self._px(x_m + width_m), self._px(y_m + height_m))
        cv2.rectangle(self.picture, first, last, _level(level), self._line(line_m), cv2.LINE_AA)

    def disc(
        self, x_m: float, y_m: float, radius_m: float, level: float, line_m: float | None = None
    ) -> None:
        """A filled disc, or a ring `line_m` wide."""
        line = -1 if line_m is None else self._line(line_m)
        centre = (self._px(x_m), self._px(y_m))
        cv2.circle(self.picture, centre, max(1, self._px(radius_m)), _level(level), line, cv2.LINE_AA)

    def line(self, x0_m: float, y0_m: float, x1_m: float, y1_m: float, level: float, line_m: float) -> None:
        """A straight line."""
        ends = ((self._px(x0_m), self._px(y0_m)), (self._px(x1_m), self._px(y1_m)))
        cv2.line(self.picture, *ends, _level(level), self._line(line_m), cv2.LINE_AA)

    def polygon(self, points_m: list[tuple[float, float]], level: float) -> None:
        """A filled polygon."""
        points = np.array([[self._px(x), self._px(y)] for x, y in points_m], np.int32)
        cv2.fillPoly(self.picture, [points], _level(level), cv2.LINE_AA)

    def write(
        self, text: str, x_m: float, y_m: float, width_m: float, height_m: float, font: int, level: float
    ) -> None:
        """`text` stretched into a rectangle."""
        paint(self.part(x_m, y_m, width_m, height_m), text_mask(text, font), level)

    def paste(self, patch: Grey, x_m: float, y_m: float, width_m: float, height_m: float) -> None:
        """A drawing stretched into a rectangle."""
        target = self.part(x_m, y_m, width_m, height_m)
        if target.size:
            target[:] = fitted(patch, target.shape)

    def _px(self, metres: float) -> int:
        return round(metres * self.px_per_m)

    def _line(self, metres: float) -> int:
        return max(1, self._px(metres))


def paint(target: Grey, mask: Grey, level: float) -> None:
    """Lay `level` on `target` where `mask`, stretched to its size, is ink."""
    if min(target.shape) < 2:
        return
    cover = fitted(mask, target.shape).astype(np.int16)
    target[:] = target + ((_level(level) - target.astype(np.int16)) * cover >> 8)


def fitted(patch: Grey, shape: tuple[int, ...]) -> Grey:
    """`patch` stretched to a shape (height, width), smoothly."""
    shrinking = shape[0] * shape[1] < patch.size
    way = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(patch, shape[1::-1], interpolation=way), np.uint8)


def any_font(rng: Rng) -> int:
    """One of the fonts that `text_mask` knows."""
    return int(rng.integers(len(_FACES) * len(_WEIGHTS) + len(_STROKES)))


@lru_cache(maxsize=4096)
def text_mask(text: str, font: int) -> Grey:
    """Ink of a line of text without space round it, 255 is ink."""
    canvas = np.zeros((2 * _SPRITE_PX, _SPRITE_PX * (len(text) + 2)), np.uint8)
    at = (_SPRITE_PX // 2, _SPRITE_PX * 3 // 2)
    strokes = font - len(_FACES) * len(_WEIGHTS)
    if strokes >= 0:
        cv2.putText(canvas, text, at, _STROKES[strokes], _SPRITE_PX / 24, 255, 3 + strokes, cv2.LINE_AA)
    else:
        face, weight = divmod(font, len(_WEIGHTS))
        cv2.putText(canvas, text, at, (255,), _face(_FACES[face]), _SPRITE_PX, _WEIGHTS[weight])
    x, y, width, height = cv2.boundingRect(canvas)
    return canvas[y : y + height, x : x + width] if width and height else canvas


@lru_cache(maxsize=8)
def _face(name: str) -> Any:
    return cv2.FontFace(name)


def cloudy(shape: tuple[int, ...], rng: Rng, low: float, high: float) -> Grey:
    """A soft random texture in `low` to `high`: road, sky, hedge, dirt."""
    height, width = shape
    sum_of: Float = np.zeros(shape, np.float32)
    for cells in (2, int(rng.integers(3, 12)), int(rng.integers(12, 64))):
        coarse = rng.random((cells, cells), dtype=np.float32)
        sum_of += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR) * np.float32(
            rng.random()
        )
    least, most = float(sum_of.min()), float(sum_of.max())
    return np.asarray(low + (sum_of - least) * ((high - low) / max(most - least, 1e-6)), np.uint8)


def _level(level: float) -> int:
    return int(min(255.0, max(0.0, level)))
