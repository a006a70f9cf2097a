"""Four or more points of a camera's picture whose place on the road was measured with a tape."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Annotated

from msgspec import Meta, Struct

from config.wire.values import Share

LEAST_PICTURE_AREA = 0.0005
"""Three points spanning less than this part of the picture are on a line as far as a person can click."""
LEAST_ROAD_AREA_M2 = 1.0

_Corners = tuple[tuple[float, float], ...]


class RoadPoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A point of the road's surface: in the picture (shares of width and height) and on the ground (metres).

    Who looks the way `along_m` grows has `across_m` growing to the right. Where zero lies is free.
    """

    x: Share
    y: Share
    across_m: Annotated[float, Meta(ge=-200, le=200)]
    along_m: Annotated[float, Meta(ge=-500, le=500)]


class Calibration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What turns pictures into metres at one site.

    `picture_px` is the size of the still in which the points were picked. `lane_borders_m` are the lanes'
    borders across the road from left to right, kerbs included; `camera_height_m` is the lens above the road.
    Raises ValueError for points that do not fix a road and for borders out of order.
    """

    picture_px: tuple[Annotated[int, Meta(ge=64, le=20_000)], Annotated[int, Meta(ge=64, le=20_000)]]
    road_points: Annotated[tuple[RoadPoint, ...], Meta(min_length=4, max_length=16)]
    lane_borders_m: Annotated[tuple[float, ...], Meta(max_length=9)] = ()
    camera_height_m: Annotated[float, Meta(ge=0.5, le=50)] | None = None

    def __post_init__(self) -> None:
        """See that the points fix a road and the borders make lanes."""
        _check_points(self.road_points)
        if len(self.lane_borders_m) == 1 or any(b - a < 1.5 for a, b in pairwise(self.lane_borders_m)):
            raise ValueError("lane_borders_m: two borders or more, from left to right, 1.5 m apart at least")


def _check_points(points: tuple[RoadPoint, ...]) -> None:
    picture: _Corners = tuple((point.x, -point.y) for point in points)
    road: _Corners = tuple((point.across_m, point.along_m) for point in points)
    if not any(_is_wide(picture, road, four) for four in combinations(range(len(points)), 4)):
        raise ValueError(
            "road_points: no four of them with no three on a line; pick the corners of a wide, long rectangle"
        )
    agreeing = {
        _area(picture, three) * _area(road, three) > 0
        for three in combinations(range(len(points)), 3)
        if _spans(picture, road, three)
    }
    if agreeing == {False}:
        raise ValueError(
            "road_points: mirrored; looking the way along_m grows, across_m must grow to the right"
        )
    if len(agreeing) == 2:
        raise ValueError(
            "road_points: they turn differently in picture and road; two of them are mixed up, "
            "or one is not on the road's surface"
        )


def _is_wide(picture: _Corners, road: _Corners, four: tuple[int, ...]) -> bool:
    return all(_spans(picture, road, three) for three in combinations(four, 3))


def _spans(picture: _Corners, road: _Corners, three: tuple[int, ...]) -> bool:
    wide = abs(_area(picture, three)) >= LEAST_PICTURE_AREA
    return wide and abs(_area(road, three)) >= LEAST_ROAD_AREA_M2


def _area(points: _Corners, three: tuple[int, ...]) -> float:
    """The signed area of a triangle; positive where its corners run anticlockwise."""
    (ax, ay), (bx, by), (cx, cy) = (points[index] for index in three)
    return ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
