"""The county's villages: roads, camera sites, orders with their windows, and the list of permits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import msgspec

from config.law.orders import (
    CameraPair,
    CameraPoint,
    Exemption,
    Hours,
    OrderVersion,
    Permit,
    Zone,
    version_in_force,
)
from config.sites import Site
from enforcement.simulation.chance import chance_of
from enforcement.simulation.fleet import LIMIT_KG, Kind, Operator, Vehicle, Vehicles
from enforcement.simulation.parameters import Choices, Parameters, Village, Windows

AUTHORITY = "county"

_M_PER_S = 0.44704  # of one mile an hour
_EXEMPTIONS = (
    Exemption.ACCESS_LOADING,
    Exemption.OFF_STREET_PREMISES,
    Exemption.EMERGENCY_SERVICES,
    Exemption.BUSES,
    Exemption.HIGHWAY_MAINTENANCE,
    Exemption.STATUTORY_UNDERTAKERS,
    Exemption.REFUSE,
    Exemption.PERMIT_HOLDERS,
)
_AMENDED = Hours(days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"), from_="06:00", until="22:00")


@dataclass(frozen=True)
class Path:
    """A way through: the sites in order, metres from the first, and the order that binds each stretch.

    Driven forwards one passes the first site `towards` and the others `away`; backwards the other way round.
    """

    site_ids: tuple[str, ...]
    along_m: tuple[float, ...]
    order_ids: tuple[str, ...]

    def point(self, place: int, *, forwards: bool) -> CameraPoint:
        """A site and the direction in which one passes it."""
        into = forwards == (place == 0)
        return CameraPoint(site_id=self.site_ids[place], direction="towards" if into else "away")


@dataclass(frozen=True)
class Place:
    """A village as it is watched."""

    number: int
    village: Village
    paths: tuple[Path, ...]
    orders: Mapping[str, tuple[OrderVersion, ...]]
    sites: tuple[Site, ...]
    permits: Mapping[str, tuple[Permit, ...]]

    def order_at(self, order_id: str, at: datetime) -> OrderVersion | None:
        """The version that binds at an instant."""
        return version_in_force(self.orders[order_id], at)

    def is_permitted(self, order_id: str, vrm: str, at: datetime) -> bool:
        """Whether the list of permits lets a vehicle through."""
        return any(permit.covers(order_id, vrm, at) for permit in self.permits.get(vrm, ()))


def build_place(number: int, parameters: Parameters, choices: Choices, vehicles: Vehicles) -> Place:
    """The village of that number."""
    village = parameters.villages[number % len(parameters.villages)]
    paths = _paths(number, village)
    order_ids = sorted({order_id for path in paths for order_id in path.order_ids})
    orders = {
        order_id: tuple(_versions(order_id, village, paths, choices.windows, parameters))
        for order_id in order_ids
    }
    site_ids = sorted({site_id for path in paths for site_id in path.site_ids})
    return Place(
        number=number,
        village=village,
        paths=paths,
        orders=orders,
        sites=tuple(_site(site_id, parameters.period.start) for site_id in site_ids),
        permits=_permits(number, order_ids, parameters, vehicles),
    )


def window_s(length_m: float, windows: Windows) -> tuple[float, float]:
    """The shortest and the longest time that a stretch's transit window lets through."""
    shortest = length_m / (windows.fastest_mph * _M_PER_S)
    return round(shortest, 1), round(length_m / (windows.through_mph * _M_PER_S) + windows.spare_s, 1)


def driven_s(length_m: float, speed_mph: float) -> float:
    """How long it takes to drive so far."""
    return length_m / (speed_mph * _M_PER_S)


def _paths(number: int, village: Village) -> tuple[Path, ...]:
    names = [f"v{number}-{end}" for end in "abc"]
    first, *others = village.lengths_m
    order_id = f"order-{number}"
    if village.shape == "road":
        return (Path((names[0], names[1]), (0.0, first), (order_id,)),)
    if village.shape == "chain":
        ends = (0.0, first, first + others[0])
        return (Path(tuple(names), ends, (f"{order_id}-near", f"{order_id}-far")),)
    arms = village.lengths_m
    return tuple(
        Path((names[i], names[j]), (0.0, arms[i] + arms[j]), (order_id,)) for i, j in ((0, 1), (0, 2), (1, 2))
    )


