"""What one or two samples show: a picture without content, a picture that is all noise."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np

from edge.faults.sample import Sample
from edge.frames import Picture

DARKEST = 30
"""Grey level below which a cell is black: studio-range black is 16, a covered sensor's noise lies above."""
BRIGHTEST = 225
"""Grey level from which a cell is burnt out: studio-range white is 235."""
WHOLE = 0.995
BURNT = 0.95
"""Shares of the cells that have to be black, or burnt out: one lamp is enough to see that it is night."""
LEAST_CONTRAST = 2.5
"""Standard deviation of the cells in grey levels; a road in fog still has more."""
NOISE_LEVELS = 12
"""Grey levels by which half of the pixels differ from their neighbours, and from themselves a look ago."""


def blank(small: Picture) -> Literal["black", "blinded"] | None:
    """Whether a small picture shows nothing at all, and how."""
    if np.count_nonzero(small < DARKEST) >= WHOLE * small.size:
        return "black"
    if np.count_nonzero(small >= BRIGHTEST) >= BURNT * small.size or small.std() < LEAST_CONTRAST:
        return "blinded"
    return None


def is_noise(sample: Sample, before: Sample | None) -> bool:
    """Whether most pixels differ from their neighbours and from themselves a moment ago: no scene does both.

    A textured scene stays itself from one look to the next; what moves is smooth, or leaves most of it alone.
    """
    if before is None or before.rows.shape != sample.rows.shape or sample.rows.shape[1] < 2:
        return False
    apart = cv2.absdiff(sample.rows[:, 1:], sample.rows[:, :-1])
    changed = cv2.absdiff(sample.rows, before.rows)
    return _half_exceeds(np.asarray(apart)) and _half_exceeds(np.asarray(changed))


def _half_exceeds(levels: Picture) -> bool:
    return bool(np.count_nonzero(levels > NOISE_LEVELS) * 2 > levels.size)
