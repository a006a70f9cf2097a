"""What a plate reader makes of a plate: the mark, nothing, or another mark that fits the grammar as well."""

from __future__ import annotations

import random
from functools import cache

from config.vrm import confusable_distance, fit

_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LOOK_ALIKE = 0.5  # how far apart known confusions are


def misread(plate: str, chance: random.Random, confused: float) -> str:
    """A wrong text for a plate: one character for a look-alike (that share), or for any other."""
    places = [place for place, character in enumerate(plate) if _alike(character)]
    if places and chance.random() < confused:
        place = chance.choice(places)
        instead = chance.choice(_alike(plate[place]))
    else:
        place = chance.randrange(len(plate))
        instead = chance.choice([other for other in _CHARACTERS if other != plate[place]])
    return plate[:place] + instead + plate[place + 1 :]


def as_published(text: str) -> str | None:
    """What a unit publishes of a read text: the one mark that fits it, or nothing."""
    return fit(text).vrm


def nonsense(chance: random.Random) -> str:
    """A foreign plate pressed into a British shape."""
    letters = "ABCDEFGHJKLMNOPRSTUVWXYZ"
    age = chance.choice((*range(2, 28), *range(51, 78)))
    return f"{''.join(chance.choices(letters, k=2))}{age:02}{''.join(chance.choices(letters, k=3))}"


@cache
def _alike(character: str) -> tuple[str, ...]:
    return tuple(other for other in _CHARACTERS if confusable_distance(character, other) == _LOOK_ALIKE)
