"""How well a box that is expected fits one that was found."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge.vehicles.detections import areas, iou, shared

LEAST_OVERLAP = 0.25
NEAR = 0.5
"""Without overlap, middles at most this part of the box's size apart are the same vehicle..."""
ALIKE = 1.5
"""...if neither side is more than this many times the other's."""
PART = 0.85
"""A box is a part of another when this share of it lies inside."""
LEAST_PART, MOST_PART = 0.15, 0.6
"""Of the whole a part is at least the one share (a cab is, a car in a carriageway's worth of road is not) and
at most the other: more is the same vehicle, seen a little smaller."""
LEVEL = 0.15
"""Boxes stand at the same place on the road when they end within this part of the first one's height."""

Centred = NDArray[np.float64]
"""Middle x, middle y, width, height."""
Place = tuple[float, float, float, float]
"""The same of one vehicle, or what it changes by in a second. Plain numbers: arrays of four cost ten times as
much."""


def centred(boxes_px: NDArray[np.float32]) -> Centred:
    """Corners (N x 4) as middles and sizes (N x 4)."""
    low, high = boxes_px[:, :2].astype(np.float64), boxes_px[:, 2:].astype(np.float64)
    return np.concatenate([(low + high) / 2, high - low], axis=1)


def corners(boxes: Centred) -> NDArray[np.float32]:
    """Middles and sizes (N x 4) as corners (N x 4)."""
    half = boxes[:, 2:] / 2
    return np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], axis=1).astype(np.float32)


def likeness(expected: Centred, found_px: NDArray[np.float32]) -> NDArray[np.float64]:
    """How well each expected box (N) fits each found (M): 1 + IoU where enough, else nearness, or 0."""
    overlap = iou(corners(expected), found_px).astype(np.float64)
    found = centred(found_px)
    apart = np.abs(expected[:, None, :2] - found[None, :, :2]) / np.maximum(expected[:, None, 2:], 1)
    ratio = expected[:, None, 2:] / np.maximum(found[None, :, 2:], 1)
    alike = ((ratio < ALIKE) & (ratio > 1 / ALIKE)).all(axis=2)
    distance = apart.max(axis=2)
    near = np.where(alike & (distance < NEAR), NEAR - distance, 0.0)
    return np.where(overlap >= LEAST_OVERLAP, 1 + overlap, near)


def parts(
    one_px: NDArray[np.float32], other_px: NDArray[np.float32]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each of `one_px` is a part of each of `other_px`, and the other way round: N x M each."""
    common = shared(one_px, other_px)
    one, other = areas(one_px)[:, None], areas(other_px)[None]
    is_part = (one >= LEAST_PART * other) & (one <= MOST_PART * other) & (common >= PART * one)
    is_whole = (other >= LEAST_PART * one) & (other <= MOST_PART * one) & (common >= PART * other)
    return is_part, is_whole


def level(one_px: NDArray[np.float32], other_px: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether each of `one_px` stands where each of `other_px` does, not before or behind it: N x M."""
    feet, high = one_px[:, 3], one_px[:, 3] - one_px[:, 1]
    return np.asarray(np.abs(feet[:, None] - other_px[None, :, 3]) <= LEVEL * high[:, None])


def covered(box: Place, by: Place) -> float:
    """The share of `box` that `by` covers."""
    (x, y, width, height), (other_x, other_y, other_width, other_height) = box, by
    across = min(x + width / 2, other_x + other_width / 2) - max(x - width / 2, other_x - other_width / 2)
    down = min(y + height / 2, other_y + other_height / 2) - max(y - height / 2, other_y - other_height / 2)
    return max(across, 0.0) * max(down, 0.0) / max(width * height, 1e-6)
