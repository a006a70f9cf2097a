"""What a vehicle's track tells when it has passed: its way, its lane, its size and speed, and a trailer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edge.road.lanes import lane_in_picture
from edge.road.measure import NOTHING, Measured, Path, measured
from edge.road.trailer import combination_by_length, trailer_behind
from edge.seen import Direction
from edge.vehicles.path import direction
from edge.vehicles.view import View


@dataclass(frozen=True)
class Course:
    """`lane` and `trailer` are None where the pictures do not tell; `measured` is NOTHING uncalibrated."""

    direction: Direction
    lane: int | None = None
    trailer: bool | None = None
    measured: Measured = NOTHING


UNKNOWN = Course("unknown")
"""What a still tells."""


def course_of(track: Path, others: Sequence[Path], view: View, size_px: tuple[int, int]) -> Course:
    """The course of one track in pictures of `size_px`; `others` are tracks that were seen beside it."""
    told = measured(list(track), view.road, size_px) if view.road is not None else NOTHING
    lane = told.lane or lane_in_picture(track, view.lane_areas, size_px)
    trailer = combination_by_length(told.length_m) or _pulls_one(track, others)
    return Course(direction([box for _, box in track], *size_px), lane, trailer, told)


def _pulls_one(track: Path, others: Sequence[Path]) -> bool | None:
    return any(trailer_behind(track, other) for other in others) or None
