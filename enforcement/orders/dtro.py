"""Weight restrictions from a D-TRO record, v3 or v4, as drafts (Department for Transport, D-TRO data model).

A record holds provisions, each with one regulation; each that limits weight gives one draft. Every value of
the record is either used for the draft or stands in its list of unused values with the reason.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from enforcement.orders.conditions import conditions_of
from enforcement.orders.draft import Draft
from enforcement.orders.errors import OrderFileRefused
from enforcement.orders.ledger import Ledger, Place
from enforcement.orders.places import read_places
from enforcement.orders.reading import Reading
from enforcement.orders.reporting import read_reporting_point
from enforcement.orders.settling import settle

_VERSION = re.compile(r"^([34])\.\d{1,3}\.\d{1,3}$")
_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,58}$")
_PURPOSES = {
    "dimensionMaximumWeightEnvironmental": "environmental",
    "dimensionMaximumWeightStructural": "structural",
}
_REASONS = {
    "madeDate": "an order counts from the day that it comes into force",
    "section": "which article of the order it is changes nothing in how it is judged",
    "statementDescription": "words for people; the conditions are judged by",
    "provisionDescription": "words for people; the order's title is troName",
    "description": "words for people; the place is told by its line",
    "traAffected": "authorities go by our own names; check that this code is yours",
    "traCreator": "authorities go by our own names; check that this code is yours",
    "currentTraOwner": "authorities go by our own names; check that this code is yours",
    "actionType": "versions are counted here, by what was stored before",
    "lastUpdateDate": "when the street's entry was changed is not kept",
    "lateralPosition": "where on the road the line was drawn changes nothing",
    "representation": "the line is taken as the road, whatever it stands for",
    "version": "versions are counted here, by what was stored before",
    "temporaryOverriddenProvision": "names another provision, which has its own version here",
    "reference": "names something that is not stored here",
    "periodName": "words for people",
    "type": "who may hold which kind of permit stands in the list of permits, by vehicle",
    "permitIdentifier": "permits stand in a list of their own, by vehicle",
    "schemeIdentifier": "permits stand in a list of their own, by vehicle",
    "locationRelatedPermit": "permits stand in a list of their own, by vehicle",
    "whereToApplyForPermit": "words for those who want a permit",
    "whereToCallForPermit": "words for those who want a permit",
    "name": "authorities go by our own names",
    "amountDue": "fees are not taken here",
    "paymentInformation": "fees are not taken here",
    "nsgStreetName": "the street goes by its reference number",
    "nsgStreetNumber": "the street goes by its reference number",
    "bywayType": "what kind of way it is changes nothing in how an order is judged",
    "busRoute": "that buses run there changes nothing in how an order is judged",
    "tramcar": "that trams run there changes nothing in how an order is judged",
    "concession": "who keeps the road changes nothing in how an order is judged",
    "assignment": "who keeps the road changes nothing in how an order is judged",
    "comingIntoForceDate": "the regulation's own validity begins no earlier",
}


def read_dtro(file: Path, record: Any) -> list[Draft]:
    """A draft for each weight restriction of a record. Raises OrderFileRefused where there is none."""
    major = _major(file, record)
    source = _root(record).at("data").at("source")
    if not isinstance(source.value, dict):
        raise OrderFileRefused(file, "is a D-TRO without data.source; a consultation is no order yet")
    regulations = [
        (provision.path, regulation.path)
        for provision in source.at("provision").each()
        for regulation in _regulations(file, provision, major)
    ]
    weighing = [paths for paths in regulations if _regulation_type(record, paths[1]) in _PURPOSES]
    if not weighing:
        kinds = sorted({_regulation_type(record, path) or "none" for _, path in regulations})
        raise OrderFileRefused(
            file, f"holds no weight restriction; its regulations are of type {', '.join(kinds) or 'none'}"
        )
    return [_draft(record, provision, regulation) for provision, regulation in weighing]


def _draft(record: Any, provision_path: str, regulation_path: str) -> Draft:
    root, reading = _root(record), Reading()
    source = root.at("data").at("source")
    root.at("schemaVersion").text()
    provision = _place(source.at("provision").each(), provision_path)
    _leave_others(source, provision, regulation_path)
    regulation = _place([provision.at("regulation"), *provision.at("regulation").each()], regulation_path)
    _read_names(reading, source, provision)
    read_reporting_point(reading, provision)
    _read_regulation(reading, regulation)
    _read_coming_into_force(reading, source, provision)
    read_places(reading, provision)
    reading.ask("zones", "cameras, their pairs and transit windows stand in no record")
    for name in ("limit_kg", "weight_basis"):
        reading.need(name, f"{regulation.path}: no weight that could be used")
    if reading.fields.get("type", "permanent") == "permanent":
        reading.ask("london", "a record does not say if the order is made for London; the offence differs")
    root.leave_untouched(_REASONS)
    reference = provision.at("reference").value
    return reading.draft("dtro", str(reference)[:300] if reference else provision.path, root)


def _read_names(reading: Reading, source: Place, provision: Place) -> None:
    title, own, whole = source.at("troName").text(), provision.at("reference").text(), source.at("reference")
    if title:
        reading.give("title", title)
    reading.need("title", f"{source.path}.troName: no name of the order")
    order_id = f"dtro-{(own or '').lower()}"
    if own and _NAME.match(own.lower()):
        reading.give("order_id", order_id)
    else:
        reading.ask("order_id", f"{provision.path}.reference: cannot serve as the order's id")
    reading.give("source", f"D-TRO {whole.text() or 'without reference'}, provision {own or 'without'}")


def _read_regulation(reading: Reading, regulation: Place) -> None:
    kind = regulation.at("generalRegulation").at("regulationType").text()
    reading.give("purpose", _PURPOSES[kind or ""])
    if regulation.at("timeZone").text() != "Europe/London":
        why = "hours are reckoned in Europe/London, and this record does not say that its own are"
        reading.cannot_use(regulation.at("timeZone"), why, "hours")
        reading.ask("hours", f"{regulation.path}.timeZone: {why}")
    if regulation.at("isDynamic").flag() is not False:
        why = "a restriction that is switched on and off cannot be judged by its text"
        reading.ask("hours", f"{regulation.path}.isDynamic: {why}")
    found = conditions_of(regulation)
    if found is not None:
        settle(reading, found)


def _read_coming_into_force(reading: Reading, source: Place, provision: Place) -> None:
    """The later of coming into force and the regulation's own start; where both exclude each other, ask."""
    name = "comingIntoForceDate"
    place = provision.at(name) if provision.at(name).value is not None else source.at(name)
    if place.path != source.at(name).path:
        source.at(name).leave("the provision has a date of its own")
    day = _day(place)
    begins, ends = reading.fields.get("effective_from"), reading.fields.get("effective_to")
    if day is None:
        place.leave("is no date")
        reading.need("effective_from", "the record does not say from when it binds")
    elif begins is None or (day > begins and (ends is None or day < ends)):
        place.text()
        reading.give("effective_from", day)
        reading.fields.pop("starts_at", None)
    elif ends is not None and day >= ends:
        place.text()
        why = f"{place.path}: it comes into force on {day}, but its own validity ends before"
        reading.ask("effective_from", why)
        reading.ask("effective_to", why)


