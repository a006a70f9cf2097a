"""The pin-hole camera of a clip, in plain numbers: the renderer and the ground truth share it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SENSOR_WIDTH_MM = 36.0


@dataclass(frozen=True)
class Camera:
    """Position in the street's frame, direction (anticlockwise from +x; up is positive) and lens."""

    x_m: float
    y_m: float
    height_m: float
    yaw_deg: float
    pitch_deg: float
    lens_mm: float
    width_px: int = 1280
    height_px: int = 720

    @property
    def focal_px(self) -> float:
        """Focal length in pixels for a 36 mm wide sensor."""
        return self.lens_mm * self.width_px / SENSOR_WIDTH_MM

    def axes(self) -> NDArray[np.float64]:
        """Rows: right, down and forward as unit vectors of the street's frame."""
        yaw, pitch = np.radians(self.yaw_deg), np.radians(self.pitch_deg)
        forward = np.array([np.cos(yaw) * np.cos(pitch), np.sin(yaw) * np.cos(pitch), np.sin(pitch)])
        right = np.array([np.sin(yaw), -np.cos(yaw), 0.0])
        return np.stack([right, np.cross(forward, right), forward])

    def project(self, world: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Pixels (n, 2) and depth in metres (n,) of points (n, 3); pixels mean nothing where depth <= 0."""
        seen = (world - np.array([self.x_m, self.y_m, self.height_m])) @ self.axes().T
        depth = seen[:, 2]
        safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)
        pixels = self.focal_px * seen[:, :2] / safe[:, None]
        return pixels + np.array([self.width_px / 2, self.height_px / 2]), depth
