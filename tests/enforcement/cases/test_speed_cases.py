"""A speed case comes from a device's reading, in calibration, of the van's own vehicle, and in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import FileMistake
from config.wire.messages import Deployment
from enforcement.cases.records import case_list, speed_case_file
from enforcement.cases.speed import SpeedOutcome
from enforcement.cases.states import CaseState, Kind
from enforcement.errors import DecisionRefused, RegisterUnavailable
from enforcement.register.answers import RegisterAnswer
from enforcement.tables import CaseRow, ReadingRow
from tests.enforcement.cases.docket import LORRY, Docket
from tests.enforcement.cases.vans import AT, Van
from tests.enforcement.county import NOON, County


def _stored(van: Van) -> list[ReadingRow]:
    with Session(van.county.engine) as session:
        return list(session.scalars(select(ReadingRow)))


@pytest.fixture
def van(county: County, tmp_path: Path) -> Van:
    van = Van(county, tmp_path)
    van.device()
    return van


def test_reading_in_calibration_opens_a_case(van: Van, tmp_path: Path) -> None:
    van.passage()
    assert van.hand_in() == {SpeedOutcome.PROPOSED: 1}
    assert van.hand_in() == {SpeedOutcome.KNOWN: 1}
    with Session(van.county.engine) as session:
        file = speed_case_file(session, "demo", 1, now=NOON)
        (listed,) = case_list(session, "demo", state=CaseState.PROPOSED, now=NOON)
    assert listed == file.summary
    assert (listed.kind, listed.vrm, listed.zone_name) == (Kind.SPEED, LORRY, "High Street, Village")
    assert (file.reading.speed_mph, file.calibration.serial, file.passage.vrm) == (36, "LTI-0042", LORRY)
    assert file.serve_by == date(2026, 9, 27)
    certificate = tmp_path / "data" / file.calibration.certificate_path
    assert certificate.read_bytes() == b"calibrated, in ink"
    assert [reason.code for reason in file.reasons] == ["speed_measured", "passage_matched"]


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ({"source": "video_estimate", "speedMph": 90}, SpeedOutcome.VIDEO_ESTIMATE),
        ({"serial": "LTI-0043"}, SpeedOutcome.NOT_CALIBRATED),
        ({"speedMph": 34}, SpeedOutcome.UNDER_GUIDANCE),
        ({"speedMph": 35}, SpeedOutcome.PROPOSED),
        ({"speedMph": 56, "postedMph": 60, "road": "single_carriageway"}, SpeedOutcome.UNDER_GUIDANCE),
        ({"speedMph": 57, "postedMph": 60, "road": "single_carriageway"}, SpeedOutcome.PROPOSED),
        ({"vrm": "XY12ZZZ"}, SpeedOutcome.NO_PASSAGE),
        ({"measuredAt": (AT + timedelta(seconds=3)).isoformat()}, SpeedOutcome.PROPOSED),
        ({"measuredAt": (AT + timedelta(seconds=3.1)).isoformat()}, SpeedOutcome.NO_PASSAGE),
        ({"latitude": 51.88}, SpeedOutcome.NO_PASSAGE),
        ({"speedMph": 50, "postedMph": 40}, SpeedOutcome.REVIEW),
    ],
)
def test_how_a_reading_ends(van: Van, line: dict[str, Any], outcome: SpeedOutcome) -> None:
    van.passage()
    assert van.hand_in(line) == {outcome: 1}
    opened = outcome in (SpeedOutcome.PROPOSED, SpeedOutcome.REVIEW)
    assert len(_stored(van)) == (1 if opened else 0)


@pytest.mark.parametrize(
    ("first", "last", "outcome"),
    [
        ("2026-09-13", "2026-09-14", SpeedOutcome.PROPOSED),
        ("2026-09-12", "2026-09-13", SpeedOutcome.PROPOSED),
        ("2026-09-14", "2026-09-20", SpeedOutcome.NOT_CALIBRATED),
        ("2026-09-01", "2026-09-12", SpeedOutcome.NOT_CALIBRATED),
    ],
)
def test_calibration_covers_the_day(
    county: County, tmp_path: Path, first: str, last: str, outcome: SpeedOutcome
) -> None:
    van = Van(county, tmp_path)  # the reading is of 13 September
    van.device(calibrated_on=first, valid_to=last)
    van.passage()
    assert van.hand_in() == {outcome: 1}


@pytest.mark.parametrize(
    ("vrm", "outcome"),
    [
        ("A812CDE", SpeedOutcome.REVIEW),  # 8 for B
        ("AB12CDF", SpeedOutcome.REVIEW),
        ("AB12CD", SpeedOutcome.NO_UK_MARK),
        ("AB12CFF", SpeedOutcome.NO_PASSAGE),
    ],
)
def test_close_registration_goes_to_an_officer(van: Van, vrm: str, outcome: SpeedOutcome) -> None:
    van.county.register_entry(vrm, "N3", 44000)
    van.passage(LORRY)
    assert van.hand_in({"vrm": vrm}) == {outcome: 1}


@pytest.mark.parametrize(
    "deployment",
    [
        None,
        Deployment(deployment_id="d-1", started_at=AT + timedelta(seconds=1)),
        Deployment(
            deployment_id="d-1",
            started_at=AT - timedelta(hours=1),
            ended_at=AT - timedelta(seconds=1),
        ),
    ],
)
def test_passage_outside_a_deployment_is_none(van: Van, deployment: Deployment | None) -> None:
    van.deployment = deployment
    van.passage()
    assert van.hand_in() == {SpeedOutcome.NO_PASSAGE: 1}


@pytest.mark.parametrize(
    ("evidence", "outcome"),
    [("awaited", SpeedOutcome.EVIDENCE_AWAITED), ("lost", SpeedOutcome.EVIDENCE_LOST)],
)
def test_no_case_without_its_pictures(van: Van, evidence: str, outcome: SpeedOutcome) -> None:
    van.passage(evidence=evidence)
    assert van.hand_in() == {outcome: 1}
    van.county.evidence_becomes("held")
    assert van.hand_in() == {SpeedOutcome.PROPOSED: 1}


@pytest.mark.parametrize(
    ("type_approval", "weight_kg", "outcome"),
    [
        ("N2", 7500, SpeedOutcome.PROPOSED),
        ("N3", "", SpeedOutcome.REVIEW),
        ("", 3000, SpeedOutcome.REVIEW),
        ("M3", 18000, SpeedOutcome.NOT_GOODS_VEHICLE),
    ],
)
def test_class_by_the_register(
    van: Van, type_approval: str, weight_kg: int | str, outcome: SpeedOutcome
) -> None:
    van.county.register_entry("EF56GHJ", type_approval, weight_kg)
    van.passage("EF56GHJ")
    assert van.hand_in({"vrm": "EF56GHJ"}) == {outcome: 1}


def test_register_that_is_away_concludes_nothing(van: Van) -> None:
    class Away:
        def look_up(self, vrm: str) -> RegisterAnswer:
            raise RegisterUnavailable("away")

    van.passage()
    van.register = Away()
    assert van.hand_in() == {SpeedOutcome.REGISTER_UNAVAILABLE: 1}
    van.register = None
    assert van.hand_in() == {SpeedOutcome.PROPOSED: 1}


@pytest.mark.parametrize(
    ("now", "outcome"),
    [  # offence on 13 September: served by 27 September, a Sunday; posted by Wednesday 23 September
        (datetime(2026, 9, 24, 22, 59, tzinfo=UTC), SpeedOutcome.NOTICE_LATE),
        (datetime(2026, 9, 23, 22, 59, tzinfo=UTC), SpeedOutcome.PROPOSED),
    ],
)
def test_fourteen_days_count_service(van: Van, now: datetime, outcome: SpeedOutcome) -> None:
    van.passage()
    van.now = now
    assert van.hand_in() == {outcome: 1}


def test_late_notice_is_blocked_and_a_weight_case_is_not(van: Van, docket: Docket) -> None:
    van.passage()
    van.hand_in()
    weight = docket.confirmed("CD34EFG", days_ago=2)
    docket.confirm(1)
    late = datetime(2026, 9, 25, 8, tzinfo=UTC)
    with pytest.raises(DecisionRefused, match="served by 2026-09-27"):
        docket.send(1, now=late)
    assert docket.send(weight, now=late) is CaseState.LETTER_SENT
    assert docket.send(1, now=NOON) is CaseState.NOTICE_SENT
    with Session(van.county.engine) as session:
        assert session.scalars(select(CaseRow.kind).order_by(CaseRow.case_id)).all() == ["speed", "weight"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"speedMph": "fast"}, "line 2"),
        ({"speedMph": 0}, "line 2"),
        ({"measuredAt": "2026-09-13T12:00:00"}, "line 2"),
        ({"source": "guess"}, "line 2"),
        ({"vrm": "ab12 cde"}, "line 2"),
    ],
)
def test_mistake_names_its_line_and_no_registration(van: Van, line: dict[str, Any], expected: str) -> None:
    with pytest.raises(FileMistake) as mistake:
        van.hand_in(line)
    assert expected in str(mistake.value)
    assert LORRY not in str(mistake.value)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"certificate": "../elsewhere.pdf"}, "beside this file"),
        ({"certificate": "missing.pdf"}, "cannot be read"),
        ({"valid_to": "2025-01-01"}, "ends before it begins"),
    ],
)
def test_device_without_a_right_certificate_is_refused(
    county: County, tmp_path: Path, changes: dict[str, Any], expected: str
) -> None:
    with pytest.raises(FileMistake, match=expected):
        Van(county, tmp_path).device(**changes)
