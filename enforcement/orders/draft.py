"""What a published record or a map says of an order, and what it does not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

SourceKind = Literal["dtro", "osm"]


@dataclass(frozen=True)
class Unused:
    """A value of the source that no field of the order was made from, with its path and the reason."""

    path: str
    value: str
    reason: str


@dataclass(frozen=True)
class Gap:
    """A field of the order that an officer must give before the draft can be approved, and why."""

    field: str
    why: str


@dataclass(frozen=True)
class Draft:
    """An order as far as a source tells it. `fields` are those of OrderVersion, as its YAML has them."""

    source: SourceKind
    reference: str
    fields: Mapping[str, Any]
    gaps: tuple[Gap, ...]
    unused: tuple[Unused, ...]
