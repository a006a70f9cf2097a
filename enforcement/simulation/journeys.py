"""A village's journeys over the months: who drove when, where they stopped, and whether it was a breach."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from config.clock import LONDON
from enforcement.simulation.chance import chance_of
from enforcement.simulation.drives import Crossing, Journey, Leg, Purpose
from enforcement.simulation.fleet import Kind, Operator, Vehicle, Vehicles
from enforcement.simulation.parameters import Mix, Parameters
from enforcement.simulation.places import Path, Place, driven_s

_BUSIEST = math.log(0.1) / math.log(0.5)  # half of all journeys are by the busiest tenth of the operators


class Journeys:
    """The journeys of one village."""

    def __init__(self, place: Place, parameters: Parameters, vehicles: Vehicles, seed: int) -> None:
        self._place = place
        self._parameters = parameters
        self._vehicles = vehicles
        self._chance = chance_of(seed, "journeys", place.number)
        self._count = 0

    def of_the_period(self) -> Iterator[Journey]:
        """All journeys, day by day."""
        day, end = self._parameters.period.start, self._parameters.period.end
        mix = self._parameters.mix(self._place.village.mix)
        while day < end:
            yield from self._of_the_day(day, mix)
            day += timedelta(days=1)

    def _of_the_day(self, day: date, mix: Mix) -> Iterator[Journey]:
        p = self._parameters
        share = {5: p.saturday, 6: p.sunday}.get(day.weekday(), 1.0)
        for _ in range(self._poisson(mix.through * share / (1 + p.driving.both_ways) / (1 + p.fleet.convoy))):
            yield from self._haulier_through(self._time(day))
        for _ in range(self._poisson(mix.delivery * share)):
            yield self._drive(self._haulier(), Purpose.DELIVERY, self._time(day))
        for _ in range(self._poisson(mix.permit * share)):
            purpose = Purpose.THROUGH if self._happens(p.permits.through) else Purpose.DELIVERY
            yield self._drive(self._local(Kind.LOCAL), purpose, self._time(day))
        for _ in range(self._poisson(mix.exempt_duty * share)):
            stops = not self._happens(p.permits.exempt_through)
            yield self._drive(
                self._local(Kind.EXEMPT_DUTY), Purpose.EXEMPT_DUTY, self._time(day), stops=stops
            )
        for kind, amount in (
            (Kind.SMALL, mix.not_over_lorry),
            (Kind.VAN, mix.van),
            (Kind.BUS, mix.bus),
            (Kind.OTHER, mix.other),
        ):
            for _ in range(self._poisson(amount * share)):
                yield self._drive(self._local(kind), Purpose.THROUGH, self._time(day))

    def _haulier_through(self, at: datetime) -> Iterator[Journey]:
        """A haulier's drive through, perhaps with a colleague close behind, perhaps back the same day."""
        p, chance = self._parameters, self._chance
        vehicle = self._haulier()
        foreign = self._happens(p.fleet.foreign)
        path, forwards = chance.choice(self._place.paths), self._happens(0.5)
        purpose = Purpose.LAYBY if self._happens(p.driving.layby) else Purpose.THROUGH
        if self._happens(p.driving.u_turn):
            purpose = Purpose.LOST
        plate = self._plate(vehicle, foreign)
        way = (path, forwards)
        yield self._drive(vehicle, purpose, at, way=way, plate=plate, foreign=foreign)
        if self._happens(p.fleet.convoy):
            size = self._vehicles.size_of(vehicle.operator)
            slots = [self._vehicles.of(vehicle.operator, slot) for slot in range(size)]
            colleague = slots[(slots.index(vehicle) + 1) % size]
            if colleague is not vehicle and not foreign:
                gap = timedelta(seconds=chance.uniform(*p.fleet.convoy_gap_s))
                yield self._drive(colleague, purpose, at + gap, way=way)
        if self._happens(p.driving.both_ways):
            later = at + timedelta(hours=chance.uniform(1, 8))
            yield self._drive(
                vehicle, Purpose.THROUGH, later, way=(path, not forwards), plate=plate, foreign=foreign
            )

    def _plate(self, vehicle: Vehicle, foreign: bool) -> str:
        if foreign:
            letters = "".join(self._chance.choices("ABCEKLMNOPRSTWXZ", k=3))
            return f"{letters}{self._chance.randrange(10_000, 99_999)}"
        return self._haulier().vrm if self._happens(self._parameters.fleet.cloned) else vehicle.vrm

    def _drive(
        self,
        vehicle: Vehicle,
        purpose: Purpose,
        at: datetime,
        *,
        way: tuple[Path, bool] | None = None,
        plate: str | None = None,
        foreign: bool = False,
        stops: bool = True,
    ) -> Journey:
        chance = self._chance
        path, forwards = way or (chance.choice(self._place.paths), self._happens(0.5))
        crossings, stopped = self._crossings(path, forwards, purpose, at, stops)
        last = len(path.order_ids) - 1
        legs = []
        for number, (entry, leaving) in enumerate(pairwise(crossings)):
            if entry.site_id != leaving.site_id:
                order_id = path.order_ids[_stretch(path, entry.site_id, leaving.site_id, last)]
                legs.append(Leg(order_id, entry, leaving, purpose if number == stopped else None))
        self._count += 1
        return Journey(
            number=self._count,
            vehicle=vehicle,
            plate=plate or vehicle.vrm,
            foreign=foreign,
            purpose=purpose,
            crossings=crossings,
            legs=tuple(legs),
        )

    def _crossings(
        self, path: Path, forwards: bool, purpose: Purpose, at: datetime, stops: bool
    ) -> tuple[tuple[Crossing, ...], int | None]:
        """The cameras passed, and after which of them the vehicle stopped."""
        p, chance = self._parameters, self._chance
        places = list(range(len(path.site_ids)))
        if not forwards:
            places.reverse()
        dwell_s = self._dwell_s(purpose) if stops else 0.0
        stopped = chance.randrange(len(places) - 1) if dwell_s else None
        onward = purpose is not Purpose.LOST and (
            purpose not in (Purpose.DELIVERY, Purpose.EXEMPT_DUTY) or self._happens(p.deliveries.onward)
        )
        if stopped is not None and not onward:
            places = places[: stopped + 1]
        visited = [(place, forwards) for place in places]
        if stopped is not None and not onward:
            visited += [(place, not forwards) for place in reversed(places)]
        return tuple(self._timed(path, visited, at, stopped, dwell_s)), stopped

    def _timed(
        self, path: Path, visited: list[tuple[int, bool]], at: datetime, stopped: int | None, dwell_s: float
    ) -> Iterator[Crossing]:
        driving, chance = self._parameters.driving, self._chance
        mph = min(
            max(chance.gauss(driving.mean_mph, driving.sd_mph), driving.slowest_mph), driving.fastest_mph
        )
        before: int | None = None
        for number, (place, ahead) in enumerate(visited):
            if before is not None:
                apart_m = abs(path.along_m[place] - path.along_m[before])
                if apart_m == 0:  # in and out again at the same end
                    apart_m = chance.uniform(100, 800)
                seconds = driven_s(apart_m, mph)
                if self._happens(driving.held_up):
                    seconds += chance.expovariate(1 / driving.held_up_mean_s)
                if stopped == number - 1:
                    seconds += dwell_s
                at += timedelta(seconds=seconds)
            point = path.point(place, forwards=ahead)
            yield Crossing(point.site_id, point.direction, at)
            before = place

    def _dwell_s(self, purpose: Purpose) -> float:
        """How long a vehicle stays, and what stopping itself costs."""
        p, chance = self._parameters, self._chance
        if purpose is Purpose.LAYBY:
            return chance.uniform(p.driving.layby_min_s, p.driving.layby_max_s)
        if purpose is Purpose.LOST:
            return p.deliveries.manoeuvre_s
        if purpose is Purpose.THROUGH:
            return 0.0
        d = p.deliveries
        while True:
            drawn = chance.lognormvariate(math.log(d.median_s), d.sigma)
            if d.shortest_s <= drawn <= d.longest_s:
                return drawn + d.manoeuvre_s

    def _haulier(self) -> Vehicle:
        count = self._parameters.fleet.haulage_operators
        rank = int(count * self._chance.random() ** _BUSIEST)
        number = (rank * 7919 + self._place.number * 101) % count
        return self._any_of(Operator(Kind.HAULAGE, number))

    def _local(self, kind: Kind) -> Vehicle:
        local = self._chance.randrange(self._parameters.fleet.local_operators)
        return self._any_of(Operator(kind, self._place.number * 1000 + local))

    def _any_of(self, operator: Operator) -> Vehicle:
        return self._vehicles.of(operator, self._chance.randrange(self._vehicles.size_of(operator)))

    def _time(self, day: date) -> datetime:
        hour = self._chance.choices(range(24), self._parameters.hours)[0]
        second = self._chance.uniform(0, 3600)
        local = datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)
        return local.astimezone(UTC) + timedelta(seconds=second)

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share

    def _poisson(self, mean: float) -> int:
        count, left = 0, self._chance.expovariate(1.0)
        while left < mean:
            count += 1
            left += self._chance.expovariate(1.0)
        return count


def _stretch(path: Path, a: str, b: str, last: int) -> int:
    return min(path.site_ids.index(a), path.site_ids.index(b), last)
