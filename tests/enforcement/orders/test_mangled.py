"""Whatever stands in a file, reading it ends with drafts or with one clear line."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enforcement.orders.document import parse_json
from enforcement.orders.draft import Draft
from enforcement.orders.dtro import read_dtro
from enforcement.orders.errors import OrderFileRefused
from enforcement.orders.osm import leads
from enforcement.orders.osm_ways import ways_of_json, ways_of_xml
from tests.enforcement.orders.records import ENVIRONMENTAL, Steps, environmental
from tests.enforcement.orders.test_osm import XML

FILE = Path("record.json")
RECORD = json.loads(ENVIRONMENTAL.read_text(encoding="utf-8"))
WORDS = [
    *("and", "or", "xOr", "throughTraffic", "SRID=27700;LINESTRING(1 2, 3 4)", "2026-02-30T00:00:00"),
    *("9999-12-31T23:59:59", "0001-01-01T00:00:00+23:59", "24:00:00", "dimensionMaximumWeightStructural"),
]
KEYS = ["negate", "conditions", "conditionSet", "condition", "vehicleCharacteristics", "regulation", "a.b"]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
TREES = st.recursive(
    SCALARS | st.text(max_size=20) | st.sampled_from(WORDS),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), below, max_size=3)
    ),
    max_leaves=8,
)


def _nodes(tree: Any, steps: Steps = ()) -> list[Steps]:
    """The way to every value of a record, those that hold others among them."""
    below: list[tuple[str | int, Any]] = []
    if isinstance(tree, dict):
        below = list(tree.items())
    elif isinstance(tree, list):
        below = list(enumerate(tree))
    return [steps, *(way for key, value in below for way in _nodes(value, (*steps, key)))]


NODES = _nodes(RECORD)[1:]


@st.composite
def mangled(draw: st.DrawFn) -> Any:
    """Our record with up to three of its values replaced, removed or wrapped."""
    record = copy.deepcopy(RECORD)
    for steps in draw(st.lists(st.sampled_from(NODES), min_size=1, max_size=3)):
        node = record
        try:
            for step in steps[:-1]:
                node = node[step]
            old = node[steps[-1]]
            match draw(st.sampled_from(["replace", "remove", "wrap", "swap"])):
                case "replace":
                    node[steps[-1]] = draw(TREES)
                case "remove":
                    del node[steps[-1]]
                case "wrap":
                    node[steps[-1]] = [old]
                case "swap":
                    node[steps[-1]] = draw(st.sampled_from(WORDS))
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this place away
    return record


def _drafts(read: Callable[[], list[Draft]]) -> list[Draft]:
    """What is read; nothing where it was refused, which takes one line that begins with the file."""
    told = None
    try:
        return read()
    except OrderFileRefused as refused:
        told = str(refused)
    assert told.startswith("record.json: ")
    return []


def _can_be_stored(draft: Draft) -> None:
    assert all(unused.reason and len(unused.value) <= 200 for unused in draft.unused)
    json.dumps([draft.fields, msgspec.to_builtins((draft.gaps, draft.unused))]).encode()


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(mangled())
def test_a_mangled_record_gives_drafts_or_one_line(record: Any) -> None:
    for draft in _drafts(lambda: read_dtro(FILE, parse_json(FILE, json.dumps(record).encode()))):
        _can_be_stored(draft)


def test_a_list_where_a_word_belongs_is_the_records_mistake() -> None:
    record = copy.deepcopy(RECORD)
    *steps, last = next(steps for steps in NODES if steps[-1] == "actionType")
    node = record
    for step in steps:
        node = node[step]
    node[last] = []
    assert _drafts(lambda: read_dtro(FILE, record))


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=60) | TREES.map(lambda tree: json.dumps(tree).encode()))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert _drafts(lambda: read_dtro(FILE, parse_json(FILE, content))) == []


@settings(deadline=None, max_examples=200)
@given(TREES, st.dictionaries(st.sampled_from(["hgv", "maxweightrating:hgv:conditional"]), TREES, max_size=2))
def test_any_overpass_answer_is_read_or_refused(tree: Any, tags: Any) -> None:
    elements = [{"type": "way", "id": tree, "nodes": tree, "geometry": tree, "tags": tags}, tree]
    for draft in _drafts(lambda: leads(FILE, ways_of_json(FILE, {"elements": elements}))):
        _can_be_stored(draft)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, len(XML) - 1), st.text(alphabet='<>&"/ow1@;', max_size=4))
def test_a_mangled_extract_is_read_or_refused(at: int, put: str) -> None:
    content = (XML[:at] + put + XML[at + 3 :]).encode()
    for draft in _drafts(lambda: leads(FILE, ways_of_xml(FILE, content))):
        _can_be_stored(draft)


@pytest.mark.parametrize("encoding", ["UT", "utf-7", "hex"])
def test_an_extract_in_an_encoding_that_cannot_be_read_is_refused(encoding: str) -> None:
    content = XML.replace("UTF-8", encoding).encode()
    with pytest.raises(OrderFileRefused, match="is no well-formed XML"):
        ways_of_xml(FILE, content)


def test_the_record_that_is_mangled_is_whole() -> None:
    assert len(read_dtro(FILE, environmental())) == 1
