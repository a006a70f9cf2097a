"""What a camera is known to show, learnt once for a site's version and never learnt anew by itself.

Edges of what moves cancel out over some seconds. A view is kept for each level of light, as an edge that the
sun draws is another than one that a lamp draws; the one that fits best counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from edge.faults.matching import Edges, Match, best_of, can_be_told, edges_of, match_of
from edge.frames import Picture

LIGHT_LEVELS = (40.0, 80.0, 130.0)
"""Mean grey levels between which a view is kept for itself."""
RECENT_LOOKS = 15
"""Looks over which what is seen now is averaged: a lorry that passes is gone by then."""
LEARNT_AFTER_LOOKS = 300
"""Looks until a first view is known: a lorry that stood before the camera meanwhile is a small part of it."""
SETTLED_LOOKS = 60
SLOWEST_LOOKS = 600


@dataclass
class View:
    """The views a camera is known to show, by level of light; empty until one was learnt."""

    known: dict[int, Edges] = field(default_factory=dict)
    _learning: Edges | None = None
    _recent: Edges | None = None
    _looks: int = 0
    _recent_looks: int = 0
    _level: int = -1
    _level_looks: int = 0

    def look(self, small: Picture) -> Match | None:
        """Take in a small picture; how it fits, or None where there is nothing to compare yet."""
        edges = edges_of(small)
        self._looks += 1
        self._recent_looks += 1
        self._recent = _towards(self._recent, edges, min(self._recent_looks, RECENT_LOOKS))
        self._note_level(small)
        if not self.known:
            self._learn_first(edges)
            return None
        if self._recent_looks < RECENT_LOOKS or not can_be_told(self._recent):
            return None
        match = best_of([match_of(self._recent, known) for known in self.known.values()])
        if match.is_the_same:
            self._learn_more(edges, self._recent)
        return match

    def look_away(self) -> None:
        """There was nothing to be seen: what comes next is not to be mixed with what was before."""
        self._recent, self._recent_looks = None, 0

    def _note_level(self, small: Picture) -> None:
        level = int(np.searchsorted(LIGHT_LEVELS, float(small.mean())))
        self._level_looks = self._level_looks + 1 if level == self._level else 1
        self._level = level

    def _learn_first(self, edges: Edges) -> None:
        self._learning = _towards(self._learning, edges, self._looks)
        if self._looks >= LEARNT_AFTER_LOOKS and can_be_told(self._learning):
            self.known[self._level], self._learning = self._learning, None

    def _learn_more(self, edges: Edges, recent: Edges) -> None:
        """Follow slowly what changes in this light. A light is new once nothing of another is in `recent`."""
        known = self.known.get(self._level)
        if known is not None:
            self.known[self._level] = _towards(known, edges, SLOWEST_LOOKS)
        elif self._level_looks >= SETTLED_LOOKS:
            self.known[self._level] = recent


def _towards(mean: Edges | None, edges: Edges, looks: int) -> Edges:
    return edges if mean is None else np.asarray(mean + (edges - mean) / looks, np.complex64)
