"""Leads from OpenStreetMap: what a tag says of an order, and what only an officer can say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely

from enforcement.orders.draft import Draft
from enforcement.orders.errors import OrderFileRefused
from enforcement.orders.grid import line_through
from enforcement.orders.importing import drafts_of

ASKED = {"order_id", "title", "source", "type", "effective_from", "london", "zones"}
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
WEEK = [*WEEKDAYS, "sat", "sun"]

XML = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="written for tests">
  <node id="1" lat="51.8900" lon="-0.4000"/>
  <node id="2" lat="51.8910" lon="-0.4010"/>
  <node id="3" lat="51.8920" lon="-0.4020"><tag k="highway" v="crossing"/></node>
  <node id="4" lat="51.9000" lon="-0.4100"/>
  <way id="10"><nd ref="1"/><nd ref="2"/>
    <tag k="highway" v="unclassified"/><tag k="name" v="Mill Lane"/>
    <tag k="maxweightrating:hgv" v="7.5"/>
    <tag k="maxweightrating:hgv:conditional" v="none @ destination"/></way>
  <way id="11"><nd ref="2"/><nd ref="3"/>
    <tag k="name" v="Mill Lane"/><tag k="surface" v="asphalt"/>
    <tag k="maxweightrating:hgv" v="7.5"/>
    <tag k="maxweightrating:hgv:conditional" v="none @ destination"/></way>
  <way id="12"><nd ref="3"/><nd ref="4"/><tag k="name" v="Mill Lane"/></way>
  <way id="13"><nd ref="3"/><nd ref="99"/><tag k="name" v="Ford Lane"/><tag k="hgv" v="destination"/></way>
</osm>
"""

FORD = [(51.89, -0.40), (51.891, -0.401), (51.892, -0.402)]


def _drafts(folder: Path, content: str) -> list[Draft]:
    file = folder / "extract.osm"
    file.write_text(content, encoding="utf-8")
    found = drafts_of(file)
    assert found is not None
    return list(found.drafts)


def _tagged(folder: Path, **tags: str) -> Draft:
    """The draft of one way with these tags, as Overpass answers it; `__` stands for a colon."""
    geometry = [{"lat": 51.89, "lon": -0.40}, {"lat": 51.891, "lon": -0.401}]
    way = {"type": "way", "id": 10, "nodes": [1, 2], "geometry": geometry, "tags": _colons(tags)}
    [draft] = _drafts(folder, json.dumps({"version": 0.6, "elements": [way]}))
    return draft


def _colons(tags: dict[str, str]) -> dict[str, str]:
    return {key.replace("__", ":"): value for key, value in tags.items()}


def test_ways_that_touch_and_say_the_same_are_one_draft(tmp_path: Path) -> None:
    mill, ford = _drafts(tmp_path, XML)
    assert mill.reference == "way/10+way/11"
    assert mill.fields == {
        "limit_kg": 7500,
        "purpose": "environmental",
        "weight_basis": "plated_maximum",
        "direction": "both",
        "exemptions": ["access_loading"],
        "sections": [line_through(FORD[:2]), line_through(FORD[1:])],
    }
    assert {gap.field for gap in mill.gaps} == ASKED
    told = {unused.path: unused.reason for unused in mill.unused}
    assert set(told) == {
        "way/10.highway",
        "way/10.name",
        "way/11.name",
        "way/11.surface",
        'way/11."maxweightrating:hgv"',
        'way/11."maxweightrating:hgv:conditional"',
    }
    assert "same as way/10" in told['way/11."maxweightrating:hgv"']
    assert ford.fields == {"exemptions": ["access_loading"]}
    assert {gap.field for gap in ford.gaps} == ASKED | {"limit_kg", "weight_basis", "purpose", "sections"}
    assert [unused.reason for unused in ford.unused if unused.path == "way/13"] == [
        "the extract lacks 1 of its 2 nodes"
    ]


