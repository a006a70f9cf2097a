"""Carries boxes from one small picture to the next by the texture on them.

Points on a grid inside a box are followed by Lucas and Kanade's method and back again; the median of those
that come back where they were is how the box moved and grew (median flow, Kalal et al. 2010). It costs a
hundredth of a detection, so that detections can be rare.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.frames import Picture

ACROSS, DOWN = 3, 3
INSET = 0.2
"""Points keep this part of the box's sides away from its edges, where the road shows."""
LEAST_POINTS = 4
LARGEST_RETURN_PX = 1.0
WINDOW_PX, LEVELS, LEVELS_BACK = 11, 2, 0
"""The way back begins where it should end, so that it needs no halved pictures."""
REACH_PX = 48
"""How far from the points, and from where they are expected, a picture is worth a look."""
SMALLEST_SIDE_PX = 5.0
MOST_GROWTH = 1.25

Points = NDArray[np.float32]
Boxes = NDArray[np.float64]
"""N x 4: middle x, middle y, width, height."""


class Shift(NamedTuple):
    """How a box moved between two pictures: `x` and `y` in their pixels, `growth` 1 for the same size."""

    x: float
    y: float
    growth: float


def shifts(before: Picture, now: Picture, boxes: Boxes, expected: Boxes) -> list[Shift | None]:
    """How each of `boxes` (in `before`) moved, None where the texture does not say.

    `expected` is where each should be by its speed; the search begins there. Where boxes overlap, the one
    that ends lower in the picture stands in front and hides the other.
    """
    if not len(boxes):
        return []
    grids, ahead = _grids(boxes), _grids(expected)
    usable = np.asarray((boxes[:, 2:].min(axis=1) >= SMALLEST_SIDE_PX)[:, None] & ~_hidden(grids, boxes))
    moved = np.full_like(grids, np.nan)
    if usable.any():
        moved[usable] = _there_and_back(before, now, grids[usable], ahead[usable])
    return _median_shifts(boxes, moved - grids, moved)


def _grids(boxes: Boxes) -> Points:
    """The points of each box, N x P x 2."""
    return np.asarray(boxes[:, None, :2] + boxes[:, None, 2:] * _UNIT_GRID, np.float32)


def _there_and_back(before: Picture, now: Picture, points: Points, expected: Points) -> Points:
    """Where each of the points (in `before`) went, NaN for those that do not come back."""
    rows, columns = _around(np.concatenate([points, expected]), before.shape)
    corner = np.array([columns.start, rows.start], np.float32)
    before, now, points = before[rows, columns], now[rows, columns], points - corner
    there = _followed(before, now, points, expected - corner, LEVELS)
    back = _followed(now, before, there, points, LEVELS_BACK)
    away = np.abs(back - points).max(axis=1)
    there += corner
    there[away >= LARGEST_RETURN_PX] = np.nan
    return there


def _around(points: Points, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of the picture that following the points may touch: most of a quiet road's is spared.

    They begin where pixels of the halved pictures do, so that these are the same as of the whole.
    """
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return _reached(top, bottom, shape[0]), _reached(left, right, shape[1])


def _reached(first: float, last: float, side: int) -> slice:
    """What lies within REACH_PX of a side's part from `first` to `last`."""
    begin = int(min(max(first - REACH_PX, 0), max(side - REACH_PX, 0)))
    return slice(begin >> LEVELS << LEVELS, int(min(max(last + REACH_PX, REACH_PX), side)))


def _hidden(grids: Points, boxes: Boxes) -> NDArray[np.bool_]:
    """Which points (N x P) lie in a box that ends lower than their own."""
    if len(boxes) == 1:
        return np.zeros(grids.shape[:2], bool)
    inside = np.abs(grids[:, :, None] - boxes[None, None, :, :2]) < boxes[None, None, :, 2:] / 2
    feet = boxes[:, 1] + boxes[:, 3] / 2
    lower = feet[None, :] > feet[:, None]
    return np.asarray((inside.all(axis=3) & lower[:, None, :]).any(axis=2))


def _followed(before: Picture, now: Picture, points: Points, expected: Points, levels: int) -> Points:
    there, found, _ = cv2.calcOpticalFlowPyrLK(
        before,
        now,
        points,
        expected.copy(),
        winSize=(WINDOW_PX, WINDOW_PX),
        maxLevel=levels,
        criteria=_STOP,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    there[found.ravel() == 0] = -1e6
    return np.asarray(there, np.float32)


def _median_shifts(boxes: Boxes, shifted: Points, moved: Points) -> list[Shift | None]:
    """How each box moved; `moved` is where its points are now, `shifted` by how much, NaN where not known."""
    count = np.isfinite(moved[:, :, 0]).sum(axis=1)
    away, growth = _median(shifted, count), _median(_growth(boxes, moved), count * (count - 1) // 2)
    told = zip(count.tolist(), away.tolist(), growth.tolist(), strict=True)
    return [
        Shift(x, y, min(max(grown, 1 / MOST_GROWTH), MOST_GROWTH)) if points >= LEAST_POINTS else None
        for points, (x, y), grown in told
    ]


def _growth(boxes: Boxes, moved: Points) -> NDArray[np.float64]:
    """How much farther apart than in its box each pair of points is, N x pairs.

    Of a mean, the few points on the road beside the vehicle would make as much as all on it.
    """
    now, before = moved[:, _ONE] - moved[:, _OTHER], boxes[:, None, 2:] * _APART
    apart, were_apart = (np.hypot(away[..., 0], away[..., 1]) for away in (now, before))
    return np.asarray(apart / np.maximum(were_apart, 1e-3))


def _median(values: NDArray[Any], count: NDArray[np.intp]) -> NDArray[Any]:
    """The lower median of the `count` numbers of each row (along the second axis); the rest of it is NaN."""
    middle = np.maximum(count - 1, 0) // 2
    return np.asarray(np.sort(values, axis=1)[np.arange(len(values)), middle])


_STOP = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 5, 0.05)
_UNIT_GRID = np.stack(
    np.meshgrid(np.linspace(INSET - 0.5, 0.5 - INSET, ACROSS), np.linspace(INSET - 0.5, 0.5 - INSET, DOWN)),
    axis=-1,
).reshape(-1, 2)
_ONE, _OTHER = np.triu_indices(ACROSS * DOWN, 1)
"""All pairs of a box's points."""
_APART = _UNIT_GRID[_ONE] - _UNIT_GRID[_OTHER]
