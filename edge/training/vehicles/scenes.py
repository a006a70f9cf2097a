"""One training picture from a seed and a number: a vehicle, plates and decoys, and the plates' corners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from edge.plates.quads import Quad, height_px, straightened, widened, width_px
from edge.training.plates import SIZE_MM, Layout
from edge.training.vehicles.canvas import Face, Grey, Rng
from edge.training.vehicles.decoys import decoy
from edge.training.vehicles.drawn import drawn_vehicle
from edge.training.vehicles.film import FilmView
from edge.training.vehicles.hanging import (
    SIDE_PX,
    Composed,
    backdrop,
    hang,
    hang_decoy,
    hang_holder,
    lay_face,
)
from edge.training.vehicles.light import photographed
from edge.training.vehicles.lorries import Mount, drawn_flank
from edge.training.vehicles.plates import SHARE_TWO_LINES, drawn_plate
from edge.training.vehicles.view import Eye, Homography, laid_on, projected, random_view, rectangle

SHARE_WITHOUT_PLATE = 0.2
SHARE_FILMED = 0.2
SHARE_WHOLE_VEHICLE = 0.5
SHARE_WITH_FLANK = 0.6
NARROWEST_PX, WIDEST_PX = 13.0, 130.0
LEAST_HEIGHT_PX = 3.0
LEAST_CONTRAST = 12.0
LEAST_INSIDE = 0.88


@dataclass(frozen=True)
class Scene:
    """SIDE_PX x SIDE_PX grey, the corners of the plates to find, of the characters on each, and of the plates
    that nobody has to find."""

    picture: Grey
    plates: tuple[Quad, ...]
    texts: tuple[Quad, ...]
    ignored: tuple[Quad, ...]


def scene(seed: int, number: int, views: Sequence[FilmView], excluded: frozenset[str] = frozenset()) -> Scene:
    """Picture `number` of the endless series `seed`: the same each time, whatever was drawn before."""
    rng = np.random.default_rng((seed, number))
    wanted_px = float(np.exp(rng.uniform(np.log(NARROWEST_PX), np.log(WIDEST_PX))))
    bare = rng.random() < SHARE_WITHOUT_PLATE
    if views and rng.random() < SHARE_FILMED:
        composed = _filmed(rng, views[int(rng.integers(len(views)))], wanted_px, bare, excluded)
    else:
        composed = _drawn(rng, wanted_px, bare, excluded, views)
    return _seen(rng, composed)


def _drawn(
    rng: Rng, wanted_px: float, bare: bool, excluded: frozenset[str], views: Sequence[FilmView]
) -> Composed:
    layout: Layout = "two_line" if rng.random() < SHARE_TWO_LINES else "one_line"
    view = random_view(rng)
    px_per_m = wanted_px / (SIZE_MM[layout][0] / 1000) / np.sqrt(np.cos(np.radians(view.yaw_deg)))
    whole = rng.random() < SHARE_WHOLE_VEHICLE
    vehicle = drawn_vehicle(rng, 110 if whole else float(np.clip(px_per_m * 1.2, 20, 350)))
    mount = vehicle.mounts[0 if rng.random() < 0.7 else -1]
    at = (float(rng.uniform(0.02, 0.98)) * SIDE_PX, float(rng.uniform(0.08, 1.0)) * SIDE_PX)
    eye = Eye(view, (mount.x_m, mount.y_m), at, px_per_m)
    faces = [(vehicle.face, eye.front())]
    if rng.random() < SHARE_WITH_FLANK:
        length_m = rng.uniform(2, 9)
        flank = drawn_flank(
            rng, vehicle.face.px_per_m, length_m, vehicle.face.height_m * rng.uniform(0.4, 1.0)
        )
        rise = vehicle.face.height_m - flank.height_m
        faces.insert(0, (flank, eye.flank(vehicle.face.width_m, length_m, rise, flank.height_m)))
    framed = _framed(rng, faces) if whole else np.eye(3)
    faces = [(face, framed @ onto) for face, onto in faces]
    onto = faces[-1][1]
    composed = Composed(backdrop(rng, views))
    for face, seen in faces:
        lay_face(composed.picture, face, seen)
    for _ in range(int(rng.choice((0, 0, 1, 2)))):
        hang_decoy(rng, composed, _near(rng, mount, 0.9), onto)
    if not bare:
        plate = drawn_plate(rng, excluded, layout)
        if rng.random() < 0.45:
            hang_holder(rng, composed.picture, plate, mount, onto)
        hang(
            rng,
            composed,
            plate,
            projected(rectangle((mount.x_m, mount.y_m), plate.width_m, plate.height_m), onto),
        )
    elif rng.random() < 0.7:
        hang_decoy(rng, composed, mount, onto)
    _hang_more(rng, composed, bare, excluded)
    composed.lamps += [
        tuple(p) for p in projected(rng.normal((mount.x_m, mount.y_m), (0.7, 0.2), (4, 2)), onto).tolist()
    ]
    return composed


def _hang_more(rng: Rng, composed: Composed, bare: bool, excluded: frozenset[str]) -> None:
    """Boards and plates of any size anywhere: a look at one picture teaches more."""
    for _ in range(int(rng.integers(0, 4))):
        wide_px = float(np.exp(rng.uniform(np.log(NARROWEST_PX), np.log(WIDEST_PX))))
        at = (float(rng.uniform(0, SIDE_PX)), float(rng.uniform(0, SIDE_PX)))
        if bare or rng.random() < 0.35:
            onto = Eye(random_view(rng), (0.0, 0.0), at, wide_px / 0.4).front()
            hang_decoy(rng, composed, Mount(0.0, 0.0), onto)
            continue
        layout: Layout = "two_line" if rng.random() < SHARE_TWO_LINES else "one_line"
        plate = drawn_plate(rng, excluded, layout)
        onto = Eye(random_view(rng), (0.0, 0.0), at, wide_px / plate.width_m).front()
        hang(rng, composed, plate, projected(rectangle((0.0, 0.0), plate.width_m, plate.height_m), onto))


def _framed(rng: Rng, faces: list[tuple[Face, Homography]]) -> Homography:
    """Scale and shift that make the vehicle fill the picture, as a detector's box does, roughly."""
    outlines = [
        projected(rectangle((face.width_m / 2, face.height_m / 2), face.width_m, face.height_m), onto)
        for face, onto in faces
    ]
    outline = np.concatenate(outlines)
    low, size = outline.min(axis=0), np.ptp(outline, axis=0)
    part = 1.0 if rng.random() < 0.6 else rng.uniform(0.4, 1.0)
    scale = SIDE_PX * part * rng.uniform(0.9, 2.2) / size.max()
    left, top = rng.uniform(-0.1, 1.1, 2) * (SIDE_PX - scale * size) - scale * low
    return np.array([(scale, 0, left), (0, scale, top), (0, 0, 1)])


