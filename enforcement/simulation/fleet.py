"""Whose vehicles are on the county's roads. Nothing is stored: a vehicle follows from its mark, and back.

An operator's vehicles bear marks one after the other (their last letter), so that a misread of that letter
is another lorry of the same yard.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from enforcement.simulation.chance import chance_of
from enforcement.simulation.parameters import Fleet

LIMIT_KG = 7500

_LETTERS = "ABCDEFGHJKLMNOPRSTUVWXYZ"  # neither I nor Q (domain.md, section 5)
_AGES = (*range(12, 28), *range(62, 78))
_BASE = len(_LETTERS)
_YARDS = _BASE**2 * len(_AGES) * _BASE**2
_STEP = 6_700_417  # prime, so that it has no factor in common with the number of yards
_BACK = pow(_STEP, -1, _YARDS)
_OF_A_KIND = 1_000_000

_MAKES = ("DAF", "VOLVO", "SCANIA", "MERCEDES", "MAN", "IVECO", "RENAULT")
_COLOURS = ("WHITE", "BLUE", "RED", "GREEN", "YELLOW", "SILVER", "BLACK")
_OVER_KG = (12_000, 18_000, 18_000, 26_000, 32_000, 40_000, 44_000, 44_000, 44_000)
_NOT_OVER_KG = (7500, 7500, 7500, 7200, 6500, 6000, 5200, 3850)


class Kind(IntEnum):
    """What an operator's vehicles are."""

    HAULAGE = 0
    LOCAL = 1
    EXEMPT_DUTY = 2
    SMALL = 3
    VAN = 4
    BUS = 5
    OTHER = 6


_CATEGORIES = {
    Kind.HAULAGE: ("N3",),
    Kind.LOCAL: ("N3", "N3", "N2"),
    Kind.EXEMPT_DUTY: ("N3",),
    Kind.SMALL: ("N2",),
    Kind.VAN: ("N1",),
    Kind.BUS: ("M3", "M3", "M2"),
    Kind.OTHER: ("M1", "M1", "T1"),
}


@dataclass(frozen=True)
class Operator:
    """Somebody who runs vehicles; `number` below a million, of its kind."""

    kind: Kind
    number: int


@dataclass(frozen=True)
class Vehicle:
    """A vehicle as it is, whatever a register says. `weight_kg` is its plated maximum, None for cars."""

    vrm: str
    operator: Operator
    type_approval: str
    weight_kg: int | None
    trailer_kg: int
    make: str
    colour: str

    @property
    def is_over(self) -> bool:
        """Whether it is a goods vehicle over the limit, its trailer counted (RTA 1988 s.20)."""
        goods = self.type_approval.startswith("N")
        return goods and (self.weight_kg or 0) + self.trailer_kg > LIMIT_KG


class Vehicles:
    """The vehicles of a county."""

    def __init__(self, fleet: Fleet, seed: int) -> None:
        self._fleet = fleet
        self._seed = seed
        self._offset = chance_of(seed, "marks").randrange(_YARDS)
        self.of = lru_cache(maxsize=100_000)(self._vehicle)
        self.size_of = lru_cache(maxsize=50_000)(self._size)

    def bearing(self, vrm: str) -> Vehicle | None:
        """The county's vehicle that bears the mark, or None."""
        yard, slot = _yard_of(vrm)
        if yard is None:
            return None
        place = (yard - self._offset) * _BACK % _YARDS
        kind, number = divmod(place, _OF_A_KIND)
        if kind >= len(Kind) or not self._exists(Kind(kind), number):
            return None
        operator = Operator(Kind(kind), number)
        return self.of(operator, slot) if slot < self.size_of(operator) else None

    def _exists(self, kind: Kind, number: int) -> bool:
        if kind is Kind.HAULAGE:
            return number < self._fleet.haulage_operators
        return number % 1000 < self._fleet.local_operators

    def _size(self, operator: Operator) -> int:
        """How many vehicles an operator has: few have many."""
        share = chance_of(self._seed, "size", operator.kind, operator.number).random()
        return max(1, round(self._fleet.largest_fleet * share**3))

    def _vehicle(self, operator: Operator, slot: int) -> Vehicle:
        place = int(operator.kind) * _OF_A_KIND + operator.number
        vrm = _mark((place * _STEP + self._offset) % _YARDS, slot)
        chance = chance_of(self._seed, "vehicle", vrm)
        livery = chance_of(self._seed, "livery", operator.kind, operator.number)
        weight_kg, trailer_kg = self._weights(operator.kind, chance)
        return Vehicle(
            vrm=vrm,
            operator=operator,
            type_approval=chance.choice(_CATEGORIES[operator.kind]),
            weight_kg=weight_kg,
            trailer_kg=trailer_kg,
            make=livery.choice(_MAKES),
            colour=livery.choice(_COLOURS),
        )

    def _weights(self, kind: Kind, chance: random.Random) -> tuple[int | None, int]:
        if kind in (Kind.HAULAGE, Kind.LOCAL, Kind.EXEMPT_DUTY):
            return chance.choice(_OVER_KG), 0
        if kind is Kind.BUS:
            return chance.choice((7500, 12_000, 18_000)), 0
        if kind is Kind.OTHER:
            return None, 0
        towed_kg = chance.randint(*self._fleet.trailer_kg)
        if kind is Kind.VAN:
            return 3500, towed_kg if chance.random() < self._fleet.trailer.van else 0
        if chance.random() >= self._fleet.trailer.lorry:
            return chance.choice(_NOT_OVER_KG), 0
        over = chance.random() < self._fleet.trailer_over
        return LIMIT_KG if over else LIMIT_KG - towed_kg, towed_kg


def _mark(yard: int, slot: int) -> str:
    rest, fourth = divmod(yard, _BASE)
    rest, third = divmod(rest, _BASE)
    rest, age = divmod(rest, len(_AGES))
    first, second = divmod(rest, _BASE)
    letters = [_LETTERS[place] for place in (first, second, third, fourth, slot)]
    return f"{letters[0]}{letters[1]}{_AGES[age]:02}{letters[2]}{letters[3]}{letters[4]}"


def _yard_of(vrm: str) -> tuple[int | None, int]:
    """The yard and the place in it of a mark; no yard for a mark of another format."""
    if len(vrm) != 7 or not vrm[2:4].isdigit() or int(vrm[2:4]) not in _AGES:
        return None, 0
    places = [_LETTERS.find(letter) for letter in vrm[:2] + vrm[4:]]
    if min(places) < 0:
        return None, 0
    first, second, third, fourth, slot = places
    age = _AGES.index(int(vrm[2:4]))
    return (((first * _BASE + second) * len(_AGES) + age) * _BASE + third) * _BASE + fourth, slot