@pytest.mark.parametrize(
    ("tags", "fields"),
    [
        ({"maxweightrating__hgv": "18 t"}, {"limit_kg": 18000, "purpose": "environmental"}),
        ({"maxweightrating__hgv": "7500 kg"}, {"limit_kg": 7500}),
        ({"maxweightrating": "3"}, {"limit_kg": 3000, "purpose": "structural"}),
        ({"maxweight": "10"}, {"limit_kg": 10000, "purpose": "structural"}),
        ({"maxweightrating__hgv__forward": "7.5"}, {"limit_kg": 7500, "direction": "along"}),
        ({"maxweightrating__hgv__backward": "7.5"}, {"direction": "against"}),
        ({"maxweightrating__hgv": "7.5", "hgv": "destination"}, {"exemptions": ["access_loading"]}),
        (
            {"maxweightrating__hgv__conditional": "7.5 @ (Mo-Fr 07:00-19:00); none @ destination"},
            {
                "limit_kg": 7500,
                "hours": [{"days": WEEKDAYS, "from": "07:00", "until": "19:00"}],
                "exemptions": ["access_loading"],
            },
        ),
        (
            {"maxweightrating__hgv": "7.5", "maxweightrating__hgv__conditional": "none @ (Sa,Su)"},
            {"except_hours": [{"days": ["sat", "sun"], "from": "00:00", "until": "24:00"}]},
        ),
        (
            {"maxweightrating__hgv": "7.5", "maxweightrating__hgv__conditional": "none @ (10:00-16:00)"},
            {"except_hours": [{"days": WEEK, "from": "10:00", "until": "16:00"}]},
        ),
        (
            {
                "maxweightrating__hgv": "7.5",
                "hgv__conditional": "destination @ (Fr-Mo 22:00-06:00,12:00-00:00)",
            },
            {
                "hours": [
                    {"days": ["mon", "fri", "sat", "sun"], "from": "22:00", "until": "06:00"},
                    {"days": ["mon", "fri", "sat", "sun"], "from": "12:00", "until": "24:00"},
                ]
            },
        ),
    ],
)
def test_tags_give_fields(tmp_path: Path, tags: dict[str, str], fields: dict[str, Any]) -> None:
    found = _tagged(tmp_path, **tags).fields
    assert {name: found.get(name) for name in fields} == fields


@pytest.mark.parametrize(
    ("tags", "asked", "why"),
    [
        ({"maxweightrating__hgv": "7.5 st"}, "limit_kg", "no weight in tonnes"),
        ({"maxweightrating__hgv": "0"}, "limit_kg", "no weight that an order"),
        ({"maxweightrating__hgv": "7.5", "maxweight": "3"}, "limit_kg", "another limit"),
        ({"hgv": "no"}, "exemptions", "go in for access"),
        ({"maxweightrating__hgv__conditional": "7.5"}, "limit_kg", "value @ condition"),
        ({"maxweightrating__hgv__conditional": "7.5 @ (sunset-sunrise)"}, "limit_kg", "no list of days"),
        ({"maxweightrating__hgv__conditional": "7.5 @ (PH 07:00-19:00)"}, "limit_kg", "such as holidays"),
        ({"maxweightrating__hgv__conditional": "7.5 @ (Mo 07:61-19:00)"}, "limit_kg", "there is not"),
        ({"hgv": "destination", "hgv__conditional": "designated @ (Mo 07:00-19:00)"}, "exemptions", "may do"),
    ],
)
def test_what_is_not_understood_is_asked(tmp_path: Path, tags: dict[str, str], asked: str, why: str) -> None:
    draft = _tagged(tmp_path, **tags)
    assert any(gap.field == asked and why in gap.why for gap in draft.gaps)
    assert any(why in unused.reason for unused in draft.unused)


@pytest.mark.parametrize("tags", [{"highway": "primary"}, {"hgv": "designated"}, {"hgv": "yes"}])
def test_a_road_for_all_is_no_lead(tmp_path: Path, tags: dict[str, str]) -> None:
    with pytest.raises(OrderFileRefused, match="none of its 1 tagged ways"):
        _tagged(tmp_path, **tags)


def test_a_way_outside_great_britain_has_no_section(tmp_path: Path) -> None:
    [draft] = _drafts(tmp_path, XML.replace('lat="51.', 'lat="1.').split('  <way id="13">')[0] + "</osm>")
    assert "sections" not in draft.fields
    assert any(gap.field == "sections" and "Great Britain" in gap.why for gap in draft.gaps)


def test_places_lie_where_the_ordnance_survey_puts_them() -> None:
    """Caister water tower, of the worked example in "A guide to coordinate systems in Great Britain"."""
    tower = (52 + 39 / 60 + 28.723 / 3600, 1 + 42 / 60 + 57.787 / 3600)
    line = shapely.from_wkt(line_through([tower, FORD[0]]))
    assert shapely.Point(line.coords[0]).distance(shapely.Point(651409.804, 313177.450)) < 5
