"""What the network is to answer: a map of plate centres and, at each, where the four corners lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from edge.plates.quads import Quad, height_px, width_px
from edge.training.finder.hanging import SIDE_PX
from edge.training.finder.scenes import Scene

STRIDE_PX = 8
CORNER_UNIT_PX = 16.0
"""Corners are given from the middle of their cell, in this many pixels."""
CHANNELS = 11
"""Centre, weight of the centre map, eight corner coordinates, weight of the corners."""


def target(scene: Scene) -> NDArray[np.float32]:
    """Cells x cells x CHANNELS for one scene."""
    cells = SIDE_PX // STRIDE_PX
    wanted = np.zeros((cells, cells, CHANNELS), np.float32)
    wanted[..., 1] = 1
    middles = (np.arange(cells, dtype=np.float32) + 0.5) * STRIDE_PX
    for quad in scene.ignored:
        _spread(wanted[..., 1], _nearness(quad, middles, 0.6), forget=True)
    for quad in scene.plates:
        near = _nearness(quad, middles, 0.2)
        column, row = np.clip(quad.mean(axis=0) // STRIDE_PX, 0, cells - 1).astype(int)
        near[row, column] = 1
        _spread(wanted[..., 0], near)
        at_hand = near > np.maximum(0.6, wanted[..., 10] * height_px(quad) / CORNER_UNIT_PX)
        grid = np.stack(np.meshgrid(middles, middles), axis=-1)
        offsets = (quad[None, None] - grid[:, :, None]) / CORNER_UNIT_PX
        wanted[at_hand, 2:10] = offsets.reshape(cells, cells, 8)[at_hand]
        wanted[at_hand, 10] = near[at_hand] * CORNER_UNIT_PX / height_px(quad)
    return wanted


def _nearness(quad: Quad, middles: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """1 at the plate's middle, falling off along and across it over `share` of its width and height."""
    x, y = quad.mean(axis=0)
    along, across = (quad[1] + quad[2] - quad[0] - quad[3]) / 2, (quad[3] + quad[2] - quad[0] - quad[1]) / 2
    spread_along = max(share * width_px(quad) * 0.6, 0.45 * STRIDE_PX)
    spread_across = max(share * height_px(quad), 0.45 * STRIDE_PX)
    grid = np.stack(np.meshgrid(middles - x, middles - y), axis=-1)
    u = grid @ (along / max(float(np.linalg.norm(along)), 1e-6)) / spread_along
    v = grid @ (across / max(float(np.linalg.norm(across)), 1e-6)) / spread_across
    return np.asarray(np.exp(-(u**2 + v**2) / 2), np.float32)


def _spread(channel: NDArray[np.float32], near: NDArray[np.float32], forget: bool = False) -> None:
    channel[:] = np.where(near > 0.3, 0, channel) if forget else np.maximum(channel, near)
