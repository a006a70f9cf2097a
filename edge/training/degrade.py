"""What light, lens, sensor and compression do to a crop; every choice comes from the generator given."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.plates import BACKGROUND_RGB, INK_RGB, Background
from edge.training.weather import glared, rained_on

Rng = np.random.Generator
Grey = NDArray[np.uint8]
Float = NDArray[np.float32]

TRADE_INK_RGB = (176, 24, 34)

_LEAST_CONTRAST = 30
_SHARE_GLARE = 0.06
_SHARE_RAIN = 0.06


def in_grey(cover: Grey, background: Background, rng: Rng, ink_rgb: tuple[int, int, int] = INK_RGB) -> Grey:
    """Ink on a background in grey, with random shares of the channels.

    They stand for colour casts, white balance and infrared light, in which yellow turns white.
    """
    shares = rng.dirichlet((6, 10, 3))
    paper, ink = shares @ BACKGROUND_RGB[background], shares @ ink_rgb
    return np.asarray(cv2.LUT(cover, np.linspace(paper, ink, 256).astype(np.uint8)), np.uint8)


def degraded(crop: Grey, text_height_px: float, rng: Rng, hardness: float = 1.0) -> bytes:
    """Half-size JPEG of a crop that was drawn twice as fine: light, blur, noise, compression.

    `text_height_px` is the characters' height in the result; blur is bounded by it and noise by the contrast,
    so that what was legible mostly stays so; `hardness` from 0 to 1 scales both.
    """
    severity = hardness * float(rng.random())
    picture = _lit(crop.astype(np.float32), severity, rng)
    picture = _blurred(picture, 2 * text_height_px, severity, rng)
    size = (max(4, crop.shape[1] // 2), max(3, crop.shape[0] // 2))
    picture = _f32(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    noise = severity * rng.uniform(0, 0.14) * _contrast(picture)
    picture = picture + noise * rng.standard_normal(picture.shape, np.float32)
    sharp = np.asarray(np.clip(picture, 0, 255), np.uint8)
    if rng.random() < 0.15:
        sharp = _oversharpened(sharp)
    quality = int(95 - rng.uniform(0, 65) * severity)
    return cv2.imencode(".jpg", sharp, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _f32(values: NDArray[Any]) -> Float:
    return np.asarray(values, np.float32)


def _contrast(picture: Float) -> float:
    low, high = np.percentile(picture[::2, ::2], (5, 95))
    return float(high - low)


def _lit(picture: Float, severity: float, rng: Rng) -> Float:
    if rng.random() < 0.3:
        picture = _shadowed(picture, rng)
    weather = rng.random()
    if weather < _SHARE_GLARE:
        picture = glared(picture, rng)
    elif weather < _SHARE_GLARE + _SHARE_RAIN:
        picture = rained_on(picture, rng)
    look = rng.random()
    if look < 0.12:
        picture = _bloomed(_f32(picture * rng.uniform(1.0, 1.9)), rng)
    elif look < 0.3:
        picture = _f32(picture * rng.uniform(0.2, 0.6))
    picture = _f32(255 * np.clip(picture / 255, 0, 1) ** rng.uniform(0.6, 1.6))
    picture = _f32((picture - 128) * (1 - severity * rng.uniform(0, 0.7)) + 128 + rng.uniform(-30, 50))
    if (contrast := _contrast(picture)) < (least := rng.uniform(1, 2) * _LEAST_CONTRAST):
        picture = _f32((picture - picture.mean()) * least / max(contrast, 4) + rng.uniform(30, 150))
    return _f32(np.clip(picture, 0, 255))


def _shadowed(picture: Float, rng: Rng) -> Float:
    """Half of the picture darker, along a soft or hard line at any angle."""
    height, width = picture.shape
    angle = rng.uniform(0, 2 * np.pi)
    xs = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None] * np.cos(angle)
    ys = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None] * np.sin(angle)
    side = np.clip((xs + ys - rng.uniform(-0.3, 0.3)) * rng.uniform(3, 60) + 0.5, 0, 1)
    return _f32(picture * (1 - side * rng.uniform(0.2, 0.75)))


def _bloomed(picture: Float, rng: Rng) -> Float:
    """Headlamp or infrared light thrown back by the plate: bright parts spill over."""
    spill = cv2.GaussianBlur(np.maximum(picture - 170, 0), (0, 0), max(0.5, 0.05 * picture.shape[0]))
    return _f32(picture + spill * rng.uniform(0, 1.2))


def _blurred(picture: Float, text_height: float, severity: float, rng: Rng) -> Float:
    sigma = 0.3 + severity * rng.uniform(0, 0.055 * text_height + 0.3)
    picture = _f32(cv2.GaussianBlur(picture, (0, 0), float(sigma)))
    if rng.random() < 0.3:
        length = severity * rng.uniform(0, 0.2 * text_height + 1)
        picture = _smeared(picture, float(length), float(rng.normal(0, 0.5)))
    return picture


def _smeared(picture: Float, length: float, angle: float) -> Float:
    """Motion blur of `length` pixels along `angle` (radians, 0 is level)."""
    half = int(np.ceil(length / 2)) + 1
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    reach = length / 2 * np.array([np.cos(angle), np.sin(angle)]) * 16
    start, end = (half * 16 - reach).round().astype(int), (half * 16 + reach).round().astype(int)
    ends = ((int(start[0]), int(start[1])), (int(end[0]), int(end[1])))
    cv2.line(kernel, *ends, 1.0, 1, cv2.LINE_AA, shift=4)
    kernel[half, half] = max(kernel[half, half], 0.5)
    return _f32(cv2.filter2D(picture, -1, kernel / kernel.sum()))


def _oversharpened(picture: Grey) -> Grey:
    soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
    return np.asarray(cv2.addWeighted(picture, 2.2, soft, -1.2, 0), np.uint8)
