"""Where in the picture to look for vehicles, and when: where most moves that was longest not looked at.

A picture of a camera's usual shape is shown to the detector whole: a vehicle near enough to be told
from others is large enough in it, and none is cut. A wider region of interest would lose too much, so it is
looked at through a square window that slides along it, as high as the region. Motion that no followed vehicle
explains draws the window at once; that of known vehicles, less. Now and then the region is looked at as a
whole, for vehicles that no window holds, and a window with all that lies still in it. A still has one chance
only and gets windows sooner.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from edge.vehicles.region import WHOLE, Cells, Region
from edge.vehicles.shown import SQUARE_PX, WIDE_PX, Shown, narrowed, shown_whole

WIDE, WIDE_STILL = 1.8, 1.4
"""A region is looked at through windows from this width to height on: above 16 to 9; in a still sooner."""
OVERLAP = 0.1
EXPLAINED = 0.1
"""What a moving cell of a followed vehicle weighs against one that nothing explains."""
DUE_CELLS_S = 8.0
"""Cells times the seconds they have waited, from which on a window is looked at."""
LONGEST_WAIT_S = 1.0
SHORTEST_REST_S, LONGEST_REST_S, LONGEST_REST_KNOWN_S = 0.09, 0.3, 0.6
"""Between two looks; a busy road costs no more than it may. The last: while only known vehicles move."""
NEWS = 0.2
"""Motion is news where this part of it is of no known vehicle; less may be their shadows."""
MOVED = 0.3
"""A vehicle is looked at again before it has moved by this part of its size."""
WHOLE_AGAIN_S, STILL_AGAIN_S = 2.0, 4.0
"""How long a wide region goes without a look at it as a whole, and what lies still without any."""
WELL_INSIDE = 0.12
"""Near the sides of a window, in parts of its width, vehicles are cut: those columns go on waiting."""


def window_width(width_px: int, height_px: int, region: Region, wide: float) -> float:
    """Width of the window in parts of the picture's: square, or as wide as a region less wide than `wide`."""
    x1, y1, x2, y2 = region
    side = (y2 - y1) * height_px / width_px
    return x2 - x1 if side * wide >= x2 - x1 else side


def still_parts(width_px: int, height_px: int, region: Region = WHOLE) -> list[Shown]:
    """What to show of a still of that size, as squares: the region itself, then windows that cover it."""
    x1, y1, x2, y2 = region
    side = window_width(width_px, height_px, region, WIDE_STILL)
    regions = [region]
    if side < x2 - x1:
        count = int(np.ceil((x2 - x1 - side) / (side * (1 - OVERLAP)))) + 1
        regions += [(float(x), y1, float(x) + side, y2) for x in np.linspace(x1, x2 - side, count)]
    return [Shown(part, SQUARE_PX) for part in regions]


class Scene(NamedTuple):
    """What is known of a picture before it is looked at; the cells are of the whole of it, as the gate's.

    `moving` are those where something moves or should be, `unexplained` those in which no followed vehicle
    explains it. `speed` is how many times their own size vehicles move in a second, `known` whether each of
    them has been found often, `near` whether one fills much of the picture.
    """

    moving: Cells
    unexplained: Cells
    speed: float
    known: bool
    near: bool

    def is_news(self) -> bool:
        """Whether something may move that is not followed yet, or was hardly found."""
        return not self.known or bool(self.unexplained.sum() >= NEWS * self.moving.sum())


class Search:
    """Chooses where to look next in pictures of one size."""

    def __init__(self, width_px: int, height_px: int, region: Region) -> None:
        self._picture_px, self._region = (width_px, height_px), region
        self._side = window_width(width_px, height_px, region, WIDE)
        self._looked_s: NDArray[np.float64] = np.zeros(0)
        self._last_s = self._looked_at_all_s = self._shown_whole_s = -np.inf

    def next(self, scene: Scene, at_s: float) -> Shown | None:
        """What to show the detector of the picture, or None."""
        longest_s = LONGEST_REST_S if scene.is_news() else LONGEST_REST_KNOWN_S
        if self._rests(scene.speed, longest_s, at_s):
            return None
        columns = scene.moving.shape[1]
        if len(self._looked_s) != columns:
            self._looked_s = np.full(columns, -np.inf)
        waited_s = np.minimum(at_s - self._looked_s, LONGEST_WAIT_S)
        weight = EXPLAINED * scene.moving.sum(axis=0) + (1 - EXPLAINED) * scene.unexplained.sum(axis=0)
        chosen = self._chosen(weight * waited_s, at_s)
        if chosen is None:
            return None
        self._last_s = at_s
        return self._shown(chosen, scene, at_s)

    def rests(self, speed: float, at_s: float) -> bool:
        """Whether it is too early for a look whatever moves, so that `next` need not be asked."""
        return self._rests(speed, LONGEST_REST_S, at_s)

    def _rests(self, speed: float, longest_s: float, at_s: float) -> bool:
        """Whether since the last look vehicles of that speed have not moved, nor `longest_s` gone by."""
        return at_s < self._last_s + min(max(MOVED / max(speed, 1e-3), SHORTEST_REST_S), longest_s)

    def _shown(self, chosen: Region, scene: Scene, at_s: float) -> Shown:
        """What moves in a wide part, and now and then all of it; a square's vehicles fill it too often."""
        shown = shown_whole(chosen, self._picture_px, squeezed=scene.near)
        if shown.size_px == WIDE_PX and at_s - self._shown_whole_s < STILL_AGAIN_S:
            return narrowed(shown, scene.moving)
        self._shown_whole_s = at_s
        return shown

    def _chosen(self, due: NDArray[np.float64], at_s: float) -> Region | None:
        x1, y1, x2, y2 = self._region
        columns = len(due)
        wide = max(1, round(self._side * columns))
        first, last = round(x1 * columns), max(round(x1 * columns), round(x2 * columns) - wide)
        sums = np.concatenate([[0.0], np.cumsum(due)])
        of_window = sums[first + wide : last + wide + 1] - sums[first : last + 1]
        if not len(of_window) or of_window.max() < DUE_CELLS_S:
            return None
        if last > first and at_s - self._looked_at_all_s >= WHOLE_AGAIN_S:
            self._looked_at_all_s = at_s
            return self._region
        fullest = np.flatnonzero(of_window >= of_window.max() - 1e-9)
        left = first + int(fullest[len(fullest) // 2])  # what moves stands in the middle of the window
        self._note(left, wide, first, last, at_s)
        return left / columns, y1, min(left / columns + self._side, x2), y2

    def _note(self, left: int, wide: int, first: int, last: int, at_s: float) -> None:
        """The columns that the window shows whole have been looked at."""
        margin = round(WELL_INSIDE * wide)
        begin = left if left == first else left + margin
        end = left + wide if left == last else left + wide - margin
        self._looked_s[begin:end] = at_s
