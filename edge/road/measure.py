"""Speed, length, height and lane of a vehicle, from its track over a measured road.

What the view does not show is None: a vehicle cut by the picture's edge, a short track, a view along the
road that hides the length. Every figure comes with its standard error, in which misplaced road points count
too. A speed from video is intelligence, never evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.road.camera import Points
from edge.road.cuboid import Cuboid, fitted
from edge.road.plane import Road
from edge.road.speed import even_motion

EDGE_SHARE, EDGE_OF_BOX = 0.006, 0.03
"""An edge of a box is cut if it is this near to the picture's edge, in picture widths or in box sides."""
MOST_PICTURES = 20
LEAST_PICTURES, LEAST_TOPS, LEAST_SPAN_S, LEAST_WAY_M = 4, 3, 0.6, 6.0
GREATEST_SPEED_MPS = 60.0
GREATEST_ERROR, GREATEST_LENGTH_ERROR = 0.15, 0.2
"""The standard error, as a part of the figure, from which on it is not given. A length is given with more,
as it still tells a van from an articulated lorry."""
GREATEST_OFF_LINE_M = 1.5
"""How far from even motion the places may lie (root mean square)."""
GREATEST_LEAN = 0.2
"""Who goes farther than this across for each metre along is turning, and not measured."""
GREATEST_MISFIT = 3.0
ALIKE_S, LEAST_ALIKE = 0.6, 2.0
"""A detector is wrong in the same way in pictures this near to each other, and a little in all of them."""
CONTACT_ERROR_M = 0.5
"""How far a box's lower middle lies from where the vehicle stands, where no shape could be fitted."""
UNKNOWN_CLEARANCE_M = 0.1
"""How far the lowest point that is seen of a vehicle may hang above where it is taken to be. A low camera
sees it farther away by this over the camera's height."""
UNKNOWN_CLEARANCE_SHARE = 0.05
"""The same where the camera is not known."""
UNKNOWN_SHAPE = 0.05
"""What vehicles of other shapes than the usual ones do to a length, as a part of it."""
UNKNOWN_ROOF_M = 0.1
"""How far a roof may be from where its edges are taken to be, in height."""

Path = Sequence[tuple[float, Sequence[float]]]
"""Seconds and boxes (middle x, middle y, width, height in pixels), as a Track's `path` holds them."""


@dataclass(frozen=True)
class Estimate:
    """A measured figure and one standard error, in the same unit."""

    value: float
    standard_error: float


@dataclass(frozen=True)
class Measured:
    """What a track tells; None is "not known". `along_mps` is signed: below zero against `along_m`."""

    speed_mps: Estimate | None = None
    length_m: Estimate | None = None
    height_m: Estimate | None = None
    along_mps: float | None = None
    lane: int | None = None


NOTHING = Measured()


@dataclass(frozen=True)
class _Looks:
    """The pictures that count: `shares` are boxes' left, top, right, bottom, `seen` which edges are uncut."""

    times_s: NDArray[np.float64]
    shares: Points
    seen: NDArray[np.bool_]

    def contact(self) -> Points:
        """Lower middles of the boxes, in shares."""
        return _lower_middle(self.shares)

    def only(self, chosen: NDArray[np.intp]) -> _Looks:
        return _Looks(self.times_s[chosen], self.shares[chosen], self.seen[chosen])


def measured(path: Path, road: Road, frame_px: tuple[int, int]) -> Measured:
    """What `path`, in pictures of `frame_px` (width, height), says about the vehicle."""
    looks = _whole(path, road, frame_px)
    if len(looks.times_s) < LEAST_PICTURES or np.ptp(looks.times_s) < LEAST_SPAN_S:
        return NOTHING
    cuboid, on_road = _cuboid(road, looks), road.on_road(looks.contact())
    lane = road.lane(cuboid.across_m if cuboid else float(np.median(on_road[:, 0])))
    scale = _scale_error(road, looks.contact())
    places = (cuboid.along_m, cuboid.along_error_m) if cuboid else (on_road[:, 1], CONTACT_ERROR_M)
    speed = _speed(looks.times_s, *places, scale)
    if speed is None:
        return Measured(lane=lane)
    if abs(cuboid.lean if cuboid else _slope(on_road)) > GREATEST_LEAN:
        return NOTHING
    return Measured(
        speed_mps=Estimate(abs(speed.value), speed.standard_error),
        along_mps=speed.value,
        length_m=_length(road, looks, cuboid, scale),
        height_m=_height(road, looks, cuboid, scale),
        lane=lane,
    )


