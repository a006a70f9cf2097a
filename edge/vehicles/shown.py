"""What the detector is shown: which part of a picture, and how large.

A wide part is shown as wide as it is: that finds more vehicles that pass than squeezing it into the square
that the network was trained on, for two thirds of the time. Where most of it lies still, as on a village
road, it is narrowed to what moves, as large as it was: the network takes pictures of any size, and costs as
much less.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.vehicles.region import Cells, Region

SizePx = tuple[int, int]
"""Width and height."""
WIDE_PX, SQUARE_PX = (352, 192), (300, 300)
"""What the network is shown of a wide part of the picture, and of any other."""
WIDE = 1.7
"""From this width to height on a part of the picture is wide."""
BLOCK_PX = 32
"""Wide parts are narrowed by whole blocks of this side: the network's maps begin at the same places then."""
LEAST_BLOCKS = (4, 3)
"""Across and down: smaller parts would spare little more and show a vehicle without its surroundings."""
MARGIN = 0.05
"""What is left around that which moves, in parts of the width of the cells."""
LEAST_NEIGHBOURS = 3
"""A cell moves with the vehicle when so many of the nine around it do: one alone is a leaf, or noise."""


class Shown(NamedTuple):
    """A part of the picture, and the size (both even) that it is brought to for the network."""

    region: Region
    size_px: SizePx


def shown_whole(region: Region, picture_px: SizePx, squeezed: bool = False) -> Shown:
    """All of `region` of a picture of `picture_px`; `squeezed` makes a square of a wide one too."""
    x1, y1, x2, y2 = region
    wide = (x2 - x1) * picture_px[0] >= WIDE * (y2 - y1) * picture_px[1]
    return Shown(region, WIDE_PX if wide and not squeezed else SQUARE_PX)


def narrowed(shown: Shown, moving: Cells) -> Shown:
    """The part of `shown` that holds all that moves in it, as large as it was; all of it if nothing does.

    The sides of `shown` are whole blocks.
    """
    x1, y1, x2, y2 = shown.region
    rows, columns = moving.shape
    top, bottom, left, right = round(y1 * rows), round(y2 * rows), round(x1 * columns), round(x2 * columns)
    together = _together(moving[max(top, 0) : bottom, max(left, 0) : right])
    if not together.any():
        return shown
    margin = MARGIN * columns
    rows_move, columns_move = np.asarray(together.any(axis=1)), np.asarray(together.any(axis=0))
    across = _span(columns_move, margin, shown.size_px[0], LEAST_BLOCKS[0])
    down = _span(rows_move, margin, shown.size_px[1], LEAST_BLOCKS[1])
    width, height = (x2 - x1) / shown.size_px[0], (y2 - y1) / shown.size_px[1]
    region = x1 + across[0] * width, y1 + down[0] * height, x1 + across[1] * width, y1 + down[1] * height
    return Shown(region, (across[1] - across[0], down[1] - down[0]))


def _together(moving: Cells) -> Cells:
    """Without the cells that move alone."""
    around = cv2.boxFilter(moving.astype(np.uint8), -1, (3, 3), normalize=False)
    together: Cells = moving & (around >= LEAST_NEIGHBOURS)
    return together


def _span(moves: NDArray[np.bool_], margin: float, side_px: int, least_blocks: int) -> tuple[int, int]:
    """First and last pixel of the blocks of a side that hold what moves along it."""
    places, blocks = np.flatnonzero(moves), side_px // BLOCK_PX
    begin, end = (places[0] - margin) / len(moves), (places[-1] + 1 + margin) / len(moves)
    first, last = max(0, math.floor(begin * blocks)), min(blocks, math.ceil(end * blocks))
    lacking = max(0, least_blocks - (last - first))
    first = min(max(0, first - lacking // 2), blocks - least_blocks)
    return first * BLOCK_PX, max(last, first + least_blocks) * BLOCK_PX
