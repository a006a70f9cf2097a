"""The register of the simulated county: mostly right, sometimes silent, seldom outdated, at times away."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from enforcement.errors import RegisterUnavailable
from enforcement.register.answers import RegisterAnswer
from enforcement.simulation.chance import chance_of
from enforcement.simulation.fleet import LIMIT_KG, Vehicle, Vehicles
from enforcement.simulation.parameters import RegisterFaults

_AS_OF = datetime(2027, 6, 1, tzinfo=UTC)
_SOURCE = "simulated"


class SimulatedRegister:
    """A register; what it answers of a mark is the same every time."""

    def __init__(self, vehicles: Vehicles, faults: RegisterFaults, seed: int, village: int) -> None:
        self._vehicles = vehicles
        self._faults = faults
        self._seed = seed
        self._cars = 1.0 - faults.stray_over - faults.stray_not_over_lorry - faults.stray_van
        self._away = chance_of(seed, "away", village)

    def look_up(self, vrm: str) -> RegisterAnswer:
        """The entry of a mark. Raises RegisterUnavailable now and then."""
        if self._away.random() < self._faults.away:
            raise RegisterUnavailable("the simulated register is away")
        return self.entry(vrm)

    def entry(self, vrm: str) -> RegisterAnswer:
        """The entry of a mark, without being away."""
        chance = chance_of(self._seed, "register", vrm)
        vehicle = self._vehicles.bearing(vrm)
        return self._stray(vrm, chance) if vehicle is None else self._known(vehicle, chance)

    def _known(self, vehicle: Vehicle, chance: random.Random) -> RegisterAnswer:
        faults = self._faults
        if chance.random() < faults.not_found:
            return _not_found(vehicle.vrm)
        without_category = chance.random() < faults.no_type_approval
        without_weight = chance.random() < faults.no_weight
        weight_kg = vehicle.weight_kg
        if weight_kg is not None and weight_kg <= LIMIT_KG and chance.random() < faults.weight_outdated:
            weight_kg = 10_000
        return RegisterAnswer(
            vrm=vehicle.vrm,
            found=True,
            as_of=_AS_OF,
            source=_SOURCE,
            make=vehicle.make,
            colour=vehicle.colour,
            type_approval=None if without_category else vehicle.type_approval,
            revenue_weight_kg=chance.choice((None, 0)) if without_weight else weight_kg,
        )

    def _stray(self, vrm: str, chance: random.Random) -> RegisterAnswer:
        """What a mark that nobody in the county bears belongs to."""
        faults = self._faults
        if chance.random() >= faults.stray_exists:
            return _not_found(vrm)
        category, weight_kg = chance.choices(
            (("N3", 18_000), ("N2", LIMIT_KG), ("N1", 3500), ("M1", None)),
            (faults.stray_over, faults.stray_not_over_lorry, faults.stray_van, self._cars),
        )[0]
        return RegisterAnswer(
            vrm=vrm,
            found=True,
            as_of=_AS_OF,
            source=_SOURCE,
            make=chance.choice(("FORD", "VAUXHALL", "BMW", "DAF")),
            colour=chance.choice(("WHITE", "GREY", "BLUE", "BLACK")),
            type_approval=category,
            revenue_weight_kg=weight_kg,
        )


def _not_found(vrm: str) -> RegisterAnswer:
    return RegisterAnswer(vrm=vrm, found=False, as_of=_AS_OF, source=_SOURCE)
