"""Hangs a plate in front of something like a bumper and crops it as a localiser would."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Grey = NDArray[np.uint8]
Float = NDArray[np.float32]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class View:
    """How a plate is seen: its width in the crop, turns, and margins as shares of the box's height.

    `lean` is what a plate seen askew keeps after a localiser has only turned it upright: x moves by `lean`
    times y.
    """

    width_px: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    stretch: float
    lean: float
    margins: tuple[float, float, float, float]


def random_view(rng: Rng, width_px: float, hardness: float = 1.0) -> View:
    """A view as roadside cameras have it: mostly near straight on, sometimes steep; loose or tight box."""
    steep = hardness * (2.0 if rng.random() < 0.25 else 1.0)
    loose = 0.1 + hardness * rng.choice((0.0, 0.2, 0.5), p=(0.4, 0.4, 0.2))
    left, top, right, bottom = rng.uniform(-0.04, loose, 4)
    return View(
        width_px=width_px,
        yaw_deg=float(rng.normal(0, 14) * steep),
        pitch_deg=float(rng.normal(0, 8) * steep),
        roll_deg=float(rng.normal(0, 2.5) * steep),
        stretch=float(rng.uniform(0.9, 1.12)),
        lean=float(rng.normal(0, 0.07) * steep),
        margins=(float(left) * 1.5, float(top), float(right) * 1.5, float(bottom)),
    )


def crop_of(plate: Grey, mask: Grey, text_box: Box, view: View, rng: Rng) -> Grey:
    """The crop around `text_box` (x0, y0, x1, y1 in pixels of `plate`), twice as fine as the view says.

    `mask` is 255 where the plate is, 0 where what is behind shows through.
    """
    height, width = plate.shape
    corners = _projected(_corners((0, 0, width, height)), width, height, view)
    box = _projected(_corners(text_box), width, height, view)
    (x0, y0), (x1, y1) = box.min(axis=0), box.max(axis=0)
    left, top, right, bottom = (m * (y1 - y0) for m in view.margins)
    origin = np.array([x0 - left, y0 - top], np.float32)
    out_w = max(8, round(float(x1 + right - origin[0])))
    out_h = max(6, round(float(y1 + bottom - origin[1])))
    fine_width = max(8, round(float(np.ptp(corners[:, 0])) * 1.2))
    shrink = min(1.0, fine_width / width)
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    small, small_mask = (cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in (plate, mask))
    onto = cv2.getPerspectiveTransform(_corners((0, 0, *size)), corners - origin)
    seen = cv2.warpPerspective(small, onto, (out_w, out_h), borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(small_mask, onto, (out_w, out_h)).astype(np.float32) / 255
    return np.asarray(seen * cover + surroundings(out_h, out_w, rng) * (1 - cover), np.uint8)


def surroundings(height: int, width: int, rng: Rng) -> Grey:
    """Something like bodywork, grille or road: shades, slats, panel edges; uint8, height x width."""
    cells = rng.random((int(rng.integers(1, 4)), int(rng.integers(1, 6))), dtype=np.float32)
    level, span = rng.uniform(10, 220), rng.uniform(5, 90)
    picture = cv2.resize(cells, (width, height), interpolation=cv2.INTER_LINEAR) * span + level
    if rng.random() < 0.4:
        period = rng.uniform(0.08, 0.5) * height
        slats = np.sin(np.arange(height) / period * 2 * np.pi + rng.uniform(0, 6)) > rng.uniform(-0.5, 0.5)
        picture = picture + slats[:, None] * rng.uniform(-70, 70)
    picture = np.ascontiguousarray(picture, np.float32)
    for _ in range(int(rng.integers(0, 5))):
        a, b = rng.integers(-width, 2 * width, 2), rng.integers(-height, 2 * height, 2)
        if rng.random() < 0.5:
            b[1] = b[0] + rng.integers(-3, 4)
        thickness = int(rng.integers(1, max(2, height // 4)))
        start, end = (int(a[0]), int(b[0])), (int(a[1]), int(b[1]))
        cv2.line(picture, start, end, float(rng.uniform(0, 255)), thickness, cv2.LINE_AA)
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def _corners(box: Box) -> Float:
    x0, y0, x1, y1 = box
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], np.float32)


def _projected(points: Float, width: int, height: int, view: View) -> Float:
    """Points of the flat plate as the camera sees them, scaled to twice the view's width."""
    return _turned(points, width, height, view) * (2 * view.width_px / _seen_width(width, height, view))


def _seen_width(width: int, height: int, view: View) -> float:
    return float(np.ptp(_turned(_corners((0, 0, width, height)), width, height, view)[:, 0]))


def _turned(points: Float, width: int, height: int, view: View) -> Float:
    yaw, pitch, roll = np.radians(np.clip((view.yaw_deg, view.pitch_deg, view.roll_deg), -55, 55))
    flat = (points - np.array([width / 2, height / 2])) * np.array([view.stretch, 1])
    x, y = flat[:, 0] + view.lean * flat[:, 1], flat[:, 1]
    y, z = y * np.cos(pitch), y * np.sin(pitch)
    x, z = x * np.cos(yaw) + z * np.sin(yaw), z * np.cos(yaw) - x * np.sin(yaw)
    x, y = x * np.cos(roll) - y * np.sin(roll), x * np.sin(roll) + y * np.cos(roll)
    distance = 7.0 * width
    return np.asarray(np.stack([x, y], axis=1) * (distance / (distance + z))[:, None], np.float32)
