"""What a site's file says about a picture: where vehicles count, its lanes, and the road in metres."""

from __future__ import annotations

from dataclasses import dataclass

from config.sites import Site
from edge.road.plane import Road, road_of
from edge.vehicles.region import Polygon


@dataclass(frozen=True)
class View:
    """`region` is where vehicles count (empty: everywhere), `lane_areas` the lanes as polygons.

    `road` is None where the site is not calibrated: speed, length and height are not known there.
    """

    region: Polygon = ()
    lane_areas: tuple[Polygon, ...] = ()
    road: Road | None = None


EVERYTHING = View()


def view_of(site: Site) -> View:
    """The view of a site version. Raises CalibrationError where its points make no road."""
    road = road_of(site.calibration) if site.calibration is not None else None
    return View(site.region_of_interest, site.lane_areas, road)
