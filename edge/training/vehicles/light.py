"""What light, lens, sensor and compression do to the picture of a whole vehicle."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.vehicles.canvas import Float, Grey, Rng, cloudy


def photographed(
    picture: Float, plate_height_px: float, glare_at: list[tuple[float, float]], rng: Rng
) -> Grey:
    """The drawing (0 to 255) as a camera gives it; blur is bounded by the plate's height in the picture.

    `glare_at` are places (x, y) in pixels where lamps may shine into the camera.
    """
    severity = float(rng.random()) ** 1.5
    picture = _lit(picture, severity, rng)
    if glare_at and rng.random() < 0.35:
        picture = _glaring(picture, glare_at, plate_height_px, rng)
    picture = _blurred(picture, plate_height_px, severity, rng)
    noise = severity * rng.uniform(0, 14)
    if noise > 1:
        picture = picture + np.float32(noise) * rng.standard_normal(picture.shape, np.float32)
    seen = np.asarray(np.clip(picture, 0, 255), np.uint8)
    if rng.random() < 0.12:
        seen = np.asarray(cv2.addWeighted(seen, 2.0, cv2.GaussianBlur(seen, (0, 0), 1.2), -1.0, 0), np.uint8)
    if rng.random() < 0.6:
        quality = int(95 - rng.uniform(0, 65) * severity)
        coded = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        seen = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
    return seen


def _lit(drawn: Float, severity: float, rng: Rng) -> Float:
    picture: NDArray[np.floating[Any]] = drawn
    if rng.random() < 0.5:
        low = rng.uniform(0.25, 0.9)
        picture = picture * (cloudy(picture.shape, rng, 255 * low, 255).astype(np.float32) / 255)
    if rng.random() < 0.25:
        picture = picture * _shadow(picture.shape, rng)
    look = rng.random()
    if look < 0.15:
        picture = picture * np.float32(rng.uniform(1.2, 2.2))
        spill = cv2.GaussianBlur(np.maximum(picture - 180, 0), (0, 0), rng.uniform(1, 6))
        picture = picture + spill * np.float32(rng.uniform(0, 1))
    elif look < 0.35:
        picture = picture * np.float32(rng.uniform(0.2, 0.7))
    picture = 255 * np.clip(picture / 255, 0, 1) ** np.float32(rng.uniform(0.6, 1.6))
    flat = np.float32(1 - severity * rng.uniform(0, 0.6))
    return np.asarray((picture - 128) * flat + 128 + np.float32(rng.uniform(-25, 40) * severity), np.float32)


def _shadow(shape: tuple[int, ...], rng: Rng) -> Float:
    """1 in the light, less beyond a soft or hard line at any angle."""
    height, width = shape
    angle = rng.uniform(0, 2 * np.pi)
    xs = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None] * np.cos(angle)
    ys = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None] * np.sin(angle)
    side = np.clip((xs + ys - rng.uniform(-0.4, 0.4)) * rng.uniform(3, 80) + 0.5, 0, 1)
    return np.asarray(1 - side * rng.uniform(0.2, 0.75), np.float32)


def _glaring(picture: Float, places: list[tuple[float, float]], plate_height_px: float, rng: Rng) -> Float:
    """Tail lights and headlamps that shine: a bright middle with a halo and perhaps a streak."""
    height, width = picture.shape
    ys, xs = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None]
    for x, y in places:
        if rng.random() < 0.4:
            continue
        size = np.float32(max(1.5, plate_height_px * np.exp(rng.uniform(-1.6, 0.7))))
        away = ((xs - np.float32(x)) ** 2 + (ys - np.float32(y)) ** 2) / size**2
        glow = np.exp(-away) * np.float32(rng.uniform(100, 400)) + np.float32(rng.uniform(0, 120)) / (
            1 + away
        )
        picture = np.asarray(picture + glow, np.float32)
        if rng.random() < 0.2:
            streak = np.exp(-(((ys - np.float32(y)) / (0.2 * size)) ** 2)) * np.float32(rng.uniform(20, 150))
            fading = np.exp(-np.abs(xs - np.float32(x)) / (6 * size))
            picture = np.asarray(picture + streak * fading, np.float32)
    return picture


def _blurred(picture: Float, plate_height_px: float, severity: float, rng: Rng) -> Float:
    height, width = picture.shape
    if rng.random() < 0.4:  # a small picture that was enlarged
        part = 1 - rng.uniform(0, min(0.6, 0.05 * plate_height_px)) * severity
        small = (max(8, round(width * part)), max(8, round(height * part)))
        coarse = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
        back = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
        picture = np.asarray(cv2.resize(coarse, (width, height), interpolation=back), np.float32)
    sigma = severity * rng.uniform(0, 0.08 * plate_height_px + 0.5)
    if sigma > 0.2:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)
    if rng.random() < 0.2:
        picture = _smeared(
            picture, severity * rng.uniform(0, 0.35 * plate_height_px + 2), float(rng.normal(0, 0.4))
        )
    return picture


def _smeared(picture: Float, length_px: float, angle: float) -> Float:
    """Motion blur along `angle` (radians, 0 is level)."""
    half = int(np.ceil(length_px / 2)) + 1
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    reach = length_px / 2 * np.array([np.cos(angle), np.sin(angle)])
    start, end = (np.rint(half - reach).astype(int), np.rint(half + reach).astype(int))
    cv2.line(kernel, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), 1.0, 1)
    kernel[half, half] = 1
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.float32)
