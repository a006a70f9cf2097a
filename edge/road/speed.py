"""A speed from places along the road: a line that outliers do not bend, and its standard error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

ROUNDS, HUBER = 10, 1.345
MOST_ALIKE = 0.9


@dataclass(frozen=True)
class EvenMotion:
    """The line: speed (signed), its standard error, and how far the places lie off it (root mean square)."""

    speed_mps: float
    error_mps: float
    off_m: float


def even_motion(times_s: Values, along_m: Values, along_error_m: float) -> EvenMotion:
    """The line through three places or more by Huber's weights.

    `along_error_m` is what one place may be wrong: few places that happen to lie on a line prove no more.
    """
    weights = np.ones(len(times_s))
    centred = times_s - times_s.mean()
    for _ in range(ROUNDS):
        slope, level = np.polyfit(centred, along_m, 1, w=np.sqrt(weights))
        off = along_m - slope * centred - level
        spread = max(1.4826 * float(np.median(np.abs(off))), 1e-3)
        weights = np.minimum(1.0, HUBER * spread / np.maximum(np.abs(off), 1e-9))
    off_m = float(np.sqrt((weights * off**2).sum() / (len(off) - 2)))
    # Neighbouring pictures are wrong in the same way, so they do not count as so many.
    together = (1 + _likeness(off)) / (1 - _likeness(off))
    base = float(np.sqrt((weights * centred**2).sum()))
    return EvenMotion(float(slope), max(off_m * float(np.sqrt(together)), along_error_m) / base, off_m)


def _likeness(off: Values) -> float:
    """How alike the residuals of neighbours are, 0 to MOST_ALIKE."""
    total = float((off**2).sum())
    return float(np.clip((off[1:] * off[:-1]).sum() / total, 0.0, MOST_ALIKE)) if total > 0 else 0.0
