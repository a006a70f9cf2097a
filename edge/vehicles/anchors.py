"""Where the detector's boxes start from: a grid of places for each of its maps, and some sizes at each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

PUBLISHED_PX = 300
"""The square that the published anchors belong to."""
FIRST_STRIDE = 16
"""What the finest map takes together of the picture; each map after it halves that again."""
PLACES = (3, 6, 6, 6, 6, 6)
"""Anchors at each place of a map, from the finest map to the coarsest."""


@dataclass(frozen=True)
class Anchors:
    """The anchors of one input size, in parts of its sides: `centres` and `sizes` are N x 2, y before x."""

    centres: NDArray[np.float32]
    sizes: NDArray[np.float32]

    @classmethod
    def of(cls, published: NDArray[np.float32], size_px: tuple[int, int]) -> Self:
        """The published anchors (1917 x 4, y1 x1 y2 x2 in parts of their square) for another size.

        They keep their size in pixels, which is what the network has learned, on grids of that size.
        """
        stretch = np.array([PUBLISHED_PX / size_px[1], PUBLISHED_PX / size_px[0]])
        centres, sizes, begin = [], [], 0
        square, grid = _after(PUBLISHED_PX, FIRST_STRIDE), [_after(px, FIRST_STRIDE) for px in size_px]
        for places in PLACES:
            here = published[begin : begin + places]
            ys, xs = np.divmod(np.arange(grid[0] * grid[1]), grid[0])
            middle = np.stack([(ys + 0.5) / grid[1], (xs + 0.5) / grid[0]], axis=1)
            centres.append(np.repeat(middle, places, axis=0))
            sizes.append(np.tile((here[:, 2:] - here[:, :2]) * stretch, (len(middle), 1)))
            begin += square**2 * places
            square, grid = _after(square, 2), [_after(side, 2) for side in grid]
        return cls(np.concatenate(centres).astype(np.float32), np.concatenate(sizes).astype(np.float32))


def _after(side: int, stride: int) -> int:
    return -(-side // stride)
