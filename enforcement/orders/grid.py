"""Lines on the British National Grid (EPSG:27700), as an order keeps them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from math import isfinite

import shapely
from pyproj import Transformer

# The extent of EPSG:27700 in metres, with some sea around it.
_EAST_M, _NORTH_M = (1_000, 800_000), (1_000, 1_300_000)
_NUMBER = r"-?\d{1,9}(?:\.\d{1,12})?(?![\d.])"
_LINE = re.compile(rf"^(?:SRID=27700;)?\s*((?:MULTI)?LINESTRING\s*\((?:[\s,()]|{_NUMBER})*\))\s*$")
_LONGEST = 1_000_000


class NoLine(Exception):
    """A text or a way that is no line in Great Britain; the text says why."""


def line_of(text: str) -> str:
    """The line as WKT without its SRID. Raises NoLine."""
    found = _LINE.match(text[:_LONGEST])
    if found is None:
        raise NoLine("is no LINESTRING or MULTILINESTRING in SRID 27700")
    try:
        line = shapely.from_wkt(found[1])
    except shapely.errors.ShapelyError as error:
        raise NoLine(f"is no line: {error}") from error
    bounds = line.bounds
    if len(bounds) != 4 or not all(isfinite(value) for value in bounds) or not _in_britain(*bounds):
        raise NoLine("does not lie in Great Britain; are its coordinates metres east and north?")
    return found[1]


def line_through(places: Sequence[tuple[float, float]]) -> str:
    """The line through places given as latitude and longitude. Raises NoLine."""
    if len(places) < 2:
        raise NoLine("has fewer than two places with coordinates")
    points = [_to_grid().transform(longitude, latitude) for latitude, longitude in places]
    return line_of(f"LINESTRING({', '.join(f'{east:.1f} {north:.1f}' for east, north in points)})")


def _in_britain(west: float, south: float, east: float, north: float) -> bool:
    return (
        _EAST_M[0] <= west <= east <= _EAST_M[1]
        and _NORTH_M[0] <= south <= north <= _NORTH_M[1]
        and (west, south) != (east, north)
    )


@lru_cache(maxsize=1)
def _to_grid() -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
