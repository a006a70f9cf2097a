"""What a vehicle's path in the picture says: its direction relative to the camera, and its lane."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from edge.seen import Direction

GROWTH = 0.08
"""A vehicle that grows by this part or more comes towards the camera; shrinking by it, it goes away."""
SHIFT = 0.04
"""Where size says nothing: how far down (or up) the picture its middle must move, as a part of the height."""
EDGE_PX = 6

Boxes = Sequence[Sequence[float]]
"""Boxes in order of time: middle x, middle y, width, height."""


def direction(boxes: Boxes, width_px: int, height_px: int) -> Direction:
    """Towards or away by growth in width, else by height in the picture.

    Boxes that the left or right edge cuts do not count; a vehicle that leaves below keeps its width.
    """
    whole = [box for box in boxes if _is_whole(box, width_px)]
    if len(whole) < 2:
        return "unknown"
    third = max(1, len(whole) // 3)
    before, after = whole[:third], whole[-third:]
    growth = math.log(_middle(after, 2) / _middle(before, 2))
    if abs(growth) >= GROWTH:
        return "towards" if growth > 0 else "away"
    shift = (_middle(after, 1) - _middle(before, 1)) / height_px
    if abs(shift) >= SHIFT:
        return "towards" if shift > 0 else "away"
    return "unknown"


def _middle(boxes: Boxes, side: int) -> float:
    return median(box[side] for box in boxes)


def _is_whole(box: Sequence[float], width_px: int) -> bool:
    x, _, wide, _ = box
    return x - wide / 2 > EDGE_PX and x + wide / 2 < width_px - EDGE_PX