def _near(rng: Rng, mount: Mount, reach_m: float) -> Mount:
    return Mount(mount.x_m + rng.normal(0, reach_m), mount.y_m + rng.normal(0, 0.4 * reach_m))


def _filmed(rng: Rng, view: FilmView, wanted_px: float, bare: bool, excluded: frozenset[str]) -> Composed:
    """A filmed vehicle with another plate in place of its own, shown or mirrored."""
    picture, quads = view.picture, list(view.plates)
    if rng.random() < 0.5:
        picture = np.ascontiguousarray(picture[:, ::-1])
        quads = [np.asarray((q * (-1, 1) + (picture.shape[1], 0))[[1, 0, 3, 2]], np.float32) for q in quads]
    if quads:
        chosen = quads[int(rng.integers(len(quads)))]
        scale, middle = np.clip(wanted_px / max(width_px(chosen), 1), 0.4, 2.2), chosen.mean(axis=0)
    else:
        scale, middle = rng.uniform(0.4, 1.5), rng.uniform(0, 1, 2) * picture.shape[::-1]
    at = rng.uniform(0.05, 0.95, 2) * SIDE_PX
    onto = np.array([[scale, 0, at[0] - scale * middle[0]], [0, scale, at[1] - scale * middle[1]]])
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    soft = cv2.GaussianBlur(picture, (0, 0), 0.4 / scale) if scale < 0.8 else picture
    seen = cv2.warpAffine(soft, onto, (SIDE_PX, SIDE_PX), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    composed = Composed(seen.astype(np.float32))
    for quad in quads:
        moved = np.asarray(quad @ onto[:, :2].T + onto[:, 2], np.float32)
        _replace(rng, composed, widened(moved, rng.uniform(0.04, 0.3)), bare, excluded)
        composed.lamps.append(
            (float(moved[0, 0] + rng.normal(0, 30)), float(moved[0, 1] + rng.normal(0, 10)))
        )
    return composed


def _replace(rng: Rng, composed: Composed, corners: Quad, bare: bool, excluded: frozenset[str]) -> None:
    """Another plate, or when `bare` a decoy or nothing, over a filmed plate."""
    if bare:
        board = decoy(rng) if rng.random() < 0.6 else np.full((8, 8), int(composed.picture.mean()), np.uint8)
        laid_on(composed.picture, board, np.full(board.shape, 255, np.uint8), corners, rng.uniform(0.5, 1.0))
        return
    layout: Layout = "two_line" if width_px(corners) < 2.3 * height_px(corners) else "one_line"
    hang(rng, composed, drawn_plate(rng, excluded, layout), corners)


def _seen(rng: Rng, composed: Composed) -> Scene:
    """The picture through light and lens; plates too small, cut off or washed out are nobody's to find."""
    heights = [height_px(quad) for quad in composed.plates] or [rng.uniform(3, 30)]
    tall = float(np.percentile(heights, 30))
    picture = photographed(composed.picture, tall, composed.lamps, rng)
    hung = list(zip(composed.plates, composed.texts, strict=True))
    found = [(quad, text) for quad, text in hung if _findable(quad, picture)]
    ignored = tuple(quad for quad, _ in hung if not _findable(quad, picture))
    return Scene(picture, tuple(q for q, _ in found), tuple(t for _, t in found), ignored)


def _findable(quad: Quad, picture: Grey) -> bool:
    if width_px(quad) < NARROWEST_PX * 0.8 or height_px(quad) < LEAST_HEIGHT_PX:
        return False
    whole = np.array([(0, 0), (SIDE_PX, 0), (SIDE_PX, SIDE_PX), (0, SIDE_PX)], np.float32)
    inside = cv2.intersectConvexConvex(quad, whole)[0] / max(float(cv2.contourArea(quad)), 1e-6)
    low, high = np.percentile(straightened(picture, widened(quad, -0.1)), (8, 92))
    return bool(inside >= LEAST_INSIDE and high - low >= LEAST_CONTRAST)
