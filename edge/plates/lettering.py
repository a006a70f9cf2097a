"""Where lettering is in the crop of one vehicle: one broad look, however large the crop is.

The network (a DB network: a map of shrunken text regions) was taught to see lettering at half the size that
it needed as published (`edge/training/lettering`). How the lettering lies is for a closer look to say.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.frames import Picture, as_picture
from edge.plates.cuts import resized
from edge.runtime import open_session
from edge.weights import Weights

NETWORK = "plate_lettering/model.onnx"
MOST_PX = 26_000
LONGEST_SIDE_PX, MOST_ENLARGED = 640, 2.0
STRIDE_PX = 32
LETTERING = 0.4
"""From this value on a pixel of the map is lettering."""
UNCLIP = 1.6
"""How much smaller the map's regions are than their lettering, as the network's authors grow them back."""

Map = NDArray[np.float32]


@dataclass(frozen=True)
class Region:
    """A box around lettering, in pixels, and the most that the map says within it (0 to 1)."""

    x1: float
    y1: float
    x2: float
    y2: float
    odds: float

    @property
    def width_px(self) -> float:
        return self.x2 - self.x1

    @property
    def height_px(self) -> float:
        return self.y2 - self.y1

    @property
    def line_px(self) -> float:
        """The height of its line, whichever way it runs."""
        return min(self.width_px, self.height_px)

    @property
    def middle(self) -> tuple[float, float]:
        """x and y."""
        return ((self.x1 + self.x2) / 2, (self.y1 + self.y2) / 2)


class Lettering:
    """Looks for lettering in crops of vehicles."""

    def __init__(self, weights: Weights, threads: int) -> None:
        self._session = open_session(weights.path(NETWORK), threads)

    def regions(self, picture: Picture) -> list[Region]:
        """Where `picture` (H x W x 3) shows lettering, the surest first."""
        height, width = picture.shape[:2]
        scale = min(LONGEST_SIDE_PX / max(height, width), MOST_ENLARGED, (MOST_PX / (height * width)) ** 0.5)
        size = (_whole_strides(width * scale), _whole_strides(height * scale))
        small = cv2.cvtColor(resized(picture, size), cv2.COLOR_BGR2GRAY)
        return regions_of(self.map_of(as_picture(small)), (width / size[0], height / size[1]))

    def map_of(self, grey: Picture) -> Map:
        """The map of a grey picture (H x W, both multiples of STRIDE_PX), H x W, 0 to 1."""
        (maps,) = self._session.run(None, {"picture": grey[None, None].astype(np.float32) / 127.5 - 1})
        return np.asarray(maps[0, 0], np.float32)


def _whole_strides(side_px: float) -> int:
    return max(STRIDE_PX, round(side_px / STRIDE_PX) * STRIDE_PX)


def regions_of(lettering: Map, back: tuple[float, float]) -> list[Region]:
    """The regions of a map, the surest first, grown back; `back` brings its pixels to the picture's."""
    seen = (lettering > LETTERING).astype(np.uint8)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(seen, connectivity=8)
    regions: list[Region] = []
    for x, y, width, height in boxes[1:count, :4].tolist():
        odds = float(lettering[y : y + height, x : x + width].max())
        wide, tall = width * back[0], height * back[1]
        grow = wide * tall * UNCLIP / (wide + tall) / 2
        left, top = x * back[0], y * back[1]
        regions.append(Region(left - grow, top - grow, left + wide + grow, top + tall + grow, odds))
    return sorted(regions, key=lambda region: -region.odds)
