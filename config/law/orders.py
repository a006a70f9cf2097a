"""Weight restriction orders as immutable versions. A passage is judged by the version in force at its time.

Hours and dates of an order are reckoned in Europe/London. Weights are in kg, geometry in EPSG:27700.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from config.clock import LONDON
from config.wire.values import Direction, Name

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Exemption(StrEnum):
    """Who an order lets through. Source: the exemption articles of English weight orders."""

    ACCESS_LOADING = "access_loading"
    OFF_STREET_PREMISES = "off_street_premises"
    EMERGENCY_SERVICES = "emergency_services"
    BUSES = "buses"
    AGRICULTURAL = "agricultural"
    HIGHWAY_MAINTENANCE = "highway_maintenance"
    STATUTORY_UNDERTAKERS = "statutory_undertakers"
    REFUSE = "refuse"
    DRIVER_TRAINING = "driver_training"
    PERMIT_HOLDERS = "permit_holders"


TimeOfDay = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class Hours(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days and local times of day at which the order applies; `until` is exclusive, 24:00 is midnight."""

    days: Annotated[tuple[Day, ...], Meta(min_length=1)]
    from_: TimeOfDay = field(name="from")
    until: TimeOfDay

    def hold(self, local: datetime) -> bool:
        """Whether a local time lies inside; an end before the start runs past midnight."""
        at, today = local.strftime("%H:%M"), _DAYS[local.weekday()]
        if self.from_ < self.until:
            return today in self.days and self.from_ <= at < self.until
        yesterday = _DAYS[local.weekday() - 1]
        return (today in self.days and at >= self.from_) or (yesterday in self.days and at < self.until)


class CameraPoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site and the direction past it that counts, relative to its camera."""

    site_id: Name
    direction: Direction


class CameraPair(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry, an exit and the transit window between them; both edges of the window are inside it."""

    entry: CameraPoint
    exit: CameraPoint
    min_elapsed_s: Annotated[float, Meta(gt=0)]
    max_elapsed_s: Annotated[float, Meta(gt=0)]
    calibrated_by: str
    calibrated_on: date


class Zone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The part of the order that a set of cameras watches."""

    zone_id: Name
    name: str
    parish: str
    pairs: Annotated[tuple[CameraPair, ...], Meta(min_length=1)]
    van_distance_m: Annotated[float, Meta(ge=0)] = 50.0


class OrderVersion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a traffic regulation order. `effective_to` is exclusive."""

    order_id: Name
    version: Annotated[int, Meta(ge=1)]
    authority: Name
    title: str
    type: Literal["permanent", "experimental", "temporary"]
    london: bool = False
    purpose: Literal["environmental", "structural"]
    limit_kg: Annotated[int, Meta(gt=0)]
    weight_basis: Literal["plated_maximum", "operating_weight"]
    effective_from: date
    effective_to: date | None = None
    hours: tuple[Hours, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    sections: tuple[str, ...] = ()
    zones: Annotated[tuple[Zone, ...], Meta(min_length=1)]
    source: str = ""

    def in_force(self, at: datetime) -> bool:
        """Whether this version binds at the instant `at`: dates first, then hours. No hours means always."""
        local = at.astimezone(LONDON)
        if local.date() < self.effective_from:
            return False
        if self.effective_to is not None and local.date() >= self.effective_to:
            return False
        return not self.hours or any(hours.hold(local) for hours in self.hours)


class OrdersFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The YAML file `hgv-enforce orders import` reads."""

    orders: Annotated[tuple[OrderVersion, ...], Meta(min_length=1)]


class Permit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leave for one vehicle under one order; both days inclusive, in local time."""

    order_id: Name
    vrm: Annotated[str, Meta(pattern=r"^[A-Z0-9]{2,8}$")]
    holder: str
    valid_from: date
    valid_to: date

    def covers(self, order_id: str, vrm: str, at: datetime) -> bool:
        """Whether the permit lets `vrm` pass under the order at `at`."""
        day = at.astimezone(LONDON).date()
        return (self.order_id, self.vrm) == (order_id, vrm) and self.valid_from <= day <= self.valid_to


class PermitsFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The YAML file `hgv-enforce permits import` reads."""

    authority: Name
    permits: tuple[Permit, ...]


def version_in_force(versions: Iterable[OrderVersion], at: datetime) -> OrderVersion | None:
    """The version that binds at `at`; of several the highest, as it replaces the others."""
    binding = [version for version in versions if version.in_force(at)]
    return max(binding, key=lambda version: version.version, default=None)
