"""Hangs a plate in front of something like a bumper and crops it as the system would."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Rng = np.random.Generator
Grey = NDArray[np.uint8]
Float = NDArray[np.float32]
Box = tuple[float, float, float, float]

_TALLEST_STRETCH = 1.7
_MOST_BEND = 0.05


@dataclass(frozen=True)
class View:
    """Where a plate's points come to lie in a crop twice as fine as the picture asked for.

    `onto` is the perspective map (3 x 3) from the plate's pixels; the crop is `width` x `height` pixels;
    `bend` is how far the plate's ends stand above its middle, as a share of its height.
    """

    onto: NDArray[np.float64]
    width: int
    height: int
    bend: float = 0.0

    def seen(self, points: Float, plate_size: tuple[int, int]) -> Float:
        """Where points (n x 2, x and y in the plate's pixels) of a plate of (width, height) are seen."""
        flat = np.asarray(points, np.float32).copy()
        width, height = plate_size
        flat[:, 1] += self.bend * height * (1 - (2 * flat[:, 0] / width - 1) ** 2)
        return np.asarray(cv2.perspectiveTransform(flat[None], self.onto)[0], np.float32)


def straightened_view(rng: Rng, size: tuple[int, int], width_px: float, hardness: float) -> View:
    """A plate of `size` (width, height in pixels) warped straight by its four corners as the finder has them.

    Each corner is a few hundredths of the plate's height off; the margins are small; a plate seen from the
    side has fewer pixels across than down, which shows as height.
    """
    plate_width, plate_height = size
    stretch = float(rng.uniform(0.9, 1.15) if rng.random() < 0.7 else rng.uniform(1.15, _TALLEST_STRETCH))
    width, height = 2 * width_px, 2 * width_px * plate_height / plate_width * stretch
    left, right, top, bottom = rng.uniform(-0.03, 0.04 + 0.16 * hardness, 4) * height
    off = float(rng.uniform(0.01, 0.02 + 0.045 * hardness)) * height
    corners = corners_of((left, top, left + width, top + height)) + rng.normal(0, off, (4, 2)).astype(
        np.float32
    )
    onto = _map_between(corners_of((0, 0, plate_width, plate_height)), corners)
    bend = float(rng.uniform(-_MOST_BEND, _MOST_BEND)) * hardness if rng.random() < 0.12 else 0.0
    return View(onto, max(8, round(left + width + right)), max(6, round(top + height + bottom)), bend)


def loose_view(rng: Rng, size: tuple[int, int], text_box: Box, width_px: float, hardness: float) -> View:
    """A plate that leans in a box round its text (`text_box`, the plate's pixels), as text detectors do."""
    turned = _turned_by(rng, size, hardness)
    corners = turned(corners_of((0, 0, *size)))
    scale = 2 * width_px / float(np.ptp(corners[:, 0]))
    box = turned(corners_of(text_box)) * scale
    (x0, y0), (x1, y1) = box.min(axis=0), box.max(axis=0)
    loose = 0.1 + hardness * rng.choice((0.0, 0.2, 0.5), p=(0.4, 0.4, 0.2))
    left, top, right, bottom = rng.uniform(-0.04, loose, 4) * (y1 - y0) * (1.5, 1, 1.5, 1)
    origin = np.array([x0 - left, y0 - top], np.float32)
    onto = _map_between(corners_of((0, 0, *size)), (corners * scale - origin).astype(np.float32))
    return View(onto, max(8, round(x1 + right - origin[0])), max(6, round(y1 + bottom - origin[1])))


@dataclass(frozen=True)
class Seen:
    """A crop of a plate (grey), how much of each pixel the plate is, and its clean ink; both 0 to 255."""

    crop: Grey
    plate: Grey
    ink: Grey


def hung(plate: Grey, mask: Grey, ink: Grey, view: View, behind: Grey) -> Seen:
    """The plate in front of `behind`, which has the view's size.

    `mask` is 255 where the plate is, `ink` where its clean ink is.
    """
    height, width = plate.shape
    layers = cv2.merge([cv2.multiply(plate, mask, scale=1 / 255), mask, ink])
    corners = view.seen(corners_of((0, 0, width, height)), (width, height))
    shrink = min(1.0, 1.2 * max(8.0, float(np.ptp(corners[:, 0]))) / width)
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    small = np.asarray(cv2.resize(layers, size, interpolation=cv2.INTER_AREA), np.uint8)
    if view.bend:
        small = _bent(small, view.bend)
    onto = view.onto @ np.diag((width / size[0], height / size[1], 1.0))
    seen = cv2.warpPerspective(small, onto, (view.width, view.height))
    lit, cover, inked = cv2.split(seen)
    crop = cv2.add(lit, cv2.multiply(behind, cv2.bitwise_not(cover), scale=1 / 255))
    return Seen(np.asarray(crop, np.uint8), np.asarray(cover, np.uint8), np.asarray(inked, np.uint8))


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


def _map_between(flat: Float, seen: Float) -> NDArray[np.float64]:
    return np.asarray(cv2.getPerspectiveTransform(flat, seen), np.float64)


def corners_of(box: Box) -> Float:
    """The corners (4 x 2) of an upright box, clockwise from the top left."""
    x0, y0, x1, y1 = box
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], np.float32)


def _bent(layers: Grey, bend: float) -> Grey:
    """Each column moved down by the curve of a plate bent round an upright cylinder."""
    height, width = layers.shape[:2]
    xs = np.arange(width, dtype=np.float32) + np.float32(0.5)
    down = bend * height * (1 - (2 * xs / width - 1) ** 2)
    ys = np.arange(height, dtype=np.float32)[:, None] - down[None].astype(np.float32)
    across = np.broadcast_to(np.arange(width, dtype=np.float32)[None], ys.shape)
    return np.asarray(cv2.remap(layers, np.ascontiguousarray(across), ys, cv2.INTER_LINEAR), np.uint8)


@dataclass(frozen=True)
class _Turn:
    """A turn of the flat plate in space, as a camera some plates' widths away sees it."""

    width: int
    height: int
    angles_rad: tuple[float, float, float]
    stretch: float
    lean: float

    def __call__(self, points: Float) -> Float:
        yaw, pitch, roll = self.angles_rad
        flat = (points - np.array([self.width / 2, self.height / 2])) * np.array([self.stretch, 1])
        x, y = flat[:, 0] + self.lean * flat[:, 1], flat[:, 1]
        y, z = y * np.cos(pitch), y * np.sin(pitch)
        x, z = x * np.cos(yaw) + z * np.sin(yaw), z * np.cos(yaw) - x * np.sin(yaw)
        x, y = x * np.cos(roll) - y * np.sin(roll), x * np.sin(roll) + y * np.cos(roll)
        distance = 7.0 * self.width
        return np.asarray(np.stack([x, y], axis=1) * (distance / (distance + z))[:, None], np.float32)


def _turned_by(rng: Rng, size: tuple[int, int], hardness: float) -> _Turn:
    """A turn as roadside cameras have it: mostly near straight on, sometimes steep."""
    steep = hardness * (2.0 if rng.random() < 0.2 else 1.0)
    turns_deg = rng.normal(0, 1, 3) * (14, 8, 2.5) * steep
    yaw, pitch, roll = (float(a) for a in np.radians(np.clip(turns_deg, -50, 50)))
    lean = float(np.clip(rng.normal(0, 0.07) * steep, -0.3, 0.3))
    return _Turn(size[0], size[1], (yaw, pitch, roll), float(rng.uniform(0.9, 1.12)), lean)
