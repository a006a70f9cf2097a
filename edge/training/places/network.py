"""The network that says whether a window is of a plate and where its text's corners are."""

from __future__ import annotations

from typing import Any

import keras

from edge.plates.places import INPUT_PX
from edge.training.window_network import bounded, window_network

_MIDDLING = (0.2, 0.35, 0.8, 0.35, 0.8, 0.65, 0.2, 0.65, 0.0)
_PLATE = 0.15
"""What the answer whether it is a plate counts."""


def network() -> keras.Model:
    """N x 64 x 128 x 1, 0 to 255, to N x 9: x and y of four corners in parts of the picture, and a logit."""
    return window_network(INPUT_PX, 160, _MIDDLING, "place")


def loss(wanted: Any, given: Any) -> Any:
    """The corners' mean error in heights of the text, and the entropy of whether it is a plate."""
    ops = keras.ops
    off = bounded(ops.abs(given[:, :8] - wanted[:, :8]) * wanted[:, 8:16])
    plates = ops.maximum(ops.sum(wanted[:, 16]), 1.0)
    entropy = ops.binary_crossentropy(wanted[:, 16], given[:, 8], from_logits=True)
    return ops.sum(ops.mean(off, axis=1)) / plates + _PLATE * ops.mean(entropy)
