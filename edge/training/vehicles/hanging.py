"""Puts faces, plates and boards into a picture: what stands where, before light and lens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from edge.plates.quads import Quad, height_px, width_px
from edge.training.scene import corners_of
from edge.training.vehicles.canvas import Face, Float, Rng, cloudy
from edge.training.vehicles.decoys import decoy
from edge.training.vehicles.film import FilmView
from edge.training.vehicles.lorries import Mount
from edge.training.vehicles.plates import DrawnPlate
from edge.training.vehicles.view import Homography, laid_on, projected, rectangle

SIDE_PX = 160
"""Width and height of a training picture."""


@dataclass
class Composed:
    """A picture before light and lens, the plates hung in it and their texts, and where lamps may shine."""

    picture: Float
    plates: list[Quad] = field(default_factory=list)
    texts: list[Quad] = field(default_factory=list)
    lamps: list[tuple[float, float]] = field(default_factory=list)


def backdrop(rng: Rng, views: Sequence[FilmView]) -> Float:
    """Road and sky, leaves, or a filmed street without plates."""
    empty = [view.picture for view in views if not view.plates]
    if empty and rng.random() < 0.3:
        street = empty[int(rng.integers(len(empty)))]
        side = int(min(street.shape) * rng.uniform(0.4, 1.0))
        y, x = (int(rng.integers(0, size - side + 1)) for size in street.shape)
        part = street[y : y + side, x : x + side]
        return np.asarray(cv2.resize(part, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_LINEAR), np.float32)
    low = rng.uniform(0, 150)
    behind = cloudy((SIDE_PX, SIDE_PX), rng, low, low + rng.uniform(10, 105))
    if rng.random() < 0.5:
        horizon = int(rng.uniform(0, SIDE_PX))
        behind[:horizon] = cloudy((max(1, horizon), SIDE_PX), rng, 60, 250)[:horizon]
    picture = behind.astype(np.float32)
    if rng.random() < 0.4:  # leaves, gravel
        rough = np.abs(rng.standard_normal((SIDE_PX, SIDE_PX), np.float32))
        rough = cv2.GaussianBlur(rough, (0, 0), rng.uniform(0.6, 2.5)) - np.float32(0.75)
        picture += rough * np.float32(rng.uniform(40, 300))
    return picture


def lay_face(picture: Float, face: Face, onto: Homography) -> None:
    into = onto @ np.diag((1 / face.px_per_m, 1 / face.px_per_m, 1))
    size = (SIDE_PX, SIDE_PX)
    seen = cv2.warpPerspective(face.picture, into, size, flags=cv2.INTER_LINEAR)
    cover = (
        cv2.warpPerspective(np.full(face.picture.shape, 255, np.uint8), into, size).astype(np.float32) / 255
    )
    picture += (seen - picture) * cover


def hang(rng: Rng, composed: Composed, plate: DrawnPlate, corners: Quad) -> None:
    """Hang the plate, unless it would touch one that hangs there."""
    if not _is_free(composed, corners):
        return
    gain = rng.uniform(0.3, 1.0) if rng.random() < 0.5 else 1.0
    laid_on(composed.picture, plate.picture, plate.mask, corners, gain)
    composed.plates.append(corners)
    composed.texts.append(_text_on(corners, plate))
    if rng.random() < 0.08:  # a tow bar, a strap, a wiper before it
        middle, reach = corners.mean(axis=0), width_px(corners)
        ends = rng.normal(middle, reach * 0.6, (2, 2)).round().astype(int)
        line_px = max(1, round(height_px(corners) * rng.uniform(0.05, 0.2)))
        cv2.line(
            composed.picture,
            tuple(map(int, ends[0])),
            tuple(map(int, ends[1])),
            rng.uniform(0, 255),
            line_px,
            cv2.LINE_AA,
        )


def _text_on(corners: Quad, plate: DrawnPlate) -> Quad:
    """The corners of the plate's characters where the plate hangs at `corners`."""
    onto = cv2.getPerspectiveTransform(corners_of((0, 0, 1, 1)), np.asarray(corners, np.float32))
    return np.asarray(cv2.perspectiveTransform(corners_of(plate.text)[None], onto)[0], np.float32)


def _is_free(composed: Composed, corners: Quad) -> bool:
    """Whether nothing there would touch a plate that hangs already."""
    return all(
        np.linalg.norm(corners.mean(axis=0) - other.mean(axis=0))
        > 0.7 * (width_px(corners) + width_px(other))
        for other in composed.plates
    )


def hang_decoy(rng: Rng, composed: Composed, mount: Mount, onto: Homography) -> None:
    """Hang a board, unless it would touch a plate."""
    board = decoy(rng)
    tall = float(np.exp(rng.uniform(np.log(0.06), np.log(0.3))))
    corners = projected(rectangle((mount.x_m, mount.y_m), tall * board.shape[1] / board.shape[0], tall), onto)
    if _is_free(composed, corners):
        mask = np.full(board.shape, 255, np.uint8)
        laid_on(composed.picture, board, mask, corners, rng.uniform(0.4, 1.0))


def hang_holder(rng: Rng, picture: Float, plate: DrawnPlate, mount: Mount, onto: Homography) -> None:
    """What a plate sits on: a holder, a recess, a pale panel."""
    around = float(np.exp(rng.uniform(np.log(0.01), np.log(0.25))))
    size = (plate.width_m + around * rng.uniform(0.5, 3), plate.height_m + around)
    middle = (mount.x_m + rng.normal(0, around * 0.2), mount.y_m + rng.normal(0, around * 0.15))
    ground = np.full((32, 64), int(rng.choice((rng.uniform(0, 60), rng.uniform(0, 255)))), np.uint8)
    corners = projected(rectangle(middle, *size), onto)
    laid_on(picture, ground, np.full(ground.shape, 255, np.uint8), corners, 1.0)
