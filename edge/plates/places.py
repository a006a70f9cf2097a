"""A closer look at places with lettering: is it a plate's, and where are its characters' four corners?

A small network of this project (`edge/training/places`), taught on drawn vehicles with what the broad look
(`edge.plates.lettering`) makes of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from edge.frames import Picture
from edge.plates.cuts import Box, box_around, cut_out, in_picture
from edge.plates.lettering import Region
from edge.plates.quads import Quad
from edge.runtime import open_session
from edge.weights import Weights

NETWORK = "plate_places/model.onnx"
INPUT_PX = (128, 64)
ACROSS, DOWN = 0.7, 0.9
"""What is looked at around a region, in its line's heights: a plate's other line may lie there."""


def window_around(region: Region) -> Box:
    """What the closer look takes in."""
    corners = np.array([(region.x1, region.y1), (region.x2, region.y2)], np.float32)
    return box_around(corners, ACROSS * region.line_px, DOWN * region.line_px)


class PlatePlaces:
    """Looks closer at windows of a vehicle."""

    def __init__(self, weights: Weights, threads: int) -> None:
        self._session = open_session(weights.path(NETWORK), threads)

    def look(self, picture: Picture, windows: Sequence[Box]) -> list[tuple[Quad, float]]:
        """For each window of `picture` (H x W x 3) the corners of the characters in the picture's pixels, and
        the odds (0 to 1) that they are a plate's."""
        if not windows:
            return []
        cuts = [cv2.cvtColor(cut_out(picture, one, INPUT_PX), cv2.COLOR_BGR2GRAY) for one in windows]
        (said,) = self._session.run(None, {"picture": np.stack(cuts)[..., None]})
        odds = 1 / (1 + np.exp(-said[:, 8].astype(np.float64)))
        corners = said[:, :8].reshape(-1, 4, 2)
        return [
            (in_picture(quad, one), float(sure))
            for quad, one, sure in zip(corners, windows, odds, strict=True)
        ]
