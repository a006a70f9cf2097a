"""The page of a speed case: the reading, its device and the van's picture; and a decision on it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from enforcement.cases.records import case_file, speed_case_file
from enforcement.cases.states import CaseState
from enforcement.tables import CalibrationRow, CaseRow, ReadingRow
from tests.enforcement.console.conftest import Browser
from tests.enforcement.console.reading import picture_addresses
from tests.enforcement.console.village import NOW, Village

TICKS = {"image_matches_plate": "on", "vehicle_matches_register": "on"}


def _add_speed_case(village: Village) -> int:
    """A speed case of the vehicle of case 2, measured where it came in."""
    with Session(village.engine) as session, session.begin():
        weight = case_file(session, "demo", 2, now=NOW)
        calibration = CalibrationRow(
            authority="demo",
            serial="LTI-0042",
            device_type="laser",
            type_approval="type approval order 2026",
            agent_id=weight.entry.agent_id,
            calibrated_on=date(2026, 1, 5),
            valid_to=date(2027, 1, 4),
            certificate_path="certificates/a.pdf",
            certificate_sha256="a" * 64,
            stored_at=NOW,
        )
        session.add(calibration)
        session.flush()
        reading = ReadingRow(
            authority="demo",
            reading_id="b" * 32,
            serial="LTI-0042",
            vrm=weight.summary.vrm,
            measured_at=weight.entry.captured_at,
            speed_mph=41,
            posted_mph=30,
            road="built_up",
            place="The Green, Ashcombe",
            latitude=weight.entry.latitude,
            longitude=weight.entry.longitude,
            measured_by="PC 77",
            stored_at=NOW,
            passage_id=weight.entry.passage_id,
            calibration_id=calibration.calibration_id,
        )
        held = session.get_one(CaseRow, 2)
        case = CaseRow(
            authority="demo",
            kind="speed",
            transit_id=reading.reading_id,
            order_id="",
            order_version=0,
            zone_id="",
            vrm=reading.vrm,
            state=CaseState.PROPOSED,
            opened_at=NOW,
            offence_at=reading.measured_at,
            register_answer=held.register_answer,
            reasons=[],
        )
        session.add_all([reading, case])
        session.flush()
        return case.case_id


def test_page_shows_the_reading_and_takes_a_decision(officer: Browser, village: Village) -> None:
    case_id = _add_speed_case(village)
    page = officer.get(f"/cases/{case_id}").text
    for words in ("41 mph", "LTI-0042", "valid to 4 January 2027", "Notice to be served by", "29 September"):
        assert words in page, words
    pictures = picture_addresses(page)
    assert len(pictures) == 2
    assert all(officer.get(address).status_code == 200 for address in pictures)
    assert "The Green, Ashcombe" in officer.get("/").text
    officer.get(f"/cases/{case_id}")
    sent = officer.send(f"/cases/{case_id}/decision", verdict="confirm", reason="Clear.", **TICKS)
    assert sent.status_code == 303
    with Session(village.engine) as session:
        assert speed_case_file(session, "demo", case_id, now=NOW).summary.state is CaseState.SECOND_LOOK
