"""One picture of a source: luma at once, colour only when somebody asks for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from edge.colour import BoxPx, Colour, Picture, as_picture
from edge.errors import PictureError

__all__ = ["BoxPx", "Frame", "Picture", "as_picture"]


@dataclass(frozen=True)
class Frame:
    """One picture: `luma` is H x W uint8, `colour` gives parts of it as BGR.

    `number` counts the source's frames from 0, `at` is the source's time in UTC, `offset_s` the seconds
    since the source began. Raises PictureError for a luma plane that is not a picture.
    """

    number: int
    at: datetime
    offset_s: float
    luma: Picture
    colour: Colour = field(repr=False, compare=False)

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

    @property
    def whole_px(self) -> BoxPx:
        """The box that is the whole picture."""
        return 0, 0, self.width_px, self.height_px

    def bgr(self) -> Picture:
        """The whole picture in blue, green, red: H x W x 3."""
        return self.colour.part(self.whole_px)
