"""The network: convolutions, then all places together say where the corners are and if it is a plate."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers

from edge.plates.places import INPUT_PX

CHANNELS = ((16, 5, 2), (32, 3, 2), (48, 3, 1), (64, 3, 2), (96, 3, 2))
"""Channels, kernel and stride of each convolution."""
_MIDDLING = (0.2, 0.35, 0.8, 0.35, 0.8, 0.65, 0.2, 0.65, 0.0)
_GROSS = 0.5
"""Heights of a text from where on an error counts by its root: no hopeless plate rules a batch."""
_PLATE = 0.15
"""What the answer whether it is a plate counts."""


def network() -> keras.Model:
    """N x 64 x 128 x 1, 0 to 255, to N x 9: x and y of four corners in parts of the picture, and a logit."""
    picture = keras.Input((INPUT_PX[1], INPUT_PX[0], 1), name="picture")
    x = layers.Rescaling(1 / 64, offset=-2)(picture)
    for channels, kernel, stride in CHANNELS:
        x = layers.Conv2D(channels, kernel, stride, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))
    x = layers.Dense(160, use_bias=False)(layers.Flatten()(x))
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))
    middling = keras.initializers.Constant(np.array(_MIDDLING, np.float32))
    return keras.Model(picture, layers.Dense(9, bias_initializer=middling, name="place")(x))


def loss(wanted: Any, given: Any) -> Any:
    """The corners' mean error in heights of the text, and the entropy of whether it is a plate."""
    ops = keras.ops
    off = ops.abs(given[:, :8] - wanted[:, :8]) * wanted[:, 8:16]
    bounded = ops.where(off < _GROSS, off, ops.sqrt(_GROSS * ops.maximum(off, _GROSS)))
    plates = ops.maximum(ops.sum(wanted[:, 16]), 1.0)
    entropy = ops.binary_crossentropy(wanted[:, 16], given[:, 8], from_logits=True)
    return ops.sum(ops.mean(bounded, axis=1)) / plates + _PLATE * ops.mean(entropy)
