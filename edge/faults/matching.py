"""Compares two views of a camera by where edges lie and which way they run, not by how bright anything is."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.frames import Picture

Edges = NDArray[np.complex64]
"""45 x 80 cells: how much of an edge each is (0 to 1) and, as twice the angle, which way that runs."""

EDGE_LEVELS = 6.0
"""Grey levels across a cell that make it half an edge."""
LEAST_EDGES = 30.0
"""Cells with edges that a view needs to be told from another: an unlit road at night has fewer."""
TILES = (3, 5)
"""Rows and columns of tiles that are compared each by itself: a caption or a lamp is in few of them."""
LEAST_TILE_EDGES = 2.0
LEAST_TILES = 4
LEAST_MATCH = 0.3
"""Correlation below which half of the tiles show something else.

Measured on twelve real clips and four drawn ones: the same camera seconds later 0.8 to 1.0, in a seventh of
the light 0.7 to 0.9, lit by a single lamp 0.56 to 0.78, one that looks 30 % aside at most 0.26; one traffic
camera at five dates within two months, one of them a wet night, 0.24 to 0.64, all but the furthest apart
0.34 at least; 218 pairs of different cameras at most 0.28.
"""
CERTAIN_MATCH = 0.55
"""Correlation from which half of the tiles show the same; in between nothing is learnt and nothing said."""
FURTHEST_CELLS = (16, 9)
LEAST_SHIFT_CELLS = 1.5
LEAST_SHIFTED_MATCH = 0.4
SHIFT_MARGIN = 0.15
"""How much better a shifted view has to fit than the same one for the camera to have been knocked aside."""


@dataclass(frozen=True)
class Match:
    """How well what is seen fits what is known, as correlations.

    `tiles` is the median over tiles, `still` the whole picture's, `shifted` that at the best shift of all,
    which is by `shift_cells` across and down.
    """

    tiles: float
    still: float
    shifted: float
    shift_cells: tuple[int, int]

    @property
    def is_knocked(self) -> bool:
        """Whether the known view is there, but elsewhere in the picture."""
        far = np.hypot(*self.shift_cells) >= LEAST_SHIFT_CELLS
        return bool(far and self.shifted >= LEAST_SHIFTED_MATCH and self.shifted - self.still >= SHIFT_MARGIN)

    @property
    def is_another(self) -> bool:
        """Whether the known view is not there."""
        return self.tiles < LEAST_MATCH

    @property
    def is_the_same(self) -> bool:
        """Whether the known view is there without doubt, so that what is seen may be learnt as part of it."""
        return self.tiles >= CERTAIN_MATCH and not self.is_knocked


def edges_of(small: Picture) -> Edges:
    """For each cell how much of an edge it is (0 to 1) and, as twice the angle, which way that runs."""
    smooth = cv2.GaussianBlur(small.astype(np.float32), (3, 3), 0)
    across = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=0.125))
    down = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=0.125))
    gradient = across + 1j * down
    strength = across * across + down * down
    return np.asarray(gradient * gradient / (strength + EDGE_LEVELS**2), np.complex64)


def match_of(seen: Edges, known: Edges) -> Match:
    """How well `seen` fits `known`, as it is and at every shift up to FURTHEST_CELLS."""
    spectrum = np.fft.fft2(seen) * np.conj(np.fft.fft2(known))
    fits = np.fft.ifft2(spectrum).real / max(np.sqrt(_energy(seen) * _energy(known)), 1e-6)
    x, y = FURTHEST_CELLS
    near = np.roll(fits, (y, x), axis=(0, 1))[: 2 * y + 1, : 2 * x + 1]
    row, column = np.unravel_index(int(near.argmax()), near.shape)
    shift_cells = int(column) - x, int(row) - y
    return Match(_tiles_match(seen, known), float(fits[0, 0]), float(near.max()), shift_cells)


def best_of(matches: list[Match]) -> Match:
    """The best of each: one of the known views is enough to be the same."""
    shifted = max(matches, key=lambda match: match.shifted)
    tiles, still = max(match.tiles for match in matches), max(match.still for match in matches)
    return Match(tiles, still, shifted.shifted, shifted.shift_cells)


def _tiles_match(seen: Edges, known: Edges) -> float:
    """The median correlation of the tiles that show edges now: where it is dark, nothing has moved."""
    there = _tile_sums(np.abs(seen) ** 2)
    expected = _tile_sums(np.abs(known) ** 2)
    fits = _tile_sums((seen * np.conj(known)).real) / np.sqrt(np.maximum(there * expected, 1e-6))
    return float(np.median(fits[there >= LEAST_TILE_EDGES]))


def _tile_sums(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    rows, columns = TILES
    height, width = cells.shape
    tiles = cells.reshape(rows, height // rows, columns, width // columns)
    return np.asarray(tiles.sum(axis=(1, 3)), np.float32)


def can_be_told(edges: Edges) -> bool:
    """Whether there are edges enough, in tiles enough, to tell one view from another."""
    there = _tile_sums(np.abs(edges) ** 2)
    return bool(there.sum() >= LEAST_EDGES and np.count_nonzero(there >= LEAST_TILE_EDGES) >= LEAST_TILES)


def _energy(edges: Edges) -> float:
    return float(np.vdot(edges, edges).real)