def _versions(
    order_id: str, village: Village, paths: Sequence[Path], windows: Windows, parameters: Parameters
) -> Iterator[OrderVersion]:
    first = OrderVersion(
        order_id=order_id,
        version=1,
        authority=AUTHORITY,
        title=f"The ({order_id}) (7.5 Tonnes Maximum Gross Weight) Order",
        type="permanent",
        purpose="environmental",
        limit_kg=LIMIT_KG,
        weight_basis="plated_maximum",
        effective_from=parameters.period.start - timedelta(days=400),
        effective_to=village.amended_on,
        hours=(village.hours,) if village.hours else (),
        exemptions=_EXEMPTIONS,
        zones=(_zone(order_id, paths, windows),),
    )
    yield first
    if village.amended_on is not None:
        yield msgspec.structs.replace(
            first, version=2, effective_from=village.amended_on, effective_to=None, hours=(_AMENDED,)
        )


def _zone(order_id: str, paths: Sequence[Path], windows: Windows) -> Zone:
    pairs = []
    for path in paths:
        for place, bound_by in enumerate(path.order_ids):
            if bound_by == order_id:
                shortest, longest = window_s(path.along_m[place + 1] - path.along_m[place], windows)
                ends = (place, place + 1)
                pairs += [
                    CameraPair(
                        entry=path.point(a, forwards=forwards),
                        exit=path.point(b, forwards=forwards),
                        min_elapsed_s=shortest,
                        max_elapsed_s=longest,
                        calibrated_by="simulation",
                        calibrated_on=date(2027, 6, 1),
                    )
                    for a, b, forwards in ((*ends, True), (*ends[::-1], False))
                ]
    return Zone(zone_id=order_id, name=order_id, parish=order_id, pairs=tuple(pairs))


def _site(site_id: str, start: date) -> Site:
    return Site(
        site_id=site_id,
        site_version=1,
        authority=AUTHORITY,
        name=site_id,
        road="High Street",
        latitude=51.87,
        longitude=-0.4,
        effective_from=datetime(start.year, start.month, start.day, tzinfo=UTC) - timedelta(days=30),
    )


def _permits(
    number: int, order_ids: Sequence[str], parameters: Parameters, vehicles: Vehicles
) -> dict[str, tuple[Permit, ...]]:
    """The permits by mark: of the village's own vehicles, some lapsed, and of those known on exempt duty."""
    period, chance = parameters.period, chance_of(number, "permits")
    listed: dict[str, tuple[Permit, ...]] = {}
    for vehicle in of_village(number, Kind.LOCAL, parameters, vehicles):
        # who lapses does so half way through the year on average
        lapses = chance.random() < 2 * parameters.permits.lapsed
        days = (period.end - period.start).days
        last = period.start + timedelta(days=chance.randrange(days) if lapses else days + 30)
        listed[vehicle.vrm] = _leave(vehicle.vrm, order_ids, period.start, last)
    for vehicle in of_village(number, Kind.EXEMPT_DUTY, parameters, vehicles):
        if chance.random() < parameters.permits.exempt_listed:
            listed[vehicle.vrm] = _leave(vehicle.vrm, order_ids, period.start, period.end)
    return listed


def of_village(number: int, kind: Kind, parameters: Parameters, vehicles: Vehicles) -> Iterator[Vehicle]:
    """A village's own vehicles of a kind."""
    for local in range(parameters.fleet.local_operators):
        operator = Operator(kind, number * 1000 + local)
        for slot in range(vehicles.size_of(operator)):
            yield vehicles.of(operator, slot)


def _leave(vrm: str, order_ids: Sequence[str], first: date, last: date) -> tuple[Permit, ...]:
    return tuple(
        Permit(
            order_id=order_id,
            vrm=vrm,
            holder="simulated",
            valid_from=first - timedelta(days=100),
            valid_to=last,
        )
        for order_id in order_ids
    )
