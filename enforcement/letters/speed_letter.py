"""The letter of a speed case: a notice with the request for the driver, or advice only, as the policy says.

It rests on a device's reading and its calibration alone; what a video shows of speed is in no letter.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from config.law.deadlines import local_day
from enforcement.errors import CaseNotFound
from enforcement.letters.asking import asked_under
from enforcement.letters.contents import SpeedLetter
from enforcement.letters.subject import Subject
from enforcement.letters.wording import clock_time, plain_day, plain_weekday
from enforcement.tables import CalibrationRow, ReadingRow


def speed_letter(subject: Subject) -> SpeedLetter:
    """What the letter says. Raises CaseNotFound without its reading, TermsMissing without an Act."""
    reading, calibration = _measured(subject)
    advice_only = subject.policy.letters.speed_letter == "advice"
    asked: dict[str, Any] = {"act": "", "days": "", "answer_by": ""} if advice_only else asked_under(subject)
    day = local_day(reading.measured_at)
    limit = _limit_mph(subject)
    return SpeedLetter(
        **subject.heading(),
        **asked,
        place=reading.place,
        day=plain_weekday(day),
        advice_only=advice_only,
        speed=f"{reading.speed_mph} mph",
        limit=f"{limit} mph",
        posted=f"{reading.posted_mph} mph" if limit != reading.posted_mph else None,
        time=clock_time(reading.measured_at),
        date_of_offence=plain_day(day),
        device=f"{calibration.device_type}, number {calibration.serial}",
        tested_on=plain_day(calibration.calibrated_on),
    )


def _measured(subject: Subject) -> tuple[ReadingRow, CalibrationRow]:
    case = subject.case
    found = subject.session.execute(
        select(ReadingRow, CalibrationRow)
        .join(CalibrationRow, CalibrationRow.calibration_id == ReadingRow.calibration_id)
        .where(ReadingRow.authority == case.authority, ReadingRow.reading_id == case.transit_id)
    ).first()
    if found is None:
        raise CaseNotFound(f"case {case.case_id} has lost the reading or the calibration that it rests on")
    reading, calibration = found
    return reading, calibration


def _limit_mph(subject: Subject) -> int:
    """The limit that bound the vehicle, as its case was opened on it: of signs and class the lower."""
    for reason in subject.case.reasons:
        if reason["code"] == "speed_measured":
            return int(reason["facts"]["limit_mph"])
    raise CaseNotFound(f"case {subject.case.case_id} does not say which limit bound the vehicle")
