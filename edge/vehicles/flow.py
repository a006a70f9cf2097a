"""Carries boxes from one small picture to the next by the texture on them.

Points on a grid inside a box are followed by Lucas and Kanade's method and back again; the median of those
that come back where they were is how the box moved and grew (median flow, Kalal et al. 2010). It costs a
hundredth of a detection, so that detections can be rare.
"""

from __future__ import annotations

from typing import NamedTuple

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
    grids = np.asarray(boxes[:, None, :2] + boxes[:, None, 2:] * _UNIT_GRID, np.float32)
    large_enough = np.asarray(boxes[:, 2:].min(axis=1) >= SMALLEST_SIDE_PX)
    usable = np.asarray(large_enough[:, None] & ~_hidden(grids, boxes))
    moved = np.full_like(grids, np.nan)
    if usable.any():
        points = grids[usable]
        ahead = np.asarray(expected[:, None, :2] + expected[:, None, 2:] * _UNIT_GRID, np.float32)
        moved[usable] = _there_and_back(before, now, points, ahead[usable])
    return _median_shifts(grids, moved)


def _there_and_back(before: Picture, now: Picture, points: Points, expected: Points) -> Points:
    """Where each of the points (in `before`) went, NaN for those that do not come back."""
    rows, columns = _around(np.concatenate([points, expected]), before.shape)
    corner = np.array([columns.start, rows.start], np.float32)
    before, now, points = before[rows, columns], now[rows, columns], points - corner
    there = _followed(before, now, points, expected - corner, LEVELS)
    back = _followed(now, before, there, points, LEVELS_BACK)
    away = np.abs(back - points).max(axis=1)
    return np.asarray(np.where((away < LARGEST_RETURN_PX)[:, None], there + corner, np.nan), np.float32)


def _around(points: Points, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of the picture that following the points may touch: most of a quiet road's is spared.

    They begin where pixels of the halved pictures do, so that these are the same as of the whole.
    """
    size = np.array(shape[::-1])
    low = np.clip(points.min(axis=0) - REACH_PX, 0, np.maximum(size - REACH_PX, 0)).astype(int)
    high = np.clip(points.max(axis=0) + REACH_PX, REACH_PX, size).astype(int)
    (left, top), (right, bottom) = (low >> LEVELS << LEVELS).tolist(), high.tolist()
    return slice(top, bottom), slice(left, right)


def _hidden(grids: Points, boxes: Boxes) -> NDArray[np.bool_]:
    """Which points (N x P) lie in a box that ends lower than their own."""
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


def _median_shifts(grids: Points, moved: Points) -> list[Shift | None]:
    good = ~np.isnan(moved[:, :, 0])
    x, y = (_median(moved[:, :, i] - grids[:, :, i], good) for i in (0, 1))
    growth = np.clip(_growth(grids, moved, good), 1 / MOST_GROWTH, MOST_GROWTH)
    return [
        Shift(*told) if points >= LEAST_POINTS else None
        for points, *told in zip(
            good.sum(axis=1).tolist(), x.tolist(), y.tolist(), growth.tolist(), strict=True
        )
    ]


def _growth(grids: Points, moved: Points, good: NDArray[np.bool_]) -> Points:
    """How much farther apart the points of each box are: the median over all pairs.

    Of a mean, the few points on the road beside the vehicle would make as much as all on it.
    """
    before, now = grids[:, _ONE] - grids[:, _OTHER], moved[:, _ONE] - moved[:, _OTHER]
    apart = np.hypot(now[..., 0], now[..., 1]) / np.maximum(np.hypot(before[..., 0], before[..., 1]), 1e-3)
    return _median(apart, good[:, _ONE] & good[:, _OTHER])


def _median(values: Points, good: NDArray[np.bool_]) -> Points:
    """The (lower) median of the good values of each row; NaN where there are none."""
    middle = np.maximum(good.sum(axis=1) - 1, 0) // 2
    ordered = np.sort(np.where(good, values, np.nan), axis=1)  # NaN sorts behind all numbers
    return np.asarray(ordered[np.arange(len(values)), middle])


_STOP = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 5, 0.05)
_UNIT_GRID = np.stack(
    np.meshgrid(np.linspace(INSET - 0.5, 0.5 - INSET, ACROSS), np.linspace(INSET - 0.5, 0.5 - INSET, DOWN)),
    axis=-1,
).reshape(-1, 2)
_ONE, _OTHER = np.triu_indices(ACROSS * DOWN, 1)
"""All pairs of a box's points."""
