"""More glances at a plate that the reader is unsure of: cut a little closer, and a little wider.

What one cut makes hard to read another may not. The mean of their odds counts, so that no glance alone can
rule a character out. Nine drawn plates in ten are read surely at the first; others cost three times as much.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.frames import Picture, as_picture

UNSURE = 0.9
"""Below this probability of any place's likeliest character the plate is looked at again."""
CLOSER, WIDER = 0.03, 0.04
"""What is cut off each side, or added to it, in parts of the plate's sides."""

Odds = NDArray[np.float32]
Network = Callable[[list[Picture]], Odds]
"""Grey pictures of one plate to the odds of its characters: N x places x characters."""


def odds_by_glances(grey: Picture, network: Network) -> Odds:
    """The odds of each place's characters (places x characters), by one glance or by three."""
    first: Odds = network([grey])
    if float(first[0].max(axis=1).min()) >= UNSURE:
        return np.asarray(first[0], np.float32)
    more = network([_closer(grey), _wider(grey)])
    return np.asarray(np.concatenate([first, more]).mean(axis=0), np.float32)


def _closer(grey: Picture) -> Picture:
    down, across = (round(CLOSER * side) for side in grey.shape)
    return grey[down : grey.shape[0] - down, across : grey.shape[1] - across]


def _wider(grey: Picture) -> Picture:
    down, across = (round(WIDER * side) for side in grey.shape)
    return as_picture(cv2.copyMakeBorder(grey, down, down, across, across, cv2.BORDER_REPLICATE))
