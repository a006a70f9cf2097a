"""Two more glances at a plate that the reader is unsure of: cut out straight by its text's corners.

What one cut makes hard to read another may not, and least of all one in which the plate no longer leans. The
geometric mean of the odds counts, so that one glance which sees that a character is another weighs as much as
one which is sure of it; none alone can rule a character out. Nine drawn plates in ten are read surely at the
first glance.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from edge.frames import Picture
from edge.plates.corners import straightened_text
from edge.plates.quads import Quad

UNSURE = 0.95
"""Below this probability of any place's likeliest character the plate is looked at again."""
MARGINS = (0.2, 0.5)
"""What is left around the text when it is straightened, in its heights, at each further glance."""
LEAST_ODDS = 0.02
"""What no glance can put a character's odds below."""

Odds = NDArray[np.float32]
Network = Callable[[list[Picture]], Odds]
"""Grey pictures of one plate to the odds of its characters: N x places x characters."""
Corners = Callable[[Picture], Quad | None]
"""A grey picture of one plate to the corners of its text."""


def odds_by_glances(grey: Picture, network: Network, corners: Corners) -> Odds:
    """The odds of each place's characters (places x characters), by one glance or by three."""
    first: Odds = network([grey])
    if float(first[0].max(axis=1).min()) >= UNSURE or (quad := corners(grey)) is None:
        return np.asarray(first[0], np.float32)
    further = network([straightened_text(grey, quad, margin) for margin in MARGINS])
    return together(np.concatenate([first, further]))


def together(glances: Odds) -> Odds:
    """The odds (places x characters) by several glances (N x places x characters)."""
    means = np.exp(np.log(np.maximum(glances, LEAST_ODDS)).mean(axis=0)) - LEAST_ODDS
    return np.asarray(means / means.sum(axis=1, keepdims=True), np.float32)
