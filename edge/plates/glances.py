"""More glances at a plate that the reader is unsure of: straightened by its text's corners, closer, wider.

What one cut makes hard to read another may not, and least of all one in which the plate no longer leans. The
mean of the odds counts, so that no glance alone can rule a character out. Nine drawn plates in ten are read
surely at the first glance; of the others those that lean cost twice as much, those that do not four times.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.frames import Picture, as_picture
from edge.plates.corners import straightened_text
from edge.plates.quads import Quad, height_px

UNSURE = 0.9
"""Below this probability of any place's likeliest character the plate is looked at again."""
MARGIN = 0.25
"""What is left around the text when it is straightened, in its heights."""
LEANING, LEANING_PX = 0.06, 0.5
"""How far the text's corners lie from those of the upright box around it, in its heights and in pixels: from
both on it leans, and a cut that leaves it leaning adds nothing. Half a pixel is as well as they are known."""
CLOSER, WIDER = 0.03, 0.04
"""What is cut off each side, or added to it, in parts of the crop's sides."""

Odds = NDArray[np.float32]
Network = Callable[[list[Picture]], Odds]
"""Grey pictures of one plate to the odds of its characters: N x places x characters."""
Corners = Callable[[Picture], Quad | None]
"""A grey picture of one plate to the corners of its text."""


def odds_by_glances(grey: Picture, network: Network, corners: Corners) -> Odds:
    """The odds of each place's characters (places x characters), by one glance, two or four."""
    first: Odds = network([grey])
    if float(first[0].max(axis=1).min()) >= UNSURE or (quad := corners(grey)) is None:
        return np.asarray(first[0], np.float32)
    glances = [straightened_text(grey, quad, MARGIN)]
    if not leans(quad):
        glances += [_closer(grey), _wider(grey)]
    return np.asarray(np.concatenate([first, network(glances)]).mean(axis=0), np.float32)


def leans(quad: Quad) -> bool:
    """Whether the text within the corners leans so much that straightening it shows more."""
    (x1, y1), (x2, y2) = quad.min(axis=0), quad.max(axis=0)
    upright = np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])
    apart_px = float(np.linalg.norm(quad - upright, axis=1).mean())
    return apart_px >= max(LEANING * height_px(quad), LEANING_PX)


def _closer(grey: Picture) -> Picture:
    down, across = (round(CLOSER * side) for side in grey.shape)
    return grey[down : grey.shape[0] - down, across : grey.shape[1] - across]


def _wider(grey: Picture) -> Picture:
    down, across = (round(WIDER * side) for side in grey.shape)
    return as_picture(cv2.copyMakeBorder(grey, down, down, across, across, cv2.BORDER_REPLICATE))
