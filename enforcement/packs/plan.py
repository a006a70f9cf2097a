"""The plan of an order: its restricted road and the two cameras in British National Grid, as vector SVG.

Drawn from the order's own geometry and the signed positions of the cameras; nothing comes from a map service.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from config.law.orders import OrderVersion

WIDTH, HEIGHT = 1700.0, 1500.0  # tenths of a millimetre on the page
_LEAST_SIDE_M = 200.0
_AROUND = 1.35
_LINES_ACROSS = 4

Point = tuple[float, float]


@dataclass(frozen=True)
class PlanCamera:
    """A camera on the plan: its letter, and its place in metres east and north."""

    letter: str
    east_m: float
    north_m: float


@dataclass(frozen=True)
class _Frame:
    """The part of the grid that is drawn. `scale` is tenths of a millimetre per metre."""

    west_m: float
    south_m: float
    scale: float

    def at(self, east_m: float, north_m: float) -> Point:
        """The place on the page, from its upper left corner."""
        return (east_m - self.west_m) * self.scale, HEIGHT - (north_m - self.south_m) * self.scale


def grid_place(latitude: float, longitude: float) -> Point:
    """East and north in metres (EPSG:27700) of a WGS84 position."""
    east_m, north_m = Transformer.from_crs(4326, 27700, always_xy=True).transform(longitude, latitude)
    return float(east_m), float(north_m)


def restricted_roads(order: OrderVersion) -> tuple[BaseGeometry, ...]:
    """The order's sections. They were checked to be geometry when the version was stored."""
    return tuple(shapely.from_wkt(section.rpartition(";")[2]) for section in order.sections)


def plan_svg(roads: Sequence[BaseGeometry], cameras: Sequence[PlanCamera]) -> str:
    """The plan, with grid lines, scale bar and an arrow to grid north."""
    frame = _frame(roads, cameras)
    step_m = _round_length(WIDTH / frame.scale / _LINES_ACROSS)
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}">',
        f'<rect width="{WIDTH:.0f}" height="{HEIGHT:.0f}" fill="#fbfbf8"/>',
        *_grid(frame, step_m),
        *(part for road in roads for part in _road(frame, road)),
        *(part for camera in cameras for part in _camera(frame, camera)),
        *_scale_bar(frame, _round_length(WIDTH / frame.scale / 5)),
        *_north_arrow(),
        f'<rect x="2" y="2" width="{WIDTH - 4:.0f}" height="{HEIGHT - 4:.0f}" fill="none" stroke="#1b2a49" '
        'stroke-width="4"/>',
        "</svg>",
    ]
    return "\n".join(drawn) + "\n"


def _frame(roads: Sequence[BaseGeometry], cameras: Sequence[PlanCamera]) -> _Frame:
    points = [shapely.Point(camera.east_m, camera.north_m) for camera in cameras]
    west, south, east, north = shapely.total_bounds([*roads, *points])
    across_m = max((east - west) * _AROUND, (north - south) * _AROUND * WIDTH / HEIGHT, _LEAST_SIDE_M)
    scale = WIDTH / across_m
    return _Frame((west + east - across_m) / 2, (south + north - HEIGHT / scale) / 2, scale)


def _round_length(length_m: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not longer."""
    power = 10.0 ** math.floor(math.log10(length_m))
    return next(first * power for first in (5, 2, 1) if first * power <= length_m)


def _text(x: float, y: float, size: int, words: str, anchor: str = "start", colour: str = "#111111") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="Libertinus Serif" font-size="{size}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def _grid(frame: _Frame, step_m: float) -> Iterator[str]:
    line, grey = 'stroke="#c9cfda" stroke-width="2"', "#55617a"
    right_m, top_m = frame.west_m + WIDTH / frame.scale, frame.south_m + HEIGHT / frame.scale
    for n in range(math.ceil(frame.west_m / step_m), math.floor(right_m / step_m) + 1):
        x, _ = frame.at(n * step_m, 0)
        yield f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{HEIGHT:.0f}" {line}/>'
        yield _text(x + 8, HEIGHT - 14, 30, f"{n * step_m:.0f} E", colour=grey)
    for n in range(math.ceil(frame.south_m / step_m), math.floor(top_m / step_m) + 1):
        _, y = frame.at(0, n * step_m)
        yield f'<line x1="0" y1="{y:.1f}" x2="{WIDTH:.0f}" y2="{y:.1f}" {line}/>'
        yield _text(14, y - 8, 30, f"{n * step_m:.0f} N", colour=grey)


def _road(frame: _Frame, road: BaseGeometry) -> Iterator[str]:
    for part in getattr(road, "geoms", [road]):
        outline = part.exterior if part.geom_type == "Polygon" else part
        points = " ".join("{:.1f},{:.1f}".format(*frame.at(*place[:2])) for place in outline.coords)
        for colour, width in (("#ffffff", 34), ("#c1121f", 18)):
            yield (
                f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}" '
                'stroke-linecap="round" stroke-linejoin="round"/>'
            )


def _camera(frame: _Frame, camera: PlanCamera) -> Iterator[str]:
    x, y = frame.at(camera.east_m, camera.north_m)
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="32" fill="#1b2a49" stroke="#ffffff" stroke-width="6"/>'
    yield _text(x, y + 13, 40, camera.letter, "middle", "#ffffff")


def _scale_bar(frame: _Frame, length_m: float) -> Iterator[str]:
    left, top, length = 60.0, HEIGHT - 120, length_m * frame.scale
    yield (
        f'<rect x="{left - 20:.0f}" y="{top - 62:.0f}" width="{length + 150:.1f}" height="98" fill="#fbfbf8" '
        'fill-opacity="0.9"/>'
    )
    for half, colour in ((0, "#1b2a49"), (1, "#ffffff")):
        yield (
            f'<rect x="{left + half * length / 2:.1f}" y="{top:.0f}" width="{length / 2:.1f}" height="18" '
            f'fill="{colour}" stroke="#1b2a49" stroke-width="3"/>'
        )
    for share in (0.0, 0.5, 1.0):
        words = f"{length_m * share:g}" + (" m" if share == 1 else "")
        yield _text(left + share * length, top - 14, 32, words, "middle")


def _north_arrow() -> Iterator[str]:
    x, y = WIDTH - 110, 90.0
    yield f'<polygon points="{x},{y} {x + 34},{y + 120} {x},{y + 92} {x - 34},{y + 120}" fill="#1b2a49"/>'
    yield _text(x, y + 170, 46, "N", "middle", "#1b2a49")
    yield _text(x, y + 206, 26, "grid north", "middle", "#1b2a49")
