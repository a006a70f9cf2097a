"""The colours of a picture, converted only where and as fine as somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
BoxPx = tuple[int, int, int, int]
"""x1, y1, x2, y2 in whole pixels inside the picture."""


def as_picture(array: object) -> Picture:
    """What OpenCV and PyAV return, typed as the 8-bit picture that it is; copies nothing."""
    return np.asarray(array, np.uint8)


class Colour(Protocol):
    """Gives parts of one picture in blue, green, red."""

    def part(self, box_px: BoxPx) -> Picture:
        """The box as it is: height x width x 3."""
        ...

    def shrunk(self, box_px: BoxPx, size_px: tuple[int, int]) -> Picture:
        """The box brought to `size_px` (width, height; both even): height x width x 3."""
        ...

    def copied(self, box_px: BoxPx) -> Callable[[], Picture]:
        """What gives the box, as `part` does, once the picture is gone; nothing else of that is kept."""
        ...


@dataclass(frozen=True)
class Converted:
    """Colours of a picture that `convert` makes as a whole (H x W x 3, BGR), once."""

    convert: Callable[[], Picture]

    @cached_property
    def _bgr(self) -> Picture:
        return self.convert()

    def part(self, box_px: BoxPx) -> Picture:
        """See Colour."""
        x1, y1, x2, y2 = box_px
        return self._bgr[y1:y2, x1:x2]

    def shrunk(self, box_px: BoxPx, size_px: tuple[int, int]) -> Picture:
        """See Colour."""
        return as_picture(cv2.resize(self.part(box_px), size_px, interpolation=cv2.INTER_AREA))

    def copied(self, box_px: BoxPx) -> Callable[[], Picture]:
        """See Colour."""
        part = self.part(box_px).copy()
        return lambda: part


@dataclass(frozen=True)
class Planes:
    """Colours as a video decoder leaves them: luma H x W, blue and red difference of half its sides.

    H and W are even. Converting a part, or shrinking before converting, costs a fraction of the whole; most
    pictures are never asked for a colour, so `differences` gives blue and red only then.
    """

    luma: Picture
    differences: Callable[[], tuple[Picture, Picture]]

    def part(self, box_px: BoxPx) -> Picture:
        """See Colour."""
        return _converted_part(*self._covering(box_px), box_px)

    def copied(self, box_px: BoxPx) -> Callable[[], Picture]:
        """See Colour. The planes are copied: half the bytes of a conversion that few looks live to need."""
        luma, blue, red = (plane.copy() for plane in self._covering(box_px))
        return lambda: _converted_part(luma, blue, red, box_px)

    def _covering(self, box_px: BoxPx) -> tuple[Picture, Picture, Picture]:
        """Luma, blue and red of the least even part that holds the box."""
        x1, y1, x2, y2 = box_px
        left, top, right, bottom = x1 // 2, y1 // 2, (x2 + 1) // 2, (y2 + 1) // 2
        halves = (slice(top, bottom), slice(left, right))
        blue, red = self.differences()
        return self.luma[2 * top : 2 * bottom, 2 * left : 2 * right], blue[halves], red[halves]

    def shrunk(self, box_px: BoxPx, size_px: tuple[int, int]) -> Picture:
        """See Colour."""
        x1, y1, x2, y2 = box_px
        halves = (slice(y1 // 2, (y2 + 1) // 2), slice(x1 // 2, (x2 + 1) // 2))
        half_size = size_px[0] // 2, size_px[1] // 2
        blue, red = self.differences()
        luma = _averaged(self.luma[y1:y2, x1:x2], size_px)
        return _converted(luma, _averaged(blue[halves], half_size), _averaged(red[halves], half_size))


def _converted_part(luma: Picture, blue: Picture, red: Picture, box_px: BoxPx) -> Picture:
    """The box as BGR from planes that begin at an even place and hold it."""
    x1, y1, x2, y2 = box_px
    left, top = x1 % 2, y1 % 2
    return _converted(luma, blue, red)[top : top + y2 - y1, left : left + x2 - x1]


def _averaged(plane: Picture, size_px: tuple[int, int]) -> Picture:
    """The plane brought to `size_px`; halved first as often as that goes, which costs a third of one step.

    What is left shrinks by less than a half: between two pixels no third is passed over then, and averaging
    by area would cost four times as much.
    """
    height, width = plane.shape
    while width >= 2 * size_px[0] and height >= 2 * size_px[1] and width % 2 == height % 2 == 0:
        width, height = width // 2, height // 2
        plane = as_picture(cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA))
    near = width <= 2 * size_px[0] and height <= 2 * size_px[1]
    how = cv2.INTER_LINEAR if near else cv2.INTER_AREA
    return as_picture(cv2.resize(plane, size_px, interpolation=how))


def _converted(luma: Picture, blue: Picture, red: Picture) -> Picture:
    """Planes of even sides (luma H x W, the others half of each) as BGR."""
    height, width = luma.shape
    planar = np.empty(height * width * 3 // 2, np.uint8)
    planar[: luma.size] = luma.ravel()
    planar[luma.size : luma.size + blue.size] = blue.ravel()
    planar[luma.size + blue.size :] = red.ravel()
    return as_picture(cv2.cvtColor(planar.reshape(-1, width), cv2.COLOR_YUV2BGR_I420))
