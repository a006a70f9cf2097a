"""What a D-TRO record leaves open is asked, with the field and the reason; what is no order is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from enforcement.orders.dtro import read_dtro
from enforcement.orders.errors import OrderFileRefused
from tests.enforcement.orders.records import (
    Steps,
    changed,
    environmental,
    only_draft,
)

THROUGH = {"accessCondition": {"accessConditionType": ["throughTraffic"]}}

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
