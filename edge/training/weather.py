"""Night, headlamps and rain over a crop; every choice comes from the generator given."""

import cv2
import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Grey = NDArray[np.uint8]
Float = NDArray[np.float32]


def by_night(behind: Grey, rng: Rng) -> Grey:
    """What is behind a plate under infrared or headlamp light: the plate throws it back, the rest hardly."""
    return np.asarray(cv2.convertScaleAbs(behind, alpha=float(rng.uniform(0.03, 0.35))), np.uint8)


def glared(picture: Float, rng: Rng) -> Float:
    """A lamp in or near the crop: a bright spot, its wide skirt, and a veil over everything."""
    height, width = picture.shape
    x, y = rng.uniform(-0.2, 1.2) * width, rng.uniform(-0.6, 1.6) * height
    reach = rng.uniform(0.15, 0.7) * height
    across = np.exp(-(((np.arange(width, dtype=np.float32) - x) / (1.6 * reach)) ** 2))
    down = np.exp(-(((np.arange(height, dtype=np.float32) - y) / reach) ** 2))
    spot = np.outer(down, across).astype(np.float32) * rng.uniform(60, 260)
    return np.asarray(picture * rng.uniform(0.6, 1.0) + rng.uniform(0, 50) + spot, np.float32)


def rained_on(picture: Float, rng: Rng) -> Float:
    """Drops on the camera's window or the plate, or streaks in the air; uint8 range kept by the caller."""
    height, width = picture.shape
    cover = np.zeros((height, width), np.uint8)
    if rng.random() < 0.6:
        for _ in range(int(rng.integers(2, 14))):
            at = (int(rng.integers(0, width)), int(rng.integers(0, height)))
            radius = max(1.0, rng.uniform(0.02, 0.09) * height)
            axes = (round(radius), round(radius * rng.uniform(1.0, 1.8)))
            cv2.ellipse(cover, at, axes, 0, 0, 360, int(rng.integers(90, 230)), -1, cv2.LINE_AA)
        behind = cv2.GaussianBlur(picture, (0, 0), max(1.0, 0.06 * height)) + rng.uniform(-25, 40)
    else:
        slant = rng.uniform(-0.4, 0.4)
        for _ in range(int(rng.integers(4, 22))):
            x, y, fall = (
                rng.integers(0, width),
                rng.integers(-height // 2, height),
                rng.uniform(0.15, 0.8) * height,
            )
            end = (int(x + slant * fall), int(y + fall))
            cv2.line(cover, (int(x), int(y)), end, int(rng.integers(40, 150)), 1, cv2.LINE_AA)
        behind = np.full_like(picture, rng.uniform(150, 240))
    share = cover.astype(np.float32) / 255
    return np.asarray(picture + (behind - picture) * share, np.float32)
