"""The finder's network: convolutions and ReLU, from a grey picture to nine maps at an eighth of its size."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

CHANNELS = (16, 32, 48, 64, 96)
_PRIOR = -4.6
"""What the centre map says at first: one cell in a hundred."""
CENTRE_LOSS, CORNER_LOSS = 1.0, 1.0


def network() -> keras.Model:
    """N x H x W x 1, 0 to 255, H and W multiples of 32, to N x H/8 x W/8 x 9: centre logit and corners."""
    picture = keras.Input((None, None, 1), name="picture")
    half, quarter, eighth, sixteenth, last = CHANNELS
    x = layers.Rescaling(1 / 64, offset=-2)(picture)
    x = _conv(_conv(x, half, 3, 2), quarter, 3, 2)
    fine = _block(_conv(x, eighth, 3, 2), eighth)
    middle = _conv(fine, sixteenth, 3, 2)
    for _ in range(3):
        middle = _block(middle, sixteenth)
    coarse = _conv(middle, last, 3, 2)
    for _ in range(3):
        coarse = _block(coarse, last)
    middle = _block(layers.Add()([middle, _up(coarse, sixteenth)]), sixteenth)
    fine = _conv(layers.Add()([fine, _up(middle, eighth)]), eighth, 3)
    centre = layers.Conv2D(1, 1, bias_initializer=keras.initializers.Constant(_PRIOR))(fine)
    corners = layers.Conv2D(8, 1)(_conv(fine, eighth, 1))
    return keras.Model(picture, layers.Concatenate(name="maps")([centre, corners]))


def _conv(x: Any, channels: int, kernel: int, stride: int = 1) -> Any:
    x = layers.Conv2D(channels, kernel, stride, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.98)(x))


def _block(x: Any, channels: int) -> Any:
    """A bottleneck that adds to its input."""
    y = _conv(x, channels // 2, 1)
    y = layers.Conv2D(channels, 3, padding="same", use_bias=False)(y)
    return layers.ReLU()(layers.Add()([x, layers.BatchNormalization(momentum=0.98)(y)]))


def _up(x: Any, channels: int) -> Any:
    return layers.UpSampling2D(2)(_conv(x, channels, 1))


def loss(wanted: Any, given: Any) -> Any:
    """Focal loss of the centres (CornerNet, Law and Deng 2018) and the corners' error in plate heights."""
    ops = keras.ops
    near, counts = wanted[..., 0], wanted[..., 1]
    logit = given[..., 0]
    odds = ops.sigmoid(logit)
    hit = ops.cast(near > 0.999, "float32")
    missed = hit * (1 - odds) ** 2 * ops.softplus(-logit)
    false = (1 - hit) * counts * (1 - near) ** 4 * odds**2 * ops.softplus(logit)
    plates = ops.maximum(ops.sum(hit), 1.0)
    off = ops.sum(ops.abs(given[..., 1:] - wanted[..., 2:10]), axis=-1) / 8 * wanted[..., 10]
    corners = ops.sum(ops.minimum(off, 2.0 + 0.05 * off)) / ops.maximum(
        ops.sum(ops.cast(wanted[..., 10] > 0, "float32")), 1.0
    )
    return CENTRE_LOSS * ops.sum(missed + false) / plates + CORNER_LOSS * corners
