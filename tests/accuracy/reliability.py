"""Whether an HGV score means what it says: of vehicles with a score of 0.8, eight in ten should be HGVs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

EDGES = (0.0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 1.0)
LEAST_ODDS = 1e-3

Scores = Sequence[tuple[float, bool]]


@dataclass(frozen=True)
class Band:
    """The vehicles whose score lies from `low` to below `high`, and how many of them are HGVs."""

    low: float
    high: float
    vehicles: int
    hgvs: int
    expected: float

    def __str__(self) -> str:
        return (
            f"{self.low:.2f} to {self.high:.2f}: {self.hgvs:3d} HGVs among {self.vehicles:3d}, "
            f"{self.expected:5.1f} expected"
        )


def bands(scores: Scores) -> Iterator[Band]:
    """The bands that hold any vehicle, lowest first."""
    for low, high in pairwise(EDGES):
        inside = [(s, hgv) for s, hgv in scores if low <= s < high or (s == high == 1.0)]
        if inside:
            yield Band(low, high, len(inside), sum(h for _, h in inside), sum(s for s, _ in inside))


def surprise(scores: Scores) -> float:
    """The mean of -ln of the odds that the score gave to what the vehicle was; 0 for an oracle."""
    odds = [max(score if hgv else 1 - score, LEAST_ODDS) for score, hgv in scores]
    return -sum(map(math.log, odds)) / len(odds) if odds else 0.0
