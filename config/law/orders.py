"""Weight restriction orders as immutable versions. A passage is judged by the version in force at its time.

Hours and dates of an order are reckoned in Europe/London. Weights are in kg, geometry in EPSG:27700.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from config.clock import LONDON
from config.law.weight import Purpose, WeightBasis
from config.wire.values import Direction, Name

OrderType = Literal["permanent", "experimental", "temporary"]
SectionDirection = Literal["both", "along", "against"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
    """Days and local times of day; `until` is exclusive, 24:00 is midnight.

    `first_day` and `last_day`, both inclusive, confine them to a part of the order's life.
    """

    days: Annotated[tuple[Day, ...], Meta(min_length=1)]
    from_: TimeOfDay = field(name="from")
    until: TimeOfDay
    first_day: date | None = None
    last_day: date | None = None

    def hold(self, local: datetime) -> bool:
        """Whether a local time lies inside; an end before the start runs past midnight."""
        at, today = local.strftime("%H:%M"), local.date()
        if self.from_ < self.until:
            return self._has(today) and self.from_ <= at < self.until
        yesterday = today - timedelta(days=1)
        return (self._has(today) and at >= self.from_) or (self._has(yesterday) and at < self.until)

    def _has(self, day: date) -> bool:
        if self.first_day is not None and day < self.first_day:
            return False
        return WEEK[day.weekday()] in self.days and (self.last_day is None or day <= self.last_day)


class ExemptionTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When one of the order's exemptions holds, where that is not always. `effective_to` is exclusive."""

    exemption: Exemption
    effective_from: date | None = None
    effective_to: date | None = None
    hours: tuple[Hours, ...] = ()

    def hold(self, local: datetime) -> bool:
        """Whether the exemption can be relied on at a local time."""
        day = local.date()
        if self.effective_from is not None and day < self.effective_from:
            return False
        if self.effective_to is not None and day >= self.effective_to:
            return False
        return not self.hours or any(hours.hold(local) for hours in self.hours)


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
    calibrated_by: Annotated[str, Meta(min_length=1)]
    calibrated_on: date


class Zone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The part of the order that a set of cameras watches."""

    zone_id: Name
    name: str
    parish: str
    pairs: Annotated[tuple[CameraPair, ...], Meta(min_length=1)]
    van_distance_m: Annotated[float, Meta(ge=0)] = 50.0


class OrderVersion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a traffic regulation order. `effective_to` is exclusive.

    On its first day it binds from the local time `starts_at`, on its last until before `ends_at`. `sections`
    are the restricted roads as lines in EPSG:27700; `direction` is that of the traffic bound, as they run.
    """

    order_id: Name
    version: Annotated[int, Meta(ge=1)]
    authority: Name
    title: str
    type: OrderType
    london: bool = False
    purpose: Purpose
    limit_kg: Annotated[int, Meta(gt=0)]
    weight_basis: WeightBasis
    effective_from: date
    starts_at: TimeOfDay = "00:00"
    effective_to: date | None = None
    ends_at: TimeOfDay = "24:00"
    hours: tuple[Hours, ...] = ()
    except_hours: tuple[Hours, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    exemption_terms: tuple[ExemptionTerms, ...] = ()
    direction: SectionDirection = "both"
    sections: tuple[str, ...] = ()
    usrns: tuple[Annotated[int, Meta(ge=0, le=99_999_999)], ...] = ()
    zones: Annotated[tuple[Zone, ...], Meta(min_length=1)]
    source: str = ""

    def in_force(self, at: datetime) -> bool:
        """Whether this version binds at the instant `at`: dates first, then hours. No hours means always."""
        local = at.astimezone(LONDON)
        if not self.stands(local) or any(hours.hold(local) for hours in self.except_hours):
            return False
        return not self.hours or any(hours.hold(local) for hours in self.hours)

    def exempts(self, exemption: Exemption, at: datetime) -> bool:
        """Whether an exemption of this version can be relied on at the instant `at`."""
        terms = [terms for terms in self.exemption_terms if terms.exemption is exemption]
        local = at.astimezone(LONDON)
        return exemption in self.exemptions and (not terms or any(each.hold(local) for each in terms))

    def stands(self, local: datetime) -> bool:
        """Whether this version is effective at a local time, whatever its hours."""
        now = (local.date(), local.strftime("%H:%M"))
        if now < (self.effective_from, self.starts_at):
            return False
        if self.effective_to is None:
            return True
        return (now[0] + timedelta(days=1), now[1]) < (self.effective_to, self.ends_at)


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
