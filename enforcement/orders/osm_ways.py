"""Ways of an OpenStreetMap extract: OSM XML, or the JSON that Overpass answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.parsers import expat

from enforcement.orders.errors import OrderFileRefused

LatLon = tuple[float, float]


@dataclass(frozen=True)
class Way:
    """A way with its tags, the ids of its nodes, and the places that are known of them in sequence."""

    way_id: str
    tags: Mapping[str, str]
    nodes: Sequence[str]
    places: Sequence[LatLon]


def ways_of_xml(file: Path, content: bytes) -> list[Way]:
    """The tagged ways of OSM XML. Raises OrderFileRefused for what is none, and for any DOCTYPE."""
    reader = _XmlReader(file)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter two for its encoding
        raise OrderFileRefused(file, f"is no well-formed XML: {error}") from error
    if not reader.is_osm:
        raise OrderFileRefused(file, "is XML, but no OSM extract: its first element is not <osm>")
    return [_located(way, reader.places) for way in reader.ways]


def ways_of_json(file: Path, tree: Mapping[str, Any]) -> list[Way]:
    """The tagged ways of an Overpass answer with `out geom` or with nodes. Raises OrderFileRefused."""
    elements = tree.get("elements")
    if not isinstance(elements, list):
        raise OrderFileRefused(file, "has no list 'elements', as Overpass answers it")
    found = [element for element in elements if isinstance(element, dict)]
    places = {
        str(node.get("id")): place
        for node in found
        if node.get("type") == "node" and (place := _place(node.get("lat"), node.get("lon")))
    }
    ways = [_way_of_json(way) for way in found if way.get("type") == "way"]
    return [way if way.places else _located(way, places) for way in ways if way.tags]


def _way_of_json(way: Mapping[str, Any]) -> Way:
    tags, nodes, geometry = way.get("tags"), way.get("nodes"), way.get("geometry")
    corners = (
        [corner for corner in geometry if isinstance(corner, dict)] if isinstance(geometry, list) else []
    )
    places = [place for corner in corners if (place := _place(corner.get("lat"), corner.get("lon")))]
    return Way(
        str(way.get("id")),
        {key: str(value) for key, value in tags.items()} if isinstance(tags, dict) else {},
        [str(node) for node in nodes] if isinstance(nodes, list) else [],
        places,
    )


def _located(way: Way, places: Mapping[str, LatLon]) -> Way:
    known = [places[node] for node in way.nodes if node in places]
    return Way(way.way_id, way.tags, way.nodes, known)


def _place(latitude: Any, longitude: Any) -> LatLon | None:
    if not all(isinstance(value, int | float | Decimal | str) for value in (latitude, longitude)):
        return None
    try:
        place = float(latitude), float(longitude)
    except (ValueError, OverflowError):
        return None
    return place if abs(place[0]) <= 90 and abs(place[1]) <= 180 else None


@dataclass
class _XmlReader:
    file: Path
    is_osm: bool = False
    places: dict[str, LatLon] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    _tags: dict[str, str] = field(default_factory=dict)
    _nodes: list[str] = field(default_factory=list)
    _depth: int = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._depth == 0:
            self.is_osm = name == "osm"
        self._depth += 1
        match name:
            case "node":
                place = _place(attributes.get("lat"), attributes.get("lon"))
                if place:
                    self.places[attributes.get("id", "")] = place
                self._tags = {}
            case "way":
                self._tags, self._nodes = {}, []
                self._way_id = attributes.get("id", "")
            case "nd":
                self._nodes.append(attributes.get("ref", ""))
            case "tag":
                self._tags[attributes.get("k", "")] = attributes.get("v", "")

    def end(self, name: str) -> None:
        self._depth -= 1
        if name == "way" and self._tags:
            self.ways.append(Way(self._way_id, self._tags, self._nodes, ()))

    def refuse_doctype(self, *_: Any) -> None:
        raise OrderFileRefused(self.file, "has a DOCTYPE, which no OSM extract has; it is not read")
