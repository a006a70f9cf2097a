"""The pin-hole camera that a picture of a flat road implies, so that heights can be told from pixels.

Square pixels and a lens centred on the picture are assumed. Then the road's two axes, which are at right
angles and have the same scale, leave one focal length that fits (Zhang 2000, "A flexible new technique for
camera calibration", section 2.3); the camera's known height sets the scale upwards (Criminisi, Reid and
Zisserman 2000, "Single view metrology").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Points = NDArray[np.float64]

FOCAL_RANGE = (0.4, 12.0)
"""Focal lengths that are tried, in picture widths: 103 down to 5 degrees of view."""
GREATEST_MISFIT = 0.15
"""How far from right angles (as a sine) and from equal scale (as a share) the road's axes may stay."""

BESIDE, LEAST_RISE = 1.3, 0.04
"""A focal length so many times longer or shorter must fit worse by that much, or the points leave it open."""


@dataclass(frozen=True)
class RoadCamera:
    """Projects (across, along, up) in metres to pixels; `implied_height_m` is its height by the points."""

    projection: Matrix
    focal_px: float
    centre_m: Points
    implied_height_m: float

    def project(self, points_m: Points) -> Points:
        """Pixels (..., 2) of points (..., 3) in front of the camera; NaN for those behind it."""
        seen = points_m @ self.projection[:, :3].T + self.projection[:, 3]
        depth = np.where(seen[..., 2:] > 1e-6, seen[..., 2:], np.nan)
        return np.asarray(seen[..., :2] / depth, np.float64)


def camera_of(to_picture: Matrix, picture_px: tuple[int, int], height_m: float | None) -> RoadCamera | None:
    """The camera behind a homography from road metres to pixels, or None where no focal length fits.

    `to_picture` (3 x 3) is signed so that points in front of the camera have a positive third coordinate.
    Without `height_m` the height that the points imply is taken.
    """
    width_px, height_px = picture_px
    centred = np.array([[1.0, 0.0, -width_px / 2], [0.0, 1.0, -height_px / 2], [0.0, 0.0, 1.0]]) @ to_picture
    focal_px = _focal_px(centred, width_px)
    if focal_px is None:
        return None
    rays = np.diag([1 / focal_px, 1 / focal_px, 1.0]) @ centred
    scale = (np.linalg.norm(rays[:, 0]) + np.linalg.norm(rays[:, 1])) / 2
    across, along, origin = (rays / scale).T
    up = np.cross(across, along)
    up /= np.linalg.norm(up)
    centre = np.linalg.solve(np.column_stack([across, along, up]), -origin)
    implied_height_m = float(centre[2])
    if height_m is not None:
        up *= implied_height_m / height_m
        centre[2] = height_m
    lens = np.array([[focal_px, 0.0, width_px / 2], [0.0, focal_px, height_px / 2], [0.0, 0.0, 1.0]])
    projection = lens @ np.column_stack([across, along, up, origin])
    return RoadCamera(projection, focal_px, centre, implied_height_m)


def _focal_px(centred: Matrix, width_px: int) -> float | None:
    """The focal length that makes the road's axes most nearly perpendicular and alike in scale."""
    tried = np.geomspace(*FOCAL_RANGE, 2000) * width_px
    misfit = _misfit(centred, tried)
    best = int(np.argmin(misfit))
    beside = _misfit(centred, tried[best] * np.array([1 / BESIDE, BESIDE]))
    sharp = float(beside.min() - misfit[best]) > LEAST_RISE
    inside = 0 < best < len(tried) - 1
    return float(tried[best]) if inside and sharp and misfit[best] < GREATEST_MISFIT else None


def _misfit(centred: Matrix, focal_px: NDArray[np.float64]) -> NDArray[np.float64]:
    flat, deep = centred[:2], centred[2]
    across = (flat[:, 0] ** 2).sum() / focal_px**2 + deep[0] ** 2
    along = (flat[:, 1] ** 2).sum() / focal_px**2 + deep[1] ** 2
    lean = (flat[:, 0] @ flat[:, 1]) / focal_px**2 + deep[0] * deep[1]
    return np.asarray(np.hypot(lean / np.sqrt(across * along), np.log(across / along) / 2), np.float64)
