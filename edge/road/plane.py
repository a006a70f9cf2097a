"""The road's surface as one camera sees it: from the picture to metres and back, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from config.calibration import Calibration
from edge.errors import CalibrationError
from edge.road.camera import Matrix, Points, RoadCamera, camera_of

PICKED_SHARE = 0.0015
"""How exactly a person picks a point: 2 px of a picture 1280 px wide."""
GREATEST_RESIDUAL_SHARE = 0.012
"""The mean distance, in picture widths, up to which points are taken to lie on one flat road."""
BEYOND = 0.15
"""How far past the measured points, as a part of their extent, the road is taken to go on as it is."""
GREATEST_HEIGHT_RATIO = 1.4
"""How much the measured camera height may differ from the one that the points imply."""


@dataclass(frozen=True)
class Road:
    """A flat road. Points are N x 2: shares of the picture's width and height, or (across, along) in metres.

    `residual_px` and `residual_m` are root mean squares over the points; with four points they are zero and
    say nothing. `extent_m` is across from, across to, along from, along to. `shaken` are the maps to metres
    with one measured point moved by what a person may misplace it. `camera` is None where the points leave
    the lens open; then there are no lengths and heights.
    """

    to_picture: Matrix
    to_road: Matrix
    picture_px: tuple[int, int]
    residual_px: float
    residual_m: float
    extent_m: tuple[float, float, float, float]
    shaken: tuple[Matrix, ...]
    camera: RoadCamera | None
    height_known: bool
    lane_borders_m: tuple[float, ...]

    def on_road(self, shares: Points) -> Points:
        """Metres of points of the picture; NaN above the horizon."""
        return mapped(self.to_road, self.to_picture, shares * self.picture_px)

    def in_picture(self, road_m: Points) -> Points:
        """Shares of points of the road; NaN behind the camera."""
        seen = np.column_stack([road_m, np.ones(len(road_m))]) @ self.to_picture.T
        depth = np.where(seen[:, 2:] > 0, seen[:, 2:], np.nan)
        return np.asarray(seen[:, :2] / depth / self.picture_px, np.float64)

    def holds(self, road_m: Points) -> NDArray[np.bool_]:
        """Which points lie along the measured stretch; beyond it nothing is known about the road."""
        _, _, near, far = self.extent_m
        slack = BEYOND * (far - near)
        return np.asarray((road_m[:, 1] >= near - slack) & (road_m[:, 1] <= far + slack), np.bool_)

    def lane(self, across_m: float) -> int | None:
        """The lane's number from 1, from left to right as `along` grows; None off the lanes."""
        for number, (left, right) in enumerate(pairwise(self.lane_borders_m), start=1):
            if left <= across_m < right:
                return number
        return None

    def distance_error(self, shares: Points) -> float:
        """By what part the distance between two points (2 x 2) may be wrong through misplaced road points.

        Infinite for two points in one place.
        """
        here = self.on_road(shares)
        apart = float(np.linalg.norm(here[1] - here[0]))
        if apart == 0:
            return float("inf")
        ends = [mapped(moved, _inverse(moved), shares * self.picture_px) for moved in self.shaken]
        errors = [float(np.linalg.norm(two[1] - two[0])) / apart - 1 for two in ends]
        return float(np.linalg.norm(errors))


def road_of(calibration: Calibration) -> Road:
    """The road that a site's calibration describes.

    Raises CalibrationError where its points do not lie on one flat road or contradict the camera's height.
    """
    road_m, pixels = _both(calibration)
    to_picture = _to_picture(road_m, pixels)
    to_road = _inverse(to_picture)
    off_px = np.linalg.norm(_divided(to_picture, road_m) - pixels, axis=1)
    off_m = np.linalg.norm(_divided(to_road, pixels) - road_m, axis=1)
    _check_residual(off_px, off_m, calibration)
    camera = camera_of(to_picture, calibration.picture_px, calibration.camera_height_m)
    _check_height(camera, calibration.camera_height_m)
    return Road(
        to_picture=to_picture,
        to_road=to_road,
        picture_px=calibration.picture_px,
        residual_px=_rms(off_px),
        residual_m=_rms(off_m),
        extent_m=(*_range(road_m[:, 0]), *_range(road_m[:, 1])),
        shaken=_shaken(road_m, pixels, PICKED_SHARE * calibration.picture_px[0]),
        camera=camera,
        height_known=calibration.camera_height_m is not None,
        lane_borders_m=calibration.lane_borders_m,
    )


def mapped(to_road: Matrix, to_picture: Matrix, pixels: Points) -> Points:
    """Metres of pixels (N x 2); NaN for those above the horizon."""
    road_m = _divided(to_road, pixels)
    depth = np.column_stack([road_m, np.ones(len(road_m))]) @ to_picture[2]
    return np.where((depth > 0)[:, None], road_m, np.nan)


def _both(calibration: Calibration) -> tuple[Points, Points]:
    points = calibration.road_points
    road_m = np.array([(point.across_m, point.along_m) for point in points])
    return road_m, np.array([(point.x, point.y) for point in points]) * calibration.picture_px


def _to_picture(road_m: Points, pixels: Points) -> Matrix:
    """The homography of least squares in the picture, positive in depth where the points are."""
    found, _ = cv2.findHomography(road_m, pixels, 0)
    if found is None or not np.isfinite(found).all() or abs(np.linalg.det(found)) < 1e-12:
        raise CalibrationError("the road points fix no road; pick the corners of a wide, long rectangle")
    depth = np.column_stack([road_m, np.ones(len(road_m))]) @ found[2]
    if np.ptp(np.sign(depth)) > 0:
        raise CalibrationError("the road points lie on both sides of the horizon; two of them are mixed up")
    return np.asarray(found * np.sign(depth[0]), np.float64)


def _inverse(matrix: Matrix) -> Matrix:
    return np.asarray(np.linalg.inv(matrix), np.float64)


def _divided(matrix: Matrix, points: Points) -> Points:
    seen = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(seen[:, :2] / seen[:, 2:], np.float64)


def _shaken(road_m: Points, pixels: Points, by_px: float) -> tuple[Matrix, ...]:
    moved = []
    for index in np.ndindex(pixels.shape):
        shifted = pixels.copy()
        shifted[index] += by_px
        moved.append(_inverse(_to_picture(road_m, shifted)))
    return tuple(moved)


def _check_residual(off_px: Points, off_m: Points, calibration: Calibration) -> None:
    if _rms(off_px) > GREATEST_RESIDUAL_SHARE * calibration.picture_px[0]:
        worst = int(np.argmax(off_px))
        raise CalibrationError(
            f"the road points do not lie on one flat road: number {worst + 1} is off by "
            f"{off_px[worst]:.0f} px, {off_m[worst]:.1f} m; measure it again or leave it out"
        )


def _check_height(camera: RoadCamera | None, height_m: float | None) -> None:
    if camera is None or height_m is None:
        return
    ratio = camera.implied_height_m / height_m
    if not 1 / GREATEST_HEIGHT_RATIO <= ratio <= GREATEST_HEIGHT_RATIO:
        raise CalibrationError(
            f"camera_height_m is {height_m:.1f} m, the road points make it {camera.implied_height_m:.1f} m: "
            "one of them is wrong; measure both again"
        )


def _rms(values: Points) -> float:
    return float(np.sqrt((values**2).mean()))


def _range(values: Points) -> tuple[float, float]:
    return float(values.min()), float(values.max())
