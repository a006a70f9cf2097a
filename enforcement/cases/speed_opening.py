"""From a device's readings to speed cases: each line of a file is judged, and every way to end is counted.

Nothing of a line is stored unless it opens a case: a file names cars, and lorries that did nothing wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.vrm import Format, format_of
from enforcement import audit
from enforcement.cases.devices import calibration_at
from enforcement.cases.readings import Line, Reading
from enforcement.cases.speed import (
    Match,
    SpeedJudgement,
    SpeedOutcome,
    evidence_window,
    judge_speed,
    match,
)
from enforcement.cases.states import CaseState, Kind
from enforcement.errors import LookUpQueued, RegisterUnavailable
from enforcement.insertion import insert_new
from enforcement.policy import Policy
from enforcement.register.answers import Register, RegisterAnswer
from enforcement.tables import CalibrationRow, CaseRow, ReadingRow
from ingest import records

_OPENS = {SpeedOutcome.PROPOSED: CaseState.PROPOSED, SpeedOutcome.REVIEW: CaseState.REVIEW}
_ASKED_AGAIN = (
    SpeedOutcome.NO_PASSAGE,
    SpeedOutcome.EVIDENCE_AWAITED,
    SpeedOutcome.REGISTER_QUEUED,
    SpeedOutcome.REGISTER_UNAVAILABLE,
)


@dataclass(frozen=True)
class _Desk:
    engine: Engine
    authority: str
    register: Register
    policy: Policy
    who: str
    now: datetime


def open_speed_cases(
    engine: Engine,
    authority: str,
    lines: Sequence[Line],
    register: Register,
    policy: Policy,
    *,
    who: str,
    now: datetime,
) -> tuple[Counter[SpeedOutcome], list[int]]:
    """Judge the lines; how many ended how, and the lines to be read again later. Idempotent by line."""
    desk = _Desk(engine, authority, register, policy, who, now)
    ended: Counter[SpeedOutcome] = Counter()
    again = []
    for line in lines:
        outcome = _judge(desk, line.reading)
        ended[outcome] += 1
        if outcome in _ASKED_AGAIN:
            again.append(line.number)
    return ended, again


def _judge(desk: _Desk, reading: Reading) -> SpeedOutcome:
    if reading.source != "device":
        return SpeedOutcome.VIDEO_ESTIMATE
    with Session(records.reading(desk.engine)) as session:
        if session.get(ReadingRow, (desk.authority, reading.reading_id)) is not None:
            return SpeedOutcome.KNOWN
        calibration = calibration_at(session, desk.authority, reading.serial, reading.measured_at)
        if calibration is None:
            return SpeedOutcome.NOT_CALIBRATED
        since, until = evidence_window(reading, desk.policy.speed_match)
        near = records.passages(session, desk.authority, since=since, until=until)
    found = match(reading, calibration.agent_id, near, desk.policy.speed_match)
    if found is None:
        return SpeedOutcome.NO_PASSAGE
    return _before_register(reading, found) or _ask(desk, reading, calibration, found)


def _before_register(reading: Reading, found: Match) -> SpeedOutcome | None:
    if format_of(reading.vrm) in (None, Format.TRAILER):
        return SpeedOutcome.NO_UK_MARK
    states = {item.state for item in found.passage.evidence}
    if not states or "lost" in states:
        return SpeedOutcome.EVIDENCE_LOST
    return SpeedOutcome.EVIDENCE_AWAITED if "awaited" in states else None


def _ask(desk: _Desk, reading: Reading, calibration: CalibrationRow, found: Match) -> SpeedOutcome:
    try:
        answer = desk.register.look_up(reading.vrm)
    except LookUpQueued:
        return SpeedOutcome.REGISTER_QUEUED
    except RegisterUnavailable:
        return SpeedOutcome.REGISTER_UNAVAILABLE
    judgement = judge_speed(reading, found, answer, desk.policy.service, desk.now)
    if judgement.outcome not in _OPENS:
        return judgement.outcome
    return _open(desk, reading, calibration, found, judgement, answer)


def _open(
    desk: _Desk,
    reading: Reading,
    calibration: CalibrationRow,
    found: Match,
    judgement: SpeedJudgement,
    answer: RegisterAnswer,
) -> SpeedOutcome:
    """Store the reading and its case; KNOWN where another run did."""
    with Session(desk.engine) as session, session.begin():
        if not _stored(session, desk, reading, calibration, found):
            return SpeedOutcome.KNOWN
        row = _case(desk, reading, judgement, answer)
        session.add(row)
        session.flush()
        audit.record(
            session,
            desk.authority,
            who=desk.who,
            action="case.open",
            subject=f"case:{row.case_id}",
            reason=f"reading:{reading.reading_id} {row.state}",
            now=desk.now,
        )
    return judgement.outcome


def _stored(
    session: Session,
    desk: _Desk,
    reading: Reading,
    calibration: CalibrationRow,
    found: Match,
) -> bool:
    values = msgspec.structs.asdict(reading)
    del values["source"]
    return insert_new(
        session,
        ReadingRow,
        authority=desk.authority,
        reading_id=reading.reading_id,
        **values,
        stored_at=desk.now,
        passage_id=found.passage.passage_id,
        calibration_id=calibration.calibration_id,
    )


def _case(desk: _Desk, reading: Reading, judgement: SpeedJudgement, answer: RegisterAnswer) -> CaseRow:
    return CaseRow(
        authority=desk.authority,
        kind=Kind.SPEED,
        transit_id=reading.reading_id,
        order_id="",
        order_version=0,
        zone_id="",
        vrm=reading.vrm,
        state=_OPENS[judgement.outcome],
        opened_at=desk.now,
        offence_at=reading.measured_at,
        register_answer=msgspec.to_builtins(answer),
        reasons=[msgspec.to_builtins(reason) for reason in judgement.reasons],
    )
