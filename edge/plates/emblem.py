"""The coloured emblem before a plate's first character: a blue band, a flag, a coat of arms.

A reader of any text takes it for one more letter. Characters are black and the ground has one colour all
over, so what is coloured against the ground at the left end is no character.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge.frames import Picture

STARTS_WITHIN, ENDS_WITHIN = 0.4, 1.0
"""How far from the left end, in the line's heights, an emblem begins and ends."""
LARGEST_PART = 0.25
"""Of the line's width; more would be more than an emblem."""
COLOURED, COLOURED_ABOVE_REST = 0.2, 1.6
"""Chroma (0 to about 1) from which a column is coloured, and how many times that of the rest of the line."""
OF_ITS_STRONGEST = 0.5
LONGEST_GAP = 0.12
"""White between a shield and its letters, in the line's heights; a longer gap ends the emblem."""
GROUND_PERCENTILE = 75


def without_emblem(line: Picture) -> Picture:
    """The part of `line` (H x W x 3 BGR, one straightened line of a plate) after its emblem, if any."""
    return line[:, _emblem_px(line) :]


def _emblem_px(line: Picture) -> int:
    """How many columns at the left end are an emblem; 0 where none ends there."""
    height, width = line.shape[:2]
    within = min(int(ENDS_WITHIN * height), int(LARGEST_PART * width))
    chroma = _chroma_by_column(line)
    least = max(COLOURED, COLOURED_ABOVE_REST * float(np.percentile(chroma[within:], 90)))
    if within == 0 or chroma[: int(STARTS_WITHIN * height) + 1].max() < least:
        return 0
    least = max(least, OF_ITS_STRONGEST * float(chroma[:within].max()))
    coloured = np.flatnonzero(chroma[:within] >= least)
    gaps = np.flatnonzero(np.diff(coloured) > max(1.0, LONGEST_GAP * height))
    end = int(coloured[gaps[0]] if len(gaps) else coloured[-1]) + 1
    return end if end < within else 0


def _chroma_by_column(line: Picture) -> NDArray[np.float32]:
    """How coloured each column's most coloured quarter is, in the ground's own light (W, 0 to about 1)."""
    lit = line.astype(np.float32)
    ground = np.percentile(lit.reshape(-1, 3), GROUND_PERCENTILE, axis=0)
    lit = np.minimum(lit / np.maximum(ground, 1), 1.3)
    chroma = np.sort(lit.max(axis=2) - lit.min(axis=2), axis=0)
    strongest: NDArray[np.float32] = chroma[-max(1, line.shape[0] // 4) :].mean(axis=0)
    return strongest
