"""How the flat face of a vehicle is seen: a homography from its metres to the picture's pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.plates.quads import Quad
from edge.training.vehicles.canvas import Float, Grey, Rng

MOST_YAW_DEG = 55.0

Homography = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """Turns in degrees, and the distance of the eye in metres."""

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    distance_m: float


def random_view(rng: Rng) -> View:
    """As roadside cameras see vehicles: mostly near straight on, a third of the time steeply."""
    steep = rng.random() < 0.35
    yaw = rng.uniform(-MOST_YAW_DEG, MOST_YAW_DEG) if steep else rng.normal(0, 14)
    return View(
        yaw_deg=float(np.clip(yaw, -MOST_YAW_DEG, MOST_YAW_DEG)),
        pitch_deg=float(rng.normal(6, 9)),
        roll_deg=float(rng.normal(0, 3.5)),
        distance_m=float(rng.uniform(5, 30)),
    )


@dataclass(frozen=True)
class Eye:
    """Where face metres come to in the picture: `middle_m` to `at_px`, a metre there to `px_per_m`."""

    view: View
    middle_m: tuple[float, float]
    at_px: tuple[float, float]
    px_per_m: float

    def seen(self, points_m: NDArray[np.float64]) -> Quad:
        """Points (N x 3: right, down, away from the face) in pixels."""
        around = np.array([(-0.5, -0.5, 0), (0.5, -0.5, 0), (0.5, 0.5, 0), (-0.5, 0.5, 0)])
        area = float(cv2.contourArea(np.asarray(_turned(around, self.view), np.float32)))
        turned = _turned(points_m - (*self.middle_m, 0), self.view)
        return np.asarray(turned * (self.px_per_m / np.sqrt(area)) + self.at_px, np.float32)

    def front(self) -> Homography:
        """The face's own metres to pixels."""
        x, y = self.middle_m
        flat = np.array([(x - 1, y - 1), (x + 1, y - 1), (x + 1, y + 1), (x - 1, y + 1)])
        return _onto(flat, self.seen(np.concatenate([flat, np.zeros((4, 1))], axis=1)))

    def flank(self, face_width_m: float, length_m: float, top_m: float, height_m: float) -> Homography:
        """The metres of the side that this eye sees, which begins `top_m` below the face's top, to pixels."""
        right = self.view.yaw_deg > 0
        flat = np.array([(0, 0), (length_m, 0), (length_m, height_m), (0, height_m)], np.float64)
        away = flat[:, 0] if right else length_m - flat[:, 0]
        edge = np.full(4, face_width_m if right else 0.0)
        return _onto(flat, self.seen(np.stack([edge, flat[:, 1] + top_m, away], axis=1)))


def _onto(flat: NDArray[np.float64], seen: Quad) -> Homography:
    return np.asarray(cv2.getPerspectiveTransform(flat.astype(np.float32), seen), np.float64)


def projected(points: NDArray[np.float64], onto: Homography) -> Quad:
    """Points (N x 2) through a homography."""
    seen = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ onto.T
    return np.asarray(seen[:, :2] / seen[:, 2:], np.float32)


def rectangle(middle_m: tuple[float, float], width_m: float, height_m: float) -> NDArray[np.float64]:
    """Corners of a rectangle, clockwise from its top left."""
    half = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * np.array([width_m, height_m]) / 2
    return np.asarray(half + np.array(middle_m))


def laid_on(picture: Float, patch: Grey, mask: Grey, corners: Quad, gain: float) -> None:
    """Lay `patch` where its `mask` is 255 onto `corners` of the picture, smoothly, `gain` times as bright."""
    height, width = picture.shape
    x0, y0 = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 1, 0)
    x1, y1 = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 2, (width, height))
    if x1 - x0 < 2 or y1 - y0 < 2:
        return
    fine = 3 if x1 - x0 < 90 else 2
    wide = float(np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3])) / 2
    shrink = min(1.0, fine * max(wide, 2.0) / patch.shape[1])
    size = (max(4, round(patch.shape[1] * shrink)), max(4, round(patch.shape[0] * shrink)))
    source = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    onto = cv2.getPerspectiveTransform(source, ((corners - (x0, y0)) * fine).astype(np.float32))
    extent = (int(x1 - x0) * fine, int(y1 - y0) * fine)
    ink, cover = (cv2.resize(part, size, interpolation=cv2.INTER_AREA) for part in (patch, mask))
    seen = cv2.warpPerspective(ink, onto, extent, borderMode=cv2.BORDER_REPLICATE)
    held = cv2.warpPerspective(cover, onto, extent)
    down = (int(x1 - x0), int(y1 - y0))
    part = cv2.resize(held, down, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    fresh = cv2.resize(seen, down, interpolation=cv2.INTER_AREA).astype(np.float32) * np.float32(gain)
    target = picture[y0:y1, x0:x1]
    target += (fresh - target) * part


def _turned(points: NDArray[np.float64], view: View) -> NDArray[np.float64]:
    yaw, pitch, roll = np.radians((view.yaw_deg, view.pitch_deg, view.roll_deg))
    x, y, z = points.T
    y, z = y * np.cos(pitch) - z * np.sin(pitch), y * np.sin(pitch) + z * np.cos(pitch)
    x, z = x * np.cos(yaw) + z * np.sin(yaw), z * np.cos(yaw) - x * np.sin(yaw)
    x, y = x * np.cos(roll) - y * np.sin(roll), x * np.sin(roll) + y * np.cos(roll)
    nearness = view.distance_m / np.maximum(view.distance_m + z, 0.5)
    return np.asarray(np.stack([x, y], axis=1) * nearness[:, None], np.float64)
