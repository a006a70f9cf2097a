"""From the logical expression of a regulation to the fields of an order.

An order binds whoever meets all its requirements (weight, time) and none of its exemptions. So "and" over
requirements and negated conditions is an order; NOT (a or b) is two exemptions; NOT (a and a time) is an
exemption with terms. Anything else is left, and the fields that it bears on are asked of the officer.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from enforcement.orders.conditions import All, Either, Expression, Leaf, Not, Unclear
from enforcement.orders.exempting import NoSuchExemption, exemption_of, only_through_traffic
from enforcement.orders.ledger import Place
from enforcement.orders.periods import NotUsable, begin_of, end_of, hours_of
from enforcement.orders.reading import Reading

Terms = dict[str, Any]

_ON_WHOM = ("exemptions", "hours")
_BASES = {"maximumPermitted": "plated_maximum", "combinedMaximumPermitted": "operating_weight"}
_ANYBODY = {
    "environmental": {"goodsVehicle", "heavyGoodsVehicle"},
    "structural": {"anyVehicle", "motorVehicle"},
}


def settle(reading: Reading, found: Expression, *, negated: bool = False, terms: Terms | None = None) -> None:
    """Put an expression, or where `negated` its contrary, into the reading's fields."""
    match found:
        case All() | Either() | Leaf() if terms is not None and not negated:
            why = "a requirement cannot have times of its own"
            reading.cannot_use(found.place, why, "limit_kg", *_ON_WHOM)
        case Not(part):
            settle(reading, part, negated=not negated, terms=terms)
        case All(parts, place) if negated:
            _exempt_at_times(reading, parts, place, terms)
        case All(parts, _):
            for part in parts:
                settle(reading, part)
        case Either(parts, _) if negated:
            for part in parts:
                settle(reading, part, negated=True, terms=terms)
        case Either(_, place):
            reading.cannot_use(place, "an order cannot bind in one of several cases", "limit_kg", *_ON_WHOM)
        case Unclear(place, why):
            reading.cannot_use(place, why, "limit_kg", *_ON_WHOM)
        case Leaf() if negated:
            _exempt(reading, found, terms)
        case Leaf():
            _require(reading, found)


def _exempt_at_times(
    reading: Reading, parts: tuple[Expression, ...], place: Place, terms: Terms | None
) -> None:
    """NOT (condition and time): the exemption holds at that time only."""
    times = [part for part in parts if isinstance(part, Leaf) and part.kind == "timeValidity"]
    others = [part for part in parts if part not in times]
    if len(times) != 1 or len(others) != 1 or terms is not None:
        why = "an exemption can be confined by one time, and by nothing else"
        reading.cannot_use(place, why, *_ON_WHOM)
        return
    try:
        own = _terms(times[0].place)
    except NotUsable as error:
        reading.cannot_use(place, str(error), "exemptions")
        return
    settle(reading, others[0], negated=True, terms=own)


def _terms(place: Place) -> Terms:
    if place.at("exceptionPeriod").value is not None or place.at("isPlaceholderTro").flag():
        raise NotUsable("an exemption's time has no exceptions and is no placeholder")
    own: Terms = {}
    if place.at("start").value is not None:
        first, at = begin_of(place.at("start"))
        own["effective_from"] = first.isoformat()
        _whole_day(at, "00:00")
    if place.at("end").value is not None:
        after, at = end_of(place.at("end"))
        own["effective_to"] = after.isoformat()
        _whole_day(at, "24:00")
    hours = [each for period in place.at("validPeriod").each() for each in hours_of(period)]
    return {**own, "hours": hours} if hours else own


def _whole_day(at: str, expected: str) -> None:
    if at != expected:
        raise NotUsable("an exemption's dates are whole days")


def _exempt(reading: Reading, leaf: Leaf, terms: Terms | None) -> None:
    if leaf.kind == "timeValidity":
        why = "a time at which the order does not bind is read from exceptionPeriod only"
        reading.cannot_use(leaf.place, why, "hours")
        return
    try:
        exemption = exemption_of(leaf)
    except NoSuchExemption as error:
        reading.cannot_use(leaf.place, str(error), "exemptions")
        return
    reading.exempt(str(exemption), terms)


def _require(reading: Reading, leaf: Leaf) -> None:
    readers: dict[str, Callable[[Reading, Place], None]] = {
        "maximumGrossWeightCharacteristic": _weight,
        "timeValidity": _validity,
        "vehicleType": _vehicle_type,
    }
    if leaf.kind in readers:
        readers[leaf.kind](reading, leaf.place)
    elif only_through_traffic(leaf):
        reading.exempt("access_loading", None)
    else:
        why = f"an order cannot be confined to those who meet a '{leaf.kind}'"
        reading.cannot_use(leaf.place, why, "exemptions")


def _weight(reading: Reading, place: Place) -> None:
    tonnes, kind = place.at("grossVehicleWeight").number(), place.at("typeOfWeight").text()
    limit_kg = (tonnes or Decimal(0)) * 1000
    if "limit_kg" in reading.fields:
        reading.cannot_use(place, "a second weight is named; an order has one limit", "limit_kg")
    elif not 0 < limit_kg <= 100_000 or limit_kg != int(limit_kg):
        reading.cannot_use(place, "is no weight in tonnes that gives whole kilogrammes", "limit_kg")
    else:
        reading.give("limit_kg", int(limit_kg))
    if kind in _BASES:
        reading.give("weight_basis", _BASES[kind])
    else:
        why = "only the maximum permitted weight, alone or combined, can be looked up"
        reading.cannot_use(place.at("typeOfWeight"), why, "weight_basis")


def _vehicle_type(reading: Reading, place: Place) -> None:
    purpose = str(reading.fields.get("purpose"))
    if place.text() not in _ANYBODY.get(purpose, set()):
        why = f"who is bound by an order that is {purpose} cannot be confined to this type"
        reading.cannot_use(place, why, "exemptions")


def _validity(reading: Reading, place: Place) -> None:
    if "effective_from" in reading.fields:
        reading.cannot_use(place, "a second validity is named; an order has one", "effective_from", "hours")
        return
    if place.at("isPlaceholderTro").flag():
        reading.ask("effective_from", f"{place.at('isPlaceholderTro').path}: the dates are a placeholder")
    _dates(reading, place)
    for name, field in (("validPeriod", "hours"), ("exceptionPeriod", "except_hours")):
        if place.at(name).value is not None and not place.at(name).each():
            place.at(name).leave("names no period")
        for period in place.at(name).each():
            try:
                hours = hours_of(period)
            except NotUsable as error:
                reading.cannot_use(period, str(error), field)
                continue
            for each in hours:
                reading.add(field, each)


def _dates(reading: Reading, place: Place) -> None:
    start, end = place.at("start"), place.at("end")
    try:
        first, at = begin_of(start)
        reading.give("effective_from", first.isoformat())
        if at != "00:00":
            reading.give("starts_at", at)
    except NotUsable as error:
        reading.cannot_use(start, str(error), "effective_from")
    if end.value is None:
        return
    try:
        after, at = end_of(end)
        reading.give("effective_to", after.isoformat())
        if at != "24:00":
            reading.give("ends_at", at)
    except NotUsable as error:
        reading.cannot_use(end, str(error), "effective_to")
