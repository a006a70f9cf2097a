"""Where cameras stand. A camera that was moved is another version of its site; old ones never change."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.wire.messages import Instant, Name, Share


class RoadPoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A point of the picture (pixels) and where it lies on the road (metres along and across)."""

    x_px: float
    y_px: float
    along_m: float
    across_m: float


class Site(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a camera's place. `towards` and `away` say what a driver does in each direction."""

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
    road_points: tuple[RoadPoint, ...] = ()

    def in_force(self, at: datetime) -> bool:
        """Whether the camera stood here at `at`."""
        return self.effective_from <= at and (self.effective_to is None or at < self.effective_to)


class SitesFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `hgv-enforce sites import` reads."""

    sites: Annotated[tuple[Site, ...], Meta(min_length=1)]
