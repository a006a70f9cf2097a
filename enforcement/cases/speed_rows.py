"""A speed case's reading and calibration, from their rows to values."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from config.law.deadlines import charge_by, days_left
from enforcement.cases.states import CaseState, Kind
from enforcement.cases.values import Calibration, CaseSummary, SpeedReading
from enforcement.tables import CalibrationRow, CaseRow, ReadingRow


def reading_of(session: Session, row: CaseRow) -> ReadingRow:
    """The reading that a speed case rests on."""
    return session.get_one(ReadingRow, (row.authority, row.transit_id))


def speed_summary(row: CaseRow, reading: ReadingRow, now: datetime) -> CaseSummary:
    """A speed case as a line of the list."""
    return CaseSummary(
        case_id=row.case_id,
        kind=Kind.SPEED,
        state=CaseState(row.state),
        vrm=row.vrm,
        order_title=f"Speed: {reading.speed_mph} mph, signs {reading.posted_mph} mph",
        zone_name=reading.place,
        offence_at=row.offence_at,
        opened_at=row.opened_at,
        days_left=days_left(charge_by(row.offence_at), now),
    )


def speed_reading(row: ReadingRow) -> SpeedReading:
    """The reading of a row."""
    return SpeedReading(
        reading_id=row.reading_id,
        serial=row.serial,
        measured_at=row.measured_at,
        speed_mph=row.speed_mph,
        posted_mph=row.posted_mph,
        road=row.road,
        place=row.place,
        measured_by=row.measured_by,
    )


def calibration_value(row: CalibrationRow) -> Calibration:
    """The calibration of a row."""
    return Calibration(
        serial=row.serial,
        device_type=row.device_type,
        type_approval=row.type_approval,
        calibrated_on=row.calibrated_on,
        valid_to=row.valid_to,
        certificate_path=Path(row.certificate_path),
        certificate_sha256=row.certificate_sha256,
    )