def _day(place: Place) -> str | None:
    try:
        return date.fromisoformat(place.value).isoformat() if isinstance(place.value, str) else None
    except ValueError:
        return None


def _leave_others(source: Place, provision: Place, regulation_path: str) -> None:
    for other in source.at("provision").each():
        if other.path != provision.path:
            other.leave("belongs to another provision of the record")
    for regulation in provision.at("regulation").each():
        if regulation.path != regulation_path:
            regulation.leave("belongs to another regulation of the provision")


def _major(file: Path, record: Any) -> int:
    version = record.get("schemaVersion") if isinstance(record, dict) else None
    found = _VERSION.match(version) if isinstance(version, str) else None
    if found is None:
        told = str(version)[:40]
        raise OrderFileRefused(file, f"schemaVersion {told!r} is not read; v3 and v4 of D-TRO are")
    return int(found[1])


def _regulations(file: Path, provision: Place, major: int) -> list[Place]:
    """The provision's regulations: an array in v3, one object in v4."""
    regulation = provision.at("regulation")
    expected, name = (list, "an array") if major == 3 else (dict, "an object")
    if not isinstance(regulation.value, expected):
        raise OrderFileRefused(file, f"{regulation.path} is not {name}, as D-TRO v{major} has it")
    return regulation.each() or [regulation]


def _regulation_type(record: Any, path: str) -> str | None:
    source = _root(record).at("data").at("source")
    for provision in source.at("provision").each():
        for regulation in (provision.at("regulation"), *provision.at("regulation").each()):
            if regulation.path == path:
                return regulation.at("generalRegulation").at("regulationType").text()
    return None


def _place(places: list[Place], path: str) -> Place:
    return next(place for place in places if place.path == path)


def _root(record: Any) -> Place:
    return Place(record, "", Ledger())
