"""D-TRO records give the right order, and account for every value they hold."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from enforcement.orders.document import parse_json
from enforcement.orders.draft import Draft
from enforcement.orders.dtro import read_dtro
from enforcement.orders.errors import OrderFileRefused
from tests.enforcement.orders.records import (
    ENVIRONMENTAL,
    PROVISION,
    PUBLISHED,
    Steps,
    changed,
    environmental,
    leaves,
    only_draft,
    path_of,
)

VERSIONS = ("v3.4.1", "v3.5.1", "v4.0.0")
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
WEEK = [*WEEKDAYS, "sat", "sun"]
CONDITIONS = f"{PROVISION}.regulation.conditionSet.conditions"


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


EMISSIONS = {"emissionClassificationEuro": "euro6"}
THROUGH = {"accessCondition": {"accessConditionType": ["throughTraffic"]}}


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


COND: Steps = ("data", "source", "provision", 0, "regulation", "conditionSet", "conditions")
REGULATION: Steps = COND[:5]
CASES: list[tuple[Steps, Any, str, str]] = [
    # what is changed in the environmental order, what is asked then, and where the reason points
    ((*COND[:-1], "operator"), "or", "limit_kg", "one of several cases"),
    ((*COND[:-1], "operator"), "xOr", "limit_kg", "not joined by"),
    ((*COND, 1, "negate"), True, "exemptions", "confined by one time"),
    ((*COND, 0, "negate"), True, "hours", "exceptionPeriod only"),
    ((*COND, 2, "negate"), False, "exemptions", "cannot be confined"),
    ((*COND, 2, "negate"), "no", "limit_kg", "negate true or false"),
    (
        (*COND, 2, "accessCondition", "accessConditionType", 0),
        "passengerLoadingAndUnloading",
        "exemptions",
        "",
    ),
    ((*COND, 2, "accessCondition", "otherAccessRestriction"), "by night", "exemptions", "narrower"),
    ((*COND, 3, "conditionSet", "operator"), "and", "exemptions", "confined by one time"),
    (
        (*COND, 3, "conditionSet", "conditions", 0, "vehicleCharacteristics", "vehicleUsage"),
        "policeVehicle",
        "exemptions",
        "policeVehicle",
    ),
    ((*COND, 4, "negate"), False, "exemptions", "cannot be confined"),
    (
        (*COND, 4, "conditionSet", "conditions", 0, "permitCondition", "maximumAccessDuration"),
        30,
        "exemptions",
        "maximumAccessDuration",
    ),
    (
        (*COND, 4, "conditionSet", "conditions", 1, "timeValidity", "start"),
        "2026-04-01T08:00:00",
        "exemptions",
        "whole days",
    ),
    ((*COND, 1, "vehicleCharacteristics", "vehicleType"), "car", "exemptions", "cannot be confined"),
    (
        (*COND, 1, "vehicleCharacteristics", "emissions"),
        {"emissionClassificationEuro": "euro6"},
        "exemptions",
        "",
    ),
    (
        (*COND, 1, "vehicleCharacteristics", "maximumGrossWeightCharacteristic", "typeOfWeight"),
        "actual",
        "weight_basis",
        "maximum permitted",
    ),
    (
        (*COND, 1, "vehicleCharacteristics", "maximumGrossWeightCharacteristic", "grossVehicleWeight"),
        Decimal("7.50001"),
        "limit_kg",
        "whole kilogrammes",
    ),
    ((*COND, 0, "timeValidity", "isPlaceholderTro"), True, "effective_from", "placeholder"),
    ((*COND, 0, "timeValidity", "end"), "tomorrow", "effective_to", "no date and time"),
    ((*COND, 0, "timeValidity", "end"), "9999-12-31T23:59:59", "effective_to", "no end"),
    (
        (*COND, 0, "timeValidity", "validPeriod", 0, "recurringSpecialDay"),
        [{"intersectWithApplicableDays": True, "specialDayType": "publicHoliday"}],
        "hours",
        "recurringSpecialDay",
    ),
    (
        (*COND, 0, "timeValidity", "exceptionPeriod", 0, "startOfPeriod"),
        "2026-06-13T10:00:00",
        "except_hours",
        "middle of a day",
    ),
    ((*REGULATION, "timeZone"), "Europe/Paris", "hours", "Europe/London"),
    ((*REGULATION, "isDynamic"), True, "hours", "switched on and off"),
    ((*REGULATION[:-1], "orderReportingPoint"), "troOnRoadActiveStatus", "type", "permanent"),
    (
        (*REGULATION[:-1], "orderReportingPoint"),
        "permanentNoticeOfProposal",
        "effective_from",
        "not made yet",
    ),
    ((*REGULATION[:-1], "orderReportingPoint"), "permanentNoticeOfMaking", "london", "London"),
    ((*REGULATION[:-1], "actionType"), "fullRevoke", "effective_to", "revokes"),
    (
        (*REGULATION[:-1], "regulatedPlace", 0, "linearGeometry", "linestring"),
        "SRID=27700;LINESTRING(-0.4 51.8, -0.5 51.9)",
        "sections",
        "Great Britain",
    ),
    (
        (*REGULATION[:-1], "regulatedPlace", 0, "linearGeometry", "direction"),
        "clockwise",
        "direction",
        "no direction",
    ),
    ((*REGULATION[:-1], "reference"), "A reference / 7", "order_id", "cannot serve"),
]


@pytest.mark.parametrize(("steps", "value", "field", "why"), CASES)
def test_what_cannot_be_used_is_asked(steps: Steps, value: Any, field: str, why: str) -> None:
    asked = {gap.field: gap.why for gap in only_draft(changed(environmental(), steps, value)).gaps}
    assert field in asked
    assert why in asked[field]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "LINESTRING",
        "LINESTRING()",
        "LINESTRING(1 2",
        "LINESTRING(512256 222582)",
        "LINESTRING(512256 222582, 512256 222582)",
        "LINESTRING(512256 nan, 512257 222583)",
        "LINESTRING(512256 222582, 5122570 222583)",
        "SRID=4326;LINESTRING(512256 222582, 512594 221956)",
        "POLYGON((512256 222582, 512594 221956, 512911 221317, 512256 222582))",
        f"LINESTRING({'(' * 500}512256 222582, 512594 221956{')' * 500})",
        "LINESTRING(1e400 2, 512594 221956)",
    ],
)
def test_what_is_no_line_in_great_britain_is_asked(line: str) -> None:
    steps = (*REGULATION[:-1], "regulatedPlace", 0, "linearGeometry", "linestring")
    draft = only_draft(changed(environmental(), steps, line))
    assert "sections" not in draft.fields
    assert "sections" in {gap.field for gap in draft.gaps}


def test_through_traffic_alone_is_the_access_exemption() -> None:
    record = changed(environmental(), (*COND, 2), THROUGH)
    draft = only_draft(record)
    assert "access_loading" in draft.fields["exemptions"]
    assert [gap.field for gap in draft.gaps] == ["zones"]


def test_an_exemption_named_with_and_without_terms_holds_always() -> None:
    plain = {"negate": True, "permitCondition": {"type": "business"}}
    for place in (0, 5):
        record = environmental()
        conditions = record["data"]["source"]["provision"][0]["regulation"]["conditionSet"]["conditions"]
        conditions.insert(place, plain)
        fields = only_draft(record).fields
        assert fields["exemptions"].count("permit_holders") == 1
        assert "exemption_terms" not in fields


def test_coming_into_force_later_than_valid_counts() -> None:
    steps: Steps = ("data", "source", "provision", 0, "comingIntoForceDate")
    fields = only_draft(changed(environmental(), steps, "2026-05-01")).fields
    assert fields["effective_from"] == "2026-05-01"
    assert "starts_at" not in fields


def test_each_weight_restriction_gives_a_draft_of_its_own() -> None:
    record = environmental()
    provisions = record["data"]["source"]["provision"]
    provisions += [
        changed(provisions[0], ("reference",), "mill-lane-weight-2"),
        changed(provisions[0], ("regulation", "generalRegulation", "regulationType"), "kerbsideNoStopping"),
    ]
    drafts = read_dtro(Path("record.json"), record)
    assert [draft.reference for draft in drafts] == ["mill-lane-weight-1", "mill-lane-weight-2"]
    for draft in drafts:
        assert [gap.field for gap in draft.gaps] == ["zones"]
        others = [unused for unused in draft.unused if "another provision" in unused.reason]
        assert {unused.path.split(".")[2] for unused in others} >= {"provision[2]"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schemaVersion": "5.0.0"}, "v3 and v4"),
        ({"schemaVersion": None}, "v3 and v4"),
        ({"schemaVersion": "3.5.1"}, "regulation is not an array, as D-TRO v3"),
        ({"data": {"consultation": {}}}, "no order yet"),
        ({"data": []}, "no order yet"),
        ({"data": {"source": {"provision": []}}}, "no weight restriction"),
    ],
)
def test_what_is_no_order_is_refused_in_one_line(change: dict[str, Any], told: str) -> None:
    with pytest.raises(OrderFileRefused, match=told) as refused:
        read_dtro(Path("record.json"), {**environmental(), **change})
    assert "\n" not in str(refused.value)


def test_other_regulations_are_named_when_none_is_a_weight() -> None:
    record = changed(environmental(), (*REGULATION, "generalRegulation", "regulationType"), "miscBusGate")
    with pytest.raises(OrderFileRefused, match="of type miscBusGate"):
        read_dtro(Path("record.json"), record)
