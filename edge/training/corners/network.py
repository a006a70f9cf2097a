"""The network: a few convolutions, then all places together say where the corners are."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers

from edge.plates.corners import INPUT_PX

CHANNELS = ((16, 5, 2), (32, 3, 2), (48, 3, 1), (64, 3, 2), (96, 3, 2))
"""Channels, kernel and stride of each convolution."""
_MIDDLING = (0.1, 0.2, 0.9, 0.2, 0.9, 0.8, 0.1, 0.8)
_GROSS = 0.5
"""Heights of a character from where on an error counts by its root: no hopeless plate rules a batch."""


def network() -> keras.Model:
    """N x 64 x 128 x 1, 0 to 255, to N x 8: x and y of four corners in 0 to 1 of the picture."""
    picture = keras.Input((INPUT_PX[1], INPUT_PX[0], 1), name="picture")
    x = layers.Rescaling(1 / 64, offset=-2)(picture)
    for channels, kernel, stride in CHANNELS:
        x = layers.Conv2D(channels, kernel, stride, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))
    x = layers.Dense(128, use_bias=False)(layers.Flatten()(x))
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))
    middling = keras.initializers.Constant(np.array(_MIDDLING, np.float32))
    return keras.Model(picture, layers.Dense(8, bias_initializer=middling, name="corners")(x))


def loss(wanted: Any, given: Any) -> Any:
    """The corners' mean error in heights of a character; `wanted` is N x 16, corners and those heights."""
    ops = keras.ops
    off = ops.abs(given - wanted[:, :8]) * wanted[:, 8:]
    return ops.mean(ops.where(off < _GROSS, off, ops.sqrt(_GROSS * ops.maximum(off, _GROSS))))
