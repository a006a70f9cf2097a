"""Leads from OpenStreetMap: roads whose tags speak of a limit for lorries, as drafts.

A map is a lead and never authority: it knows no dates, no type and no wording, so a draft asks for them and
for where the officer has seen the order itself. Ways that touch and say the same give one draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from enforcement.orders.draft import Draft, Unused
from enforcement.orders.errors import OrderFileRefused
from enforcement.orders.grid import NoLine, line_through
from enforcement.orders.ledger import Ledger, Place
from enforcement.orders.osm_values import NotUnderstood, conditions, hours_of, weight_kg
from enforcement.orders.osm_ways import Way
from enforcement.orders.reading import Reading

_LIMITS = {
    "maxweightrating:hgv": "environmental",  # sign 622.1A: goods vehicles by their plated weight
    "maxweightrating": "structural",  # sign 626.2A: every vehicle
    "maxweight": "structural",
}
_DIRECTIONS = {"": "both", ":forward": "along", ":backward": "against"}
_CONDITIONAL = ":conditional"
_ACCESS = {"destination", "delivery", "loading", "access"}
_ASKED = {
    "order_id": "a map knows no orders; name it",
    "title": "a map knows no orders; give the order's title",
    "source": "a map is a lead, never authority; say where you have seen the order as made",
    "type": "a map does not tell if the order is permanent, experimental or temporary",
    "effective_from": "a map knows no dates",
    "london": "a map does not say if the order is made for London; the offence differs",
    "zones": "cameras, their pairs and transit windows stand in no map",
}
_REASONS = {"name": "words for people; the place is told by its line", "ref": "words for people"}
_OTHER = "does not bear on a limit for lorries"


def leads(file: Path, ways: Sequence[Way]) -> list[Draft]:
    """A draft for each road that may have a weight order. Raises OrderFileRefused where there is none."""
    found = [way for way in ways if _is_lead(way)]
    if not found:
        raise OrderFileRefused(file, f"none of its {len(ways)} tagged ways speaks of a limit for lorries")
    return [_draft(road) for road in _roads(found)]


def _is_lead(way: Way) -> bool:
    return any(_base(key) in (*_LIMITS, "hgv") for key in way.tags) and (
        way.tags.get("hgv") not in ("yes", "designated") or any(_base(key) in _LIMITS for key in way.tags)
    )


def _base(key: str) -> str:
    """The tag's key without direction and ":conditional"."""
    for ending in (_CONDITIONAL, ":forward", ":backward"):
        key = key.removesuffix(ending)
    return key


def _roads(ways: Sequence[Way]) -> list[list[Way]]:
    """Ways that share a node, a name and what is said of lorries, together; in the extract's sequence."""
    road_of: dict[tuple[frozenset[tuple[str, str]], str], list[Way]] = {}
    for way in ways:
        ends = [(frozenset(_said(way).items()), node) for node in way.nodes]
        touching = {id(road): road for end in ends if (road := road_of.get(end))}
        joined = max(touching.values(), key=len, default=[])
        for road in [road for road in touching.values() if road is not joined]:
            joined += road
            ends += [(ends[0][0], node) for other in road for node in other.nodes]
        joined.append(way)
        road_of.update(dict.fromkeys(ends, joined))
    found = {id(road): road for road in road_of.values()}
    return list(found.values()) + [[way] for way in ways if not way.nodes]


def _said(way: Way) -> dict[str, str]:
    return {
        key: value
        for key, value in way.tags.items()
        if _base(key) in (*_LIMITS, "hgv") or key in ("name", "ref", "oneway")
    }


def _draft(road: Sequence[Way]) -> Draft:
    reading = Reading()
    unused: list[Unused] = []
    for number, way in enumerate(road):
        tags = Place(dict(way.tags), f"way/{way.way_id}", Ledger())
        if number == 0:
            _read_tags(reading, tags)
        else:
            _same_as_before(tags, road[0])
        _read_line(reading, way, unused)
        tags.leave_untouched({**_REASONS, **{key: _OTHER for key in way.tags if key not in _REASONS}})
        unused += tags.unused()
    for name, why in _ASKED.items():
        reading.ask(name, why)
    for name in ("limit_kg", "weight_basis", "purpose"):
        reading.need(name, "no tag gives it in a form that can be used")
    reference = "+".join(f"way/{way.way_id}" for way in road)
    return Draft("osm", reference[:300], dict(reading.fields), tuple(reading.gaps), tuple(unused))


def _same_as_before(tags: Place, first: Way) -> None:
    for key in tags.keys():  # noqa: SIM118 - a Place is no mapping
        if key in _said(first):
            tags.at(key).leave(f"says the same as way/{first.way_id}")


def _read_line(reading: Reading, way: Way, unused: list[Unused]) -> None:
    try:
        if len(way.places) < len(way.nodes):
            missing = len(way.nodes) - len(way.places)
            raise NoLine(f"the extract lacks {missing} of its {len(way.nodes)} nodes")
        reading.add("sections", line_through(way.places))
    except NoLine as error:
        unused.append(Unused(f"way/{way.way_id}", "geometry", str(error)))
        reading.ask("sections", f"way/{way.way_id}: {error}")


def _read_tags(reading: Reading, tags: Place) -> None:
    for key in tags.keys():  # noqa: SIM118 - a Place is no mapping
        base, place = _base(key), tags.at(key)
        if base not in (*_LIMITS, "hgv"):
            continue
        try:
            if key.endswith(_CONDITIONAL):
                _read_conditional(reading, place, key)
            elif base == "hgv":
                _read_hgv(reading, place)
            else:
                _read_limit(reading, place, key, place.text() or "")
        except NotUnderstood as error:
            reading.cannot_use(place, str(error), _bearing(base))


def _bearing(base: str) -> str:
    return "exemptions" if base == "hgv" else "limit_kg"


def _read_limit(reading: Reading, place: Place, key: str, value: str) -> None:
    base = _base(key)
    limit_kg = weight_kg(value)
    if (
        reading.fields.get("limit_kg", limit_kg) != limit_kg
        or reading.fields.get("purpose", _LIMITS[base]) != _LIMITS[base]
    ):
        raise NotUnderstood("another limit is named for the same road; an order has one")
    place.text()
    reading.give("limit_kg", limit_kg)
    reading.give("purpose", _LIMITS[base])
    reading.give("weight_basis", "plated_maximum")
    reading.give("direction", _DIRECTIONS[key.removesuffix(_CONDITIONAL).removeprefix(base)])


def _read_hgv(reading: Reading, place: Place) -> None:
    if place.text() not in _ACCESS:
        raise NotUnderstood("does not say that lorries may go in for access")
    reading.exempt("access_loading", None)


def _read_conditional(reading: Reading, place: Place, key: str) -> None:
    """`none @ destination`, `7.5 @ (Mo-Fr 07:00-19:00)`, `destination @ (19:00-07:00)`."""
    for value, condition in conditions(place.text() or ""):
        if value in ("none", "yes") and condition in _ACCESS:
            reading.exempt("access_loading", None)
        elif value in ("none", "yes"):
            for each in hours_of(condition):
                reading.add("except_hours", each)
        elif _base(key) == "hgv":
            if value not in _ACCESS | {"no"}:
                raise NotUnderstood("does not say what lorries may do then")
            _read_hours(reading, condition)
            if value in _ACCESS:
                reading.exempt("access_loading", None)
        else:
            _read_limit(reading, place, key, value)
            _read_hours(reading, condition)


def _read_hours(reading: Reading, condition: str) -> None:
    for each in hours_of(condition):
        reading.add("hours", each)
