"""A made-up roadside: a pin-hole camera that is known exactly, and vehicles as plain boxes that drive by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.calibration import Calibration, RoadPoint

FRAME_PX = (1280, 720)
Boxes = list[tuple[float, tuple[float, ...]]]


@dataclass(frozen=True)
class Camera:
    """Stands at (across, 0, height), looks `turned_deg` left of the road and `down_deg` below level."""

    across_m: float = 6.0
    height_m: float = 5.0
    turned_deg: float = 14.0
    down_deg: float = 9.0
    focal_px: float = 1400.0

    def pixels(self, points_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels (n, 2) of points (n, 3: across, along, up)."""
        turned, down = np.radians(self.turned_deg), np.radians(self.down_deg)
        ahead = np.array([-np.sin(turned) * np.cos(down), np.cos(turned) * np.cos(down), -np.sin(down)])
        right = np.array([np.cos(turned), np.sin(turned), 0.0])
        axes = np.stack([right, np.cross(ahead, right), ahead])
        seen = (points_m - np.array([self.across_m, 0.0, self.height_m])) @ axes.T
        assert (seen[:, 2] > 0).all(), "a point behind the camera"
        return self.focal_px * seen[:, :2] / seen[:, 2:] + np.array(FRAME_PX) / 2

    def calibration(
        self,
        points_m: tuple[tuple[float, float], ...] = ((-3.5, 20.0), (3.5, 24.0), (3.5, 60.0), (-3.5, 60.0)),
        moved_px: float = 0.0,
        height_known: bool = True,
    ) -> Calibration:
        """What a person who picks the points `moved_px` beside where they are would write down."""
        ground = np.array([(across, along, 0.0) for across, along in points_m])
        shifts = moved_px * np.array([(1, -1), (-1, 0), (0, 1), (1, 0)] * 4)[: len(ground)]
        shares = (self.pixels(ground) + shifts) / FRAME_PX
        return Calibration(
            picture_px=FRAME_PX,
            road_points=tuple(
                RoadPoint(x=float(x), y=float(y), across_m=across, along_m=along)
                for (x, y), (across, along) in zip(shares, points_m, strict=True)
            ),
            lane_borders_m=(-3.5, 0.0, 3.5),
            camera_height_m=self.height_m if height_known else None,
        )


@dataclass(frozen=True)
class Drive:
    """A box on tyres; `front_m` along the road at second 0, `speed_mps` below zero towards the camera.

    It drifts to the right with `drift_mps`. The body hangs 0.3 m over the road, tyres touch it 1.2 m behind
    the front and 1.5 m before the rear, mirrors reach 0.15 m beyond the sides.
    """

    length_m: float
    width_m: float
    height_m: float
    speed_mps: float
    front_m: float
    across_m: float = 1.75
    seconds: float = 3.0
    drift_mps: float = 0.0

    def path(self, camera: Camera, noise: float = 0.0, seed: int = 1, looks_per_s: float = 10.0) -> Boxes:
        """The track's boxes within the picture; `noise` moves edges by a part of the box's mean side."""
        random = np.random.default_rng(seed)
        path: Boxes = []
        for at_s in np.arange(0.0, self.seconds, 1 / looks_per_s):
            pixels = camera.pixels(self._corners(float(at_s)))
            low, high = pixels.min(axis=0), pixels.max(axis=0)
            shaken = random.normal(0.0, noise * float((high - low).mean()), (2, 2))
            low, high = np.clip(low + shaken[0], 0, FRAME_PX), np.clip(high + shaken[1], 0, FRAME_PX)
            if (high - low).min() > 12:
                path.append((float(at_s), (*((low + high) / 2), *(high - low))))
        return path

    def _corners(self, at_s: float) -> NDArray[np.float64]:
        front = self.front_m + self.speed_mps * at_s
        back = -float(np.sign(self.speed_mps))
        middle = self.across_m + self.drift_mps * at_s
        rows = [
            (0.0, 0.3, 0.0),
            (1.2, 0.0, 0.0),
            (0.0, 0.6 * self.height_m, 0.15),
            (0.0, self.height_m, 0.0),
            (self.length_m, self.height_m, 0.0),
            (self.length_m, 0.3, 0.0),
            (self.length_m - 1.5, 0.0, 0.0),
        ]
        return np.array(
            [
                (middle + side * (self.width_m / 2 + beyond), front + back * behind, up)
                for behind, up, beyond in rows
                for side in (-1, 1)
            ]
        )
