"""A passage to the zones that it was seen in: by site and direction, or for a van by its position.

A fixed camera's passage belongs to a zone where a camera pair names its site and direction. A van's belongs
to the zones of an order whose restricted road runs within the zone's `van_distance_m`, while deployed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from config.clock import LONDON
from config.law.orders import CameraPoint, OrderVersion, Zone, version_in_force
from config.sites import Site


class Match(StrEnum):
    """Each way in which looking for a passage's zones can end."""

    MATCHED = "matched"
    SITE_UNKNOWN = "site_unknown"
    SITE_NOT_IN_FORCE = "site_not_in_force"
    NOT_DEPLOYED = "not_deployed"
    NO_ORDER = "no_order"


@dataclass(frozen=True)
class Seen:
    """What pairing needs of a stored passage with a read VRM. `clock_within_s` is None where nobody knows."""

    passage_id: str
    vrm: str
    captured_at: datetime
    site_id: str
    site_version: int
    direction: str
    latitude: float
    longitude: float
    deployed_from: datetime | None
    deployed_until: datetime | None
    clock_ok: bool
    clock_within_s: float | None


@dataclass(frozen=True)
class Sighting:
    """A passage in one zone of one order version. `binds` says whether the order's hours held then."""

    seen: Seen
    order: OrderVersion
    zone: Zone
    binds: bool

    @property
    def may_enter(self) -> bool:
        """Whether a pair of the zone begins here."""
        return any(_is_at(pair.entry, self.seen) for pair in self.zone.pairs)

    @property
    def may_exit(self) -> bool:
        """Whether a pair of the zone ends here."""
        return any(_is_at(pair.exit, self.seen) for pair in self.zone.pairs)


@dataclass(frozen=True)
class Law:
    """The site and order versions of one authority."""

    sites: Mapping[tuple[str, int], Site]
    orders: Mapping[str, Sequence[OrderVersion]]


def sightings(seen: Seen, law: Law) -> tuple[Match, list[Sighting]]:
    """The zones that a passage was seen in under the order versions of its day, and how the search ended."""
    site = law.sites.get((seen.site_id, seen.site_version))
    if site is None:
        return Match.SITE_UNKNOWN, []
    if not site.in_force(seen.captured_at):
        return Match.SITE_NOT_IN_FORCE, []
    if site.kind == "van" and not _deployed(seen):
        return Match.NOT_DEPLOYED, []
    found = [
        Sighting(seen, order, zone, binds=version_in_force(versions, seen.captured_at) is order)
        for versions in law.orders.values()
        for order in _of_the_day(versions, seen.captured_at)
        for zone in order.zones
        if _watches(site, seen, order, zone)
    ]
    return (Match.MATCHED if found else Match.NO_ORDER), found


def _of_the_day(versions: Iterable[OrderVersion], at: datetime) -> list[OrderVersion]:
    """The version that replaces the others on the day, whatever its hours; none or one."""
    day = at.astimezone(LONDON).date()
    standing = [
        version
        for version in versions
        if version.effective_from <= day and (version.effective_to is None or day < version.effective_to)
    ]
    return sorted(standing, key=lambda version: version.version)[-1:]


def _watches(site: Site, seen: Seen, order: OrderVersion, zone: Zone) -> bool:
    if site.kind == "van":
        return _distance_m(seen.latitude, seen.longitude, order.sections) <= zone.van_distance_m
    return any(_is_at(point, seen) for pair in zone.pairs for point in (pair.entry, pair.exit))


def _is_at(point: CameraPoint, seen: Seen) -> bool:
    return (point.site_id, point.direction) == (seen.site_id, seen.direction)


def _deployed(seen: Seen) -> bool:
    if seen.deployed_from is None or seen.captured_at < seen.deployed_from:
        return False
    return seen.deployed_until is None or seen.captured_at <= seen.deployed_until


def _distance_m(latitude: float, longitude: float, sections: Sequence[str]) -> float:
    east, north = _to_national_grid().transform(longitude, latitude)
    here = shapely.Point(east, north)
    return min((float(road(section).distance(here)) for section in sections), default=float("inf"))


@lru_cache(maxsize=1)
def _to_national_grid() -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)


@lru_cache(maxsize=4096)
def road(section: str) -> BaseGeometry:
    """A section of an order as geometry in EPSG:27700. Raises shapely's ShapelyError for what is none."""
    return shapely.from_wkt(section.removeprefix("SRID=27700;"))
