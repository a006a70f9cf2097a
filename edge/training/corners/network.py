"""The network that says where the corners of a plate's text are, and what its errors count."""

from __future__ import annotations

from typing import Any

import keras

from edge.plates.corners import INPUT_PX
from edge.training.window_network import bounded, window_network

_MIDDLING = (0.1, 0.2, 0.9, 0.2, 0.9, 0.8, 0.1, 0.8)


def network() -> keras.Model:
    """N x 64 x 128 x 1, 0 to 255, to N x 8: x and y of four corners in 0 to 1 of the picture."""
    return window_network(INPUT_PX, 128, _MIDDLING, "corners")


def loss(wanted: Any, given: Any) -> Any:
    """The corners' mean error in heights of a character; `wanted` is N x 16, corners and those heights."""
    ops = keras.ops
    return ops.mean(bounded(ops.abs(given - wanted[:, :8]) * wanted[:, 8:]))
