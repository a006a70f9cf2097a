"""The regulated places of a D-TRO provision: sections, direction and street references."""

from __future__ import annotations

from enforcement.orders.grid import NoLine, line_of
from enforcement.orders.ledger import Place
from enforcement.orders.reading import Reading

_DIRECTIONS = {"bidirectional": "both", "startToEnd": "along", "endToStart": "against"}


def read_places(reading: Reading, provision: Place) -> None:
    """Put every regulated location into the reading; diversion routes and other geometry are left."""
    directions: set[str] = set()
    for place in provision.at("regulatedPlace").each():
        kind = place.at("type").text()
        if kind == "diversionRoute":
            place.leave("a diversion is not restricted")
            place.at("type").text()  # it bears on the order: without it the place would be restricted
        elif kind != "regulationLocation":
            reading.cannot_use(place, "is neither a regulated location nor a diversion", "sections")
        else:
            directions |= _read_location(reading, place)
    reading.need("sections", f"{provision.path}.regulatedPlace: no line that could be used")
    if len(directions) == 1:
        reading.give("direction", directions.pop())
    elif directions:
        reading.ask("direction", "its places restrict different directions; an order of ours has one")


def _read_location(reading: Reading, place: Place) -> set[str]:
    """The directions that the place restricts."""
    linear, directed = place.at("linearGeometry"), place.at("directedLinear")
    if isinstance(linear.value, dict):
        line, direction = linear.at("linestring"), _direction(reading, linear.at("direction"))
    elif isinstance(directed.value, dict):
        line, direction = directed.at("directedLineString"), "along"
    else:
        reading.cannot_use(place, "only lines can be used, neither points nor areas", "sections")
        return set()
    try:
        reading.add("sections", line_of(line.text() or ""))
    except NoLine as error:
        reading.cannot_use(line, str(error), "sections")
    _read_streets(reading, linear)
    return {direction} if direction else set()


def _direction(reading: Reading, place: Place) -> str | None:
    word = place.text()
    if word not in _DIRECTIONS:
        reading.cannot_use(place, "is no direction that can be used", "direction")
        return None
    return _DIRECTIONS[word]


def _read_streets(reading: Reading, linear: Place) -> None:
    for reference in linear.at("externalReference").each():
        for street in reference.at("uniqueStreetReferenceNumber").each():
            usrn = street.at("usrn").number()
            if usrn is not None and 0 <= usrn <= 99_999_999 and usrn == int(usrn):
                reading.add("usrns", int(usrn))
            else:
                street.at("usrn").leave("is no street reference number of up to eight digits")
