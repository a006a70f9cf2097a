"""One letter of each kind, made by batches: case 1 first letter, 2 warning, 3 request, 4 and 5 speed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from enforcement.cases.opening import open_cases
from enforcement.cases.states import Event
from enforcement.letters.batch import send_letters
from enforcement.people import User
from enforcement.tables import CalibrationRow, CaseRow, ReadingRow
from tests.enforcement.county import NOON, County
from tests.enforcement.letters.desk import POLICY, a_room, confirm, event

VRM = "AB12CDE"
NOTICE = msgspec.structs.replace(
    POLICY, letters=msgspec.structs.replace(POLICY.letters, speed_letter="notice")
)


def papers_of_each_kind(county: County, officer: User, data_dir: Path) -> dict[str, Path]:
    """The file of each kind of letter, and of both kinds of speed letter."""
    made: dict[str, Path] = {}
    county.register_entry(VRM, "N3", 44000)
    room = a_room(county.engine, data_dir)
    for number, kind in enumerate(("first", "warning", "driver_request"), start=1):
        county.through(VRM, at=NOON - timedelta(days=10 - number, hours=3), elapsed_s=180 + number)
        open_cases(county.engine, "demo", county.register, county.now)
        confirm(county, number, officer)
        made |= _send(room, county)
        assert kind in made
    for name, policy in (("speed_advice", POLICY), ("speed_notice", NOTICE)):
        _speed_case(county, name)
        confirm(county, 4 if name == "speed_advice" else 5, officer)
        made[name] = _send(replace(room, policy=policy), county)["speed_notice"]
    event(county, 1, Event.ACCEPT_EXPLANATION, officer)
    return made | _send(room, county)


def _send(room: object, county: County) -> dict[str, Path]:
    run = send_letters(room, county.now)  # type: ignore[arg-type]  # a LetterRoom
    assert run.held_back == {}
    return {batch.kind: batch.letters[0] for batch in run.batches}


def _speed_case(county: County, reading_id: str) -> None:
    """A proposed speed case with its reading, as the import of a device's file leaves it."""
    at = NOON - timedelta(days=2)
    passage = county.passage(VRM, at if reading_id == "speed_advice" else at + timedelta(minutes=5))
    with Session(county.engine) as session, session.begin():
        calibration = CalibrationRow(
            authority="demo",
            serial=f"4711 {reading_id}",
            device_type="Sample Speed Meter 3",
            type_approval="made up for tests",
            agent_id="van-1",
            calibrated_on=date(2026, 5, 4),
            valid_to=date(2027, 5, 3),
            certificate_path="certificates/sample.pdf",
            certificate_sha256="0" * 64,
            stored_at=NOON,
        )
        session.add(calibration)
        session.flush()
        session.add(_reading(reading_id, calibration, passage))
        session.add(
            CaseRow(
                authority="demo",
                kind="speed",
                transit_id=reading_id,
                order_id="",
                order_version=0,
                zone_id="",
                vrm=VRM,
                state="proposed",
                opened_at=NOON,
                offence_at=at,
                register_answer={"found": True, "as_of": "2026-09-01T00:00:00Z", "vrm": VRM},
                reasons=[{"code": "speed_measured", "text": "58 mph.", "facts": {"limit_mph": 50}}],
            )
        )


def _reading(reading_id: str, calibration: CalibrationRow, passage_id: str) -> ReadingRow:
    return ReadingRow(
        authority="demo",
        reading_id=reading_id,
        serial=calibration.serial,
        vrm=VRM,
        measured_at=NOON - timedelta(days=2),
        speed_mph=58,
        posted_mph=60,
        road="single_carriageway",
        place="Ridge Road, north of Village",
        latitude=51.87,
        longitude=-0.4,
        measured_by="Sam Sample",
        stored_at=NOON,
        passage_id=passage_id,
        calibration_id=calibration.calibration_id,
    )
