"""One picture of a source: luma at once, colour only when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from edge.errors import PictureError

Picture = NDArray[np.uint8]


def as_picture(array: object) -> Picture:
    """What OpenCV and PyAV return, typed as the 8-bit picture that it is; copies nothing."""
    return np.asarray(array, np.uint8)


@dataclass(frozen=True)
class Frame:
    """One picture: `luma` is H x W uint8, `bgr()` H x W x 3 uint8.

    `number` counts the source's frames from 0, `at` is the source's time in UTC, `offset_s` the seconds
    since the source began. Raises PictureError for a luma plane that is not a picture.
    """

    number: int
    at: datetime
    offset_s: float
    luma: Picture
    colour: Callable[[], Picture] = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.luma.ndim != 2 or 0 in self.luma.shape:
            raise PictureError(
                f"frame {self.number}: luma has shape {self.luma.shape}, expected height x width"
            )

    @property
    def width_px(self) -> int:
        return int(self.luma.shape[1])

    @property
    def height_px(self) -> int:
        return int(self.luma.shape[0])

    def bgr(self) -> Picture:
        """The picture in blue, green, red; converted at the first call and kept with the frame."""
        return self._bgr

    @cached_property
    def _bgr(self) -> Picture:
        return self.colour()