def _whole(path: Path, road: Road, frame_px: tuple[int, int]) -> _Looks:
    """Looks on the measured stretch; a box that is cut at a side or below does not end where it seems to."""
    times_s = np.array([at_s for at_s, _ in path])
    boxes = np.array([box for _, box in path], np.float64).reshape(-1, 4) / (*frame_px, *frame_px)
    sides = boxes[:, 2:]
    shares = np.concatenate([boxes[:, :2] - sides / 2, boxes[:, :2] + sides / 2], axis=1)
    room = np.maximum(EDGE_SHARE, EDGE_OF_BOX * sides)
    seen = np.concatenate([shares[:, :2] > room, shares[:, 2:] < 1 - room], axis=1)
    there = road.holds(road.on_road(_lower_middle(shares)))
    usable = np.flatnonzero(seen[:, [0, 2, 3]].all(axis=1) & there & (sides > 0).all(axis=1))
    return _spread(_Looks(times_s, shares, seen).only(usable))


def _spread(looks: _Looks) -> _Looks:
    """At most MOST_PICTURES of them, evenly."""
    count = len(looks.times_s)
    if count <= MOST_PICTURES:
        return looks
    return looks.only(np.linspace(0, count - 1, MOST_PICTURES).round().astype(np.intp))


def _lower_middle(shares: Points) -> Points:
    return np.column_stack([(shares[:, 0] + shares[:, 2]) / 2, shares[:, 3]])


def _slope(on_road: Points) -> float:
    """How far across for each metre along."""
    return float(np.polyfit(on_road[:, 1], on_road[:, 0], 1)[0])


def _cuboid(road: Road, looks: _Looks) -> Cuboid | None:
    if road.camera is None:
        return None
    edges = looks.shares * (*road.picture_px, *road.picture_px)
    apart_s = float(np.ptp(looks.times_s)) / (len(looks.times_s) - 1)
    alike = max(LEAST_ALIKE, ALIKE_S / apart_s)
    found = fitted(road.camera, edges, looks.seen, road.on_road(looks.contact()), alike)
    return found if found is not None and found.misfit < GREATEST_MISFIT else None


def _scale_error(road: Road, contact: Points) -> float:
    """By what part all distances along the track may be wrong."""
    hanging = UNKNOWN_CLEARANCE_M / road.camera.centre_m[2] if road.camera else UNKNOWN_CLEARANCE_SHARE
    return float(np.hypot(hanging, road.distance_error(contact[[0, -1]])))


def _speed(
    times_s: NDArray[np.float64], along_m: NDArray[np.float64], along_error_m: float, scale_error: float
) -> Estimate | None:
    """The signed speed, where the vehicle went far enough and evenly enough to have one."""
    line = even_motion(times_s, along_m, along_error_m)
    speed = abs(line.speed_mps)
    way_m = speed * float(np.ptp(times_s))
    if way_m < LEAST_WAY_M or speed > GREATEST_SPEED_MPS or line.off_m > GREATEST_OFF_LINE_M:
        return None
    error = float(np.hypot(line.error_mps, speed * scale_error))
    return Estimate(line.speed_mps, error) if error <= GREATEST_ERROR * speed else None


def _length(road: Road, looks: _Looks, cuboid: Cuboid | None, scale_error: float) -> Estimate | None:
    """The length from the looks in which the far end is on the measured road too, as roads bend."""
    if cuboid is None:
        return None
    there = np.flatnonzero(road.holds(np.column_stack([np.zeros(len(cuboid.far_m)), cuboid.far_m])))
    if len(there) < len(looks.times_s):
        cuboid = _cuboid(road, looks.only(there)) if len(there) >= LEAST_PICTURES else None
    if cuboid is None:
        return None
    error = float(np.linalg.norm([cuboid.length_error, scale_error, UNKNOWN_SHAPE]))
    good = error <= GREATEST_LENGTH_ERROR
    return Estimate(cuboid.length_m, error * cuboid.length_m) if good else None


def _height(road: Road, looks: _Looks, cuboid: Cuboid | None, scale_error: float) -> Estimate | None:
    """The height, where the top is seen and the camera's own height was measured."""
    if cuboid is None or not road.height_known or looks.seen[:, 1].sum() < LEAST_TOPS:
        return None
    error = float(np.linalg.norm([cuboid.height_error, scale_error, UNKNOWN_ROOF_M / cuboid.height_m]))
    return Estimate(cuboid.height_m, error * cuboid.height_m) if error <= GREATEST_ERROR else None
