"""The moving part of a frame: where a vehicle, its shadow and its contact shade fall in the picture."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from deploy.demo.film.camera import Camera
from deploy.demo.film.mesh import points
from deploy.demo.film.road import Pose
from deploy.demo.film.shots import Clip
from deploy.demo.film.vehicles import PlateMount, Vehicle

Mask = NDArray[np.uint8]
NEAR_M = 0.4
# Shadows fall on the road, but also up hedges beside it: the shadow is masked on planes up to hedge height.
SHADOW_PLANES_M = (0.0, 0.5, 1.0, 1.5)
CONTACT_M = 1.2
SPREAD_PX = 9
FEATHER_PX = 3.0


@dataclass(frozen=True)
class Border:
    """A rectangle of the picture in pixels; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class PlateLook:
    """A plate's corners in pixels: top left, top right, bottom right, bottom left."""

    corners_px: NDArray[np.float64]

    @property
    def width_px(self) -> float:
        """Mean length of the top and bottom edges."""
        top, bottom = self.corners_px[1] - self.corners_px[0], self.corners_px[2] - self.corners_px[3]
        return float((np.linalg.norm(top) + np.linalg.norm(bottom)) / 2)


def silhouette(camera: Camera, vehicle: Vehicle, poses: list[Pose]) -> Mask:
    """255 where the vehicle itself is seen, were nothing in front of it."""
    mask = _blank(camera)
    for world, faces in _world(vehicle, poses):
        _fill(mask, camera, world, faces)
    return mask


def touched(clip: Clip, vehicle: Vehicle, poses: list[Pose]) -> Mask:
    """Feathered mask of what the vehicle changes in the picture: itself, its shadow, its contact shade."""
    mask = _blank(clip.camera)
    sun = clip.sun_direction()
    for world, faces in _world(vehicle, poses):
        _fill(mask, clip.camera, world, faces)
        for plane in SHADOW_PLANES_M:
            above = world[:, 2] > plane
            fallen = world - ((world[:, 2] - plane) / sun[2])[:, None] * sun
            _fill(mask, clip.camera, fallen, (face for face in faces if above[list(face)].any()))
        if clip.weather.wetness > 0:
            _fill(mask, clip.camera, world * np.array([1.0, 1.0, -1.0]), faces)
        _fill(mask, clip.camera, _footprint(world), [(0, 1, 2, 3)])
    if not mask.any():
        return mask
    spread = cv2.dilate(mask, np.ones((2 * SPREAD_PX + 1, 2 * SPREAD_PX + 1), np.uint8))
    return np.asarray(cv2.GaussianBlur(spread, (0, 0), FEATHER_PX), np.uint8)


def border_of(mask: Mask) -> Border | None:
    """The smallest rectangle around what the mask marks; None for an empty mask."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) == 0:
        return None
    return Border(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def plate_look(camera: Camera, mount: PlateMount, pose: Pose) -> PlateLook | None:
    """The plate in the picture, or None when it faces away or is not wholly inside."""
    world = pose.to_world(np.array(mount.corners()))
    pixels, depth = camera.project(world)
    inside = (pixels >= 0).all() and (pixels <= (camera.width_px, camera.height_px)).all()
    if not inside or (depth < NEAR_M).any():
        return None
    right, down = pixels[1] - pixels[0], pixels[3] - pixels[0]
    facing = float(right[0] * down[1] - right[1] * down[0]) > 0
    return PlateLook(pixels) if facing else None


def _world(
    vehicle: Vehicle, poses: list[Pose]
) -> Iterable[tuple[NDArray[np.float64], list[tuple[int, ...]]]]:
    for unit, pose in zip(vehicle.units, poses, strict=True):
        for mesh in unit.meshes.values():
            yield pose.to_world(points(mesh)), mesh.faces


def _footprint(world: NDArray[np.float64]) -> NDArray[np.float64]:
    """A rectangle on the ground around the points, reaching a little farther than they do."""
    box = cv2.minAreaRect(world[:, :2].astype(np.float32))
    centre, size, angle = box
    grown = (centre, (size[0] + 2 * CONTACT_M, size[1] + 2 * CONTACT_M), angle)
    return np.column_stack([cv2.boxPoints(grown).astype(np.float64), np.zeros(4)])


def _blank(camera: Camera) -> Mask:
    return np.zeros((camera.height_px, camera.width_px), np.uint8)


def _fill(mask: Mask, camera: Camera, world: NDArray[np.float64], faces: Iterable[tuple[int, ...]]) -> None:
    pixels, depth = camera.project(world)
    for face in faces:
        chosen = list(face)
        if (depth[chosen] > NEAR_M).all():
            outline = pixels[chosen]
        else:
            clipped = _in_front(camera, world[chosen])
            if len(clipped) < 3:
                continue
            outline = camera.project(clipped)[0]
        cv2.fillPoly(mask, [np.rint(np.clip(outline, -20000, 20000)).astype(np.int32)], 255)


def _in_front(camera: Camera, corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """A polygon cut off at the near plane."""
    depth = camera.project(corners)[1]
    kept: list[NDArray[np.float64]] = []
    for here in range(len(corners)):
        after = (here + 1) % len(corners)
        if depth[here] > NEAR_M:
            kept.append(corners[here])
        if (depth[here] > NEAR_M) != (depth[after] > NEAR_M):
            share = (NEAR_M * 1.001 - depth[here]) / (depth[after] - depth[here])
            kept.append(corners[here] + share * (corners[after] - corners[here]))
    return np.array(kept).reshape(-1, 3)
