"""Reading a tree of values with an account of each leaf: used for the order, or left with a reason.

What nobody touched is left too, so that nothing of a source is dropped in silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from enforcement.orders.draft import Unused

NO_FIELD = "no field of an order stands for it"
_LONGEST_VALUE = 200


@dataclass
class Ledger:
    """What became of each leaf, by its path."""

    used: set[str] = field(default_factory=set)
    left: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """A value of the tree, where it stands, and the ledger that its reading is written to."""

    value: Any
    path: str
    ledger: Ledger

    def at(self, key: str) -> Place:
        """The value under a key, None where there is none."""
        value = self.value.get(key) if isinstance(self.value, Mapping) else None
        return Place(value, self._below(key), self.ledger)

    def keys(self) -> list[str]:
        """The keys of an object; none for anything else."""
        return list(self.value) if isinstance(self.value, Mapping) else []

    def each(self) -> list[Place]:
        """The items of a list; none for anything else."""
        items = self.value if isinstance(self.value, list) else []
        return [Place(item, f"{self.path}[{n}]", self.ledger) for n, item in enumerate(items)]

    def text(self) -> str | None:
        """The value where it is a text that says something; it then counts as used."""
        return self._used(self.value.strip()) if isinstance(self.value, str) and self.value.strip() else None

    def flag(self) -> bool | None:
        """The value where it is true or false; it then counts as used."""
        return self._used(self.value) if isinstance(self.value, bool) else None

    def number(self) -> Decimal | None:
        """The value where it is a number; it then counts as used."""
        is_number = isinstance(self.value, int | Decimal) and not isinstance(self.value, bool)
        return self._used(Decimal(self.value)) if is_number else None

    def leave(self, reason: str) -> None:
        """Write down why this value and all below it are not used, also where a part was read already."""
        for leaf in self.leaves():
            self.ledger.used.discard(leaf.path)
            self.ledger.left[leaf.path] = reason

    def leave_untouched(self, reasons: Mapping[str, str]) -> None:
        """Leave each leaf that nobody touched, with the reason for its key."""
        for leaf in self.leaves():
            if leaf.path not in self.ledger.used and leaf.path not in self.ledger.left:
                key = leaf.path.rsplit(".", 1)[-1].split("[", 1)[0]
                self.ledger.left[leaf.path] = reasons.get(key, NO_FIELD)

    def unused(self) -> tuple[Unused, ...]:
        """What was left at or below this place, in the source's sequence."""
        left = self.ledger.left
        return tuple(
            Unused(leaf.path, _short(leaf.value), left[leaf.path])
            for leaf in self.leaves()
            if leaf.path in left
        )

    def leaves(self) -> Iterator[Place]:
        """Every value that holds no other, empty lists and objects among them."""
        below = [self.at(key) for key in self.keys()] or self.each()
        if not below:
            yield self
            return
        for place in below:
            yield from place.leaves()

    def _below(self, key: str) -> str:
        plain = key.isidentifier() or key.replace("-", "_").isidentifier()
        step = key if plain else json.dumps(key)
        return f"{self.path}.{step}" if self.path else step

    def _used(self, value: Any) -> Any:
        self.ledger.used.add(self.path)
        self.ledger.left.pop(self.path, None)
        return value


def _short(value: Any) -> str:
    text = str(value) if isinstance(value, str | Decimal) else json.dumps(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
