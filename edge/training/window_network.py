"""The trunk of the networks that look at one window of 128 x 64, and how their corners' errors count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers

CHANNELS = ((16, 5, 2), (32, 3, 2), (48, 3, 1), (64, 3, 2), (96, 3, 2))
"""Channels, kernel and stride of each convolution."""
_GROSS = 0.5
"""Heights of a text from where on an error counts by its root: no hopeless plate rules a batch."""


def window_network(size: tuple[int, int], hidden: int, middling: Sequence[float], name: str) -> keras.Model:
    """N x H x W x 1 (`size` is W, H), 0 to 255, to N x as many answers as there are `middling` ones.

    A few convolutions, then all places together; it begins with the middling answers.
    """
    picture = keras.Input((size[1], size[0], 1), name="picture")
    x = layers.Rescaling(1 / 64, offset=-2)(picture)
    for channels, kernel, stride in CHANNELS:
        x = layers.Conv2D(channels, kernel, stride, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))
    x = layers.Dense(hidden, use_bias=False)(layers.Flatten()(x))
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))
    begun = keras.initializers.Constant(np.array(middling, np.float32))
    return keras.Model(picture, layers.Dense(len(middling), bias_initializer=begun, name=name)(x))


def bounded(off: Any) -> Any:
    """Errors in heights of a text, the gross ones by their root."""
    ops = keras.ops
    return ops.where(off < _GROSS, off, ops.sqrt(_GROSS * ops.maximum(off, _GROSS)))
