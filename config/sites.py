"""Where cameras stand. A camera that was moved is another version of its site; old ones never change."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.calibration import Calibration
from config.wire.values import Instant, Name, Share

Corner = tuple[Share, Share]
Polygon = Annotated[tuple[Corner, ...], Meta(min_length=3, max_length=32)]
"""Corners in shares of the picture's width and height."""


class Site(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a camera's place. `towards` and `away` say what a driver does in each direction.

    Lanes are numbered from 1, from left to right as the calibration's `along_m` grows. Without a calibration
    `lane_areas` may give each lane's surface as a polygon of the picture, in the same order.
    """

    site_id: Name
    site_version: Annotated[int, Meta(ge=1)]
    authority: Name
    kind: Literal["fixed", "van"] = "fixed"
    name: str
    road: str
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    effective_from: Instant
    effective_to: Instant | None = None
    towards: str = ""
    away: str = ""
    region_of_interest: tuple[tuple[Share, Share], ...] = ()
    lanes: Annotated[int, Meta(ge=1, le=8)] = 2
    lane_areas: Annotated[tuple[Polygon, ...], Meta(max_length=8)] = ()
    calibration: Calibration | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether the camera stood here at `at`."""
        return self.effective_from <= at and (self.effective_to is None or at < self.effective_to)


class SitesFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `hgv-enforce sites import` reads."""

    sites: Annotated[tuple[Site, ...], Meta(min_length=1)]
