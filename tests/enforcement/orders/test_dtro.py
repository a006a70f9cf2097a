"""D-TRO records give the right order, and account for every value they hold."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import jsonschema
import pytest

from enforcement.orders.document import parse_json
from enforcement.orders.draft import Draft
from enforcement.orders.errors import OrderFileRefused
from tests.enforcement.orders.records import (
    ENVIRONMENTAL,
    PROVISION,
    PUBLISHED,
    changed,
    environmental,
    leaves,
    only_draft,
    path_of,
)

VERSIONS = ("v3.4.1", "v3.5.1", "v4.0.0")
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
WEEK = [*WEEKDAYS, "sat", "sun"]


def _published(name: str) -> Any:
    file = PUBLISHED / name
    if not file.is_file():
        pytest.skip(f"{name} of the published examples is not here")
    return parse_json(file, file.read_bytes())


@pytest.mark.parametrize("version", VERSIONS)
def test_published_example_gives_its_order(version: str) -> None:
    draft = only_draft(_published(f"D-TRO-{version}-example-weight-restriction.json"))
    assert draft.fields == {
        "title": "DfT Example - TTRO weight restriction v3, May 2025",
        "order_id": "dtro-b1618e6f-f65c-48c7-9cc7-45da9f45fbda",
        "source": "D-TRO c962b51f-e1aa-416e-8f0b-aefe39a4c099, "
        "provision b1618e6f-f65c-48c7-9cc7-45da9f45fbda",
        "type": "temporary",
        "purpose": "structural",
        "limit_kg": 2000,
        "weight_basis": "plated_maximum",
        "effective_from": "2024-08-01",
        "starts_at": "08:00",
        "effective_to": "2024-11-30",
        "ends_at": "18:00",
        "direction": "both",
        "sections": ["LINESTRING(320620 124993, 320621 124997, 320625 125007)"],
        "usrns": [39605836],
    }
    # The example comes into force five weeks after its own validity has ended: a person must say what holds.
    assert {gap.field for gap in draft.gaps} == {"effective_from", "effective_to", "zones"}


def test_environmental_order_gives_its_order() -> None:
    draft = only_draft(environmental())
    assert draft.fields == {
        "title": "The (Mill Lane) (7.5 Tonnes Maximum Gross Weight) Experimental Order 2026",
        "order_id": "dtro-mill-lane-weight-1",
        "source": "D-TRO mill-lane-order-2026, provision mill-lane-weight-1",
        "type": "experimental",
        "purpose": "environmental",
        "limit_kg": 7500,
        "weight_basis": "operating_weight",
        "effective_from": "2026-03-02",
        "starts_at": "06:00",
        "effective_to": "2027-09-01",
        "hours": [
            {"days": WEEKDAYS, "from": "07:00", "until": "19:00"},
            {"days": ["sat", "sun"], "from": "00:00", "until": "24:00"},
        ],
        "except_hours": [
            {
                "days": WEEK,
                "from": "00:00",
                "until": "24:00",
                "first_day": "2026-06-13",
                "last_day": "2026-06-14",
            }
        ],
        "exemptions": [
            "access_loading",
            "emergency_services",
            "statutory_undertakers",
            "agricultural",
            "driver_training",
            "permit_holders",
        ],
        "exemption_terms": [
            {
                "exemption": "permit_holders",
                "effective_from": "2026-04-01",
                "effective_to": "2027-04-01",
                "hours": [{"days": WEEK, "from": "09:30", "until": "15:00"}],
            }
        ],
        "direction": "along",
        "sections": ["LINESTRING(512256 222582, 512594.5 221956, 512911 221317)"],
        "usrns": [99900001, 99900002],
    }
    assert [gap.field for gap in draft.gaps] == ["zones"]


def test_environmental_order_is_a_record_of_v4() -> None:
    schema = _published("D-TRO-v4.0.0-schema.json")
    record = json.loads(ENVIRONMENTAL.read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)
    assert [error.message for error in validator(schema).iter_errors(record["data"])] == []


def _all_records() -> list[Any]:
    return [environmental()] + [
        _published(f"D-TRO-{version}-example-weight-restriction.json") for version in VERSIONS
    ]


def _told(draft: Draft) -> tuple[Any, Any]:
    return draft.fields, draft.gaps


def _other(value: Any) -> Any:
    """A value of the same kind that means something else."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    return f"not {value}"


def test_every_leaf_is_used_or_listed() -> None:
    """A listed leaf bears on nothing; a leaf that is not listed bears on the order, or on what is asked."""
    for record in _all_records():
        draft = only_draft(record)
        listed = {unused.path for unused in draft.unused}
        assert all(unused.reason for unused in draft.unused)
        assert listed <= {path_of(steps) for steps, _ in leaves(record)}
        for steps, value in leaves(record):
            said = _said(changed(record, steps, _other(value)))
            bears = said != _told(draft)
            assert bears is (path_of(steps) not in listed), f"{path_of(steps)} bears on the order: {bears}"


def _said(record: Any) -> tuple[Any, Any] | str:
    try:
        return _told(only_draft(record))
    except OrderFileRefused as refused:
        return str(refused)


def test_what_nobody_knows_is_listed() -> None:
    record = environmental()
    record["data"]["source"]["provision"][0]["novelty"] = {"a": [1, None], "b.c": {}}
    told = {unused.path: unused.value for unused in only_draft(record).unused}
    assert told[f"{PROVISION}.novelty.a[0]"] == "1"
    assert told[f"{PROVISION}.novelty.a[1]"] == "null"
    assert told[f'{PROVISION}.novelty."b.c"'] == "{}"
