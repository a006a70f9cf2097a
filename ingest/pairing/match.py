"""A passage to the zones that it was seen in: by site and direction, or for a van by its position.

A fixed camera's passage belongs to a zone where a camera pair names its site and direction. A van's belongs
to the zones of an order whose restricted road runs within the zone's `van_distance_m`, while deployed. It is
an end of a pair only where it stands as near to the place that its site was surveyed at, because the pair's
window was measured from there.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache

import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from config.clock import LONDON
from config.law.orders import CameraPoint, OrderVersion, Zone
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
    agent_id: str
    camera_id: str


@dataclass(frozen=True)
class Sighting:
    """A passage in one zone of one order version. `binds` says whether the order's hours held then.

    `place` is the site's name, `at_site` whether the camera stood where its site was surveyed, `vans` are the
    sites of the authority that a van watches.
    """

    seen: Seen
    order: OrderVersion
    zone: Zone
    binds: bool
    place: str
    at_site: bool = True
    vans: frozenset[str] = frozenset()

    @cached_property
    def may_enter(self) -> bool:
        """Whether a pair of the zone begins here."""
        return self.at_site and any(_is_at(pair.entry, self.seen) for pair in self.zone.pairs)

    @cached_property
    def may_exit(self) -> bool:
        """Whether a pair of the zone ends here."""
        return self.at_site and any(_is_at(pair.exit, self.seen) for pair in self.zone.pairs)

    @property
    def is_end(self) -> bool:
        """Whether it was seen at an end of the zone, not inside it."""
        return self.may_enter or self.may_exit


@dataclass(frozen=True)
class Law:
    """The site and order versions of one authority."""

    sites: Mapping[tuple[str, int], Site]
    orders: Mapping[str, Sequence[OrderVersion]]

    @cached_property
    def vans(self) -> frozenset[str]:
        """The sites that a van watches."""
        return frozenset(site.site_id for site in self.sites.values() if site.kind == "van")

    @cached_property
    def orders_of_site(self) -> Mapping[str, Sequence[Sequence[OrderVersion]]]:
        """The orders, all versions of each, that name a site in a pair."""
        found: dict[str, list[Sequence[OrderVersion]]] = defaultdict(list)
        for versions in self.orders.values():
            for site_id in sorted({site_id for version in versions for site_id in _site_ids(version)}):
                found[site_id].append(versions)
        return found

    def orders_near(self, site: Site) -> Iterable[Sequence[OrderVersion]]:
        """The orders that a passage of the site may fall under; a van may stand on any order's road."""
        return self.orders.values() if site.kind == "van" else self.orders_of_site.get(site.site_id, ())


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
        Sighting(
            seen,
            order,
            zone,
            binds=order.in_force(seen.captured_at),
            place=site.name,
            at_site=site.kind == "fixed" or _off_site_m(site, seen) <= zone.van_distance_m,
            vans=law.vans,
        )
        for versions in law.orders_near(site)
        for order in _standing(versions, seen.captured_at)
        for zone in order.zones
        if _watches(site, seen, order, zone)
    ]
    return (Match.MATCHED if found else Match.NO_ORDER), found


def _standing(versions: Iterable[OrderVersion], at: datetime) -> list[OrderVersion]:
    """The version that replaces the others at the instant, whatever its hours; none or one."""
    local = at.astimezone(LONDON)
    standing = [version for version in versions if version.stands(local)]
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


def _site_ids(version: OrderVersion) -> set[str]:
    pairs = [pair for zone in version.zones for pair in zone.pairs]
    return {point.site_id for pair in pairs for point in (pair.entry, pair.exit)}


def _off_site_m(site: Site, seen: Seen) -> float:
    """How far from the place that its site was surveyed at a van stood."""
    surveyed = _to_national_grid().transform(site.longitude, site.latitude)
    return math.dist(surveyed, _to_national_grid().transform(seen.longitude, seen.latitude))


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
