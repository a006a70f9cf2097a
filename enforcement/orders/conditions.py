"""The conditions of a D-TRO regulation as one logical expression, whichever version wrote them.

In v4 a condition set is an object whose conditions may hold further sets; in v3 it is an array of objects
with `conditions`, `condition` and `conditionSet`. A condition with several characteristics means all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from enforcement.orders.ledger import Place

_GROUPS = ("conditions", "condition", "conditionSet")
_CHARACTERISTICS = "vehicleCharacteristics"


@dataclass(frozen=True)
class Leaf:
    """One characteristic, such as `timeValidity` or `vehicleUsage`."""

    kind: str
    place: Place


@dataclass(frozen=True)
class All:
    """Every part holds."""

    parts: tuple[Expression, ...]
    place: Place


@dataclass(frozen=True)
class Either:
    """At least one part holds."""

    parts: tuple[Expression, ...]
    place: Place


@dataclass(frozen=True)
class Not:
    """The part does not hold."""

    part: Expression


@dataclass(frozen=True)
class Unclear:
    """What cannot be put in these terms, and why."""

    place: Place
    why: str


Expression = Leaf | All | Either | Not | Unclear


def conditions_of(regulation: Place) -> Expression | None:
    """The expression of a regulation's `conditionSet` or `condition`; None where it has neither."""
    found = [
        regulation.at(key) for key in ("conditionSet", "condition") if regulation.at(key).value is not None
    ]
    if not found:
        return None
    if len(found) > 1:
        return Unclear(found[1], "the regulation has a condition besides its condition set")
    return _set(found[0]) if "conditionSet" in found[0].path.rsplit(".", 1)[-1] else _only(found[0])


def _set(place: Place) -> Expression:
    """A condition set: v4's object, or v3's array of one."""
    if isinstance(place.value, list):
        sets = place.each()
        if len(sets) == 1:
            return _group(sets[0])
        return Unclear(place, "several condition sets stand side by side; how they combine is not said")
    return _group(place)


def _only(place: Place) -> Expression:
    """A single condition: v4's object, or v3's array of one."""
    items = place.each() if isinstance(place.value, list) else [place]
    return _condition(items[0]) if len(items) == 1 else Unclear(place, "one condition is expected here")


def _group(place: Place) -> Expression:
    """An object with an operator over its conditions and sets."""
    parts: list[Expression] = []
    for key in place.keys():  # noqa: SIM118 - a Place is no mapping
        below = place.at(key)
        if key in ("conditions", "condition"):
            parts += [_condition(item) for item in (below.each() or [below])]
        elif key == "conditionSet":
            parts.append(_set(below))
        elif key not in ("operator", "negate"):
            parts.append(Unclear(below, f"'{key}' is no part of a condition set that can be used"))
    return _joined(place, parts)


def _joined(place: Place, parts: list[Expression]) -> Expression:
    operator = place.at("operator")
    if not parts:
        return Unclear(place, "the condition set is empty")
    if len(parts) == 1:
        operator.leave("over one condition an operator says nothing")
        return parts[0]
    match operator.text():
        case "and":
            return All(tuple(parts), place)
        case "or":
            return Either(tuple(parts), place)
        case _:
            return Unclear(place, "its conditions are not joined by 'and' or 'or'")


def _condition(place: Place) -> Expression:
    negate = place.at("negate")
    negated = negate.flag()
    if not isinstance(place.value, dict) or (negated is None and negate.value is not None):
        return Unclear(place, "is no condition with negate true or false")
    found = _group(place) if any(key in place.value for key in _GROUPS) else _plain(place)
    return Not(found) if negated else found


def _plain(place: Place) -> Expression:
    parts: list[Expression] = []
    for key in place.keys():  # noqa: SIM118 - a Place is no mapping
        below = place.at(key)
        if key == _CHARACTERISTICS:
            parts += [Leaf(name, below.at(name)) for name in below.keys()]  # noqa: SIM118 - the same
        elif key == "operator":
            below.leave("over one condition an operator says nothing")
        elif key != "negate":
            parts.append(Leaf(key, below))
    if not parts:
        return Unclear(place, "the condition names nothing")
    return parts[0] if len(parts) == 1 else All(tuple(parts), place)
