"""Cases: the list, one file, and an officer's decision on it. The caller commits."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.law.deadlines import charge_by, days_left, speed_notice_served_by
from config.law.orders import OrderVersion
from enforcement.cases.advancing import advance
from enforcement.cases.ledger import decisions_of, letters_of
from enforcement.cases.needs import Looked
from enforcement.cases.proving import WeightProof
from enforcement.cases.rows import case_row, move, still_through
from enforcement.cases.speed_rows import calibration_value, reading_of, speed_reading, speed_summary
from enforcement.cases.values import (
    AnyCaseFile,
    CaseFile,
    CaseState,
    CaseSummary,
    Decision,
    Event,
    Kind,
    Letter,
    SpeedCaseFile,
    Verdict,
    zone_of,
)
from enforcement.errors import CaseNotFound
from enforcement.register.answers import RegisterAnswer
from enforcement.tables import CalibrationRow, CaseRow
from ingest import records

# Made here and now: msgspec 0.22 ends the process where two threads use a type for the first time at once.
_READY = [msgspec.json.Decoder(kind) for kind in (RegisterAnswer, records.Reason)]

if TYPE_CHECKING:
    from enforcement.people import User

__all__ = [
    "AnyCaseFile",
    "CaseFile",
    "CaseState",
    "CaseSummary",
    "Decision",
    "Letter",
    "Verdict",
    "any_case_file",
    "case_file",
    "case_list",
    "case_row",
    "decide",
    "move",
    "speed_case_file",
    "still_through",
]


def case_list(
    session: Session, authority: str, *, state: CaseState | None, now: datetime, limit: int = 100
) -> list[CaseSummary]:
    """Cases in one state, or all; the oldest offence first, because its deadline comes first.

    Erased cases are left out: there is nothing about them to look at.
    """
    query = select(CaseRow).where(CaseRow.authority == authority, CaseRow.vrm != "")
    if state is not None:
        query = query.where(CaseRow.state == state)
    rows = session.scalars(query.order_by(CaseRow.offence_at, CaseRow.case_id).limit(limit)).all()
    order = cache(lambda order_id, version: records.order_version(session, authority, order_id, version))
    return [
        speed_summary(row, reading_of(session, row), now)
        if row.kind == Kind.SPEED
        else _summary(row, order(row.order_id, row.order_version), now)
        for row in rows
    ]


def case_file(session: Session, authority: str, case_id: int, *, now: datetime) -> CaseFile:
    """Everything known of one weight case. Raises CaseNotFound, also for one erased or of another kind."""
    row = _kept_row(session, authority, case_id)
    if row.kind != Kind.WEIGHT:
        raise CaseNotFound(f"case {case_id} is a {row.kind} case and rests on no order")
    try:
        order = records.order_version(session, authority, row.order_id, row.order_version)
        transit = records.transit(session, authority, row.transit_id)
        entry = records.passage(session, authority, transit.entry_passage_id or "")
        exit_ = records.passage(session, authority, transit.exit_passage_id or "")
    except records.NotFound as error:
        raise CaseNotFound(f"case {case_id} has lost a record that it rests on: {error}") from error
    return CaseFile(
        summary=_summary(row, order, now),
        order=order,
        transit=transit,
        entry=entry,
        exit=exit_,
        register=msgspec.convert(row.register_answer, RegisterAnswer),
        reasons=tuple(msgspec.convert(reason, records.Reason) for reason in row.reasons),
        decisions=decisions_of(session, row),
        letters=letters_of(session, row),
        deadline=charge_by(row.offence_at),
    )


def speed_case_file(session: Session, authority: str, case_id: int, *, now: datetime) -> SpeedCaseFile:
    """Everything known of one speed case. Raises CaseNotFound, also for one erased or of another kind."""
    row = _kept_row(session, authority, case_id)
    if row.kind != Kind.SPEED:
        raise CaseNotFound(f"case {case_id} is a {row.kind} case and rests on no reading")
    reading = reading_of(session, row)
    calibration = session.get_one(CalibrationRow, reading.calibration_id)
    try:
        passage = records.passage(session, authority, reading.passage_id)
    except records.NotFound as error:
        raise CaseNotFound(f"case {case_id} has lost a record that it rests on: {error}") from error
    return SpeedCaseFile(
        summary=speed_summary(row, reading, now),
        reading=speed_reading(reading),
        calibration=calibration_value(calibration),
        passage=passage,
        register=msgspec.convert(row.register_answer, RegisterAnswer),
        reasons=tuple(msgspec.convert(reason, records.Reason) for reason in row.reasons),
        decisions=decisions_of(session, row),
        letters=letters_of(session, row),
        deadline=charge_by(row.offence_at),
        serve_by=speed_notice_served_by(row.offence_at),
    )


def any_case_file(session: Session, authority: str, case_id: int, *, now: datetime) -> AnyCaseFile:
    """Everything known of a case of either kind. Raises CaseNotFound."""
    if case_row(session, authority, case_id).kind == Kind.SPEED:
        return speed_case_file(session, authority, case_id, now=now)
    return case_file(session, authority, case_id, now=now)


def decide(
    session: Session,
    authority: str,
    case_id: int,
    *,
    officer: User,
    verdict: Verdict,
    reason: str,
    image_matches_plate: bool,
    vehicle_matches_register: bool,
    proof: WeightProof | None = None,
    mark: str | None = None,
    now: datetime,
) -> None:
    """Take an officer's decision on a case that waits for one, and write it to the audit log.

    The first officer confirms, a second one agrees; each may reject. `mark` says which of two reads the
    pictures show. Raises CaseNotFound, and DecisionRefused with what is missing in plain words.
    """
    advance(
        session,
        authority,
        case_id,
        Event(verdict),
        by=officer,
        reason=reason,
        now=now,
        looked=Looked(image_matches_plate, vehicle_matches_register, proof, mark),
    )


def _kept_row(session: Session, authority: str, case_id: int) -> CaseRow:
    """The row of a case whose data retention has not erased; of an erased one the registration is empty."""
    row = case_row(session, authority, case_id)
    if not row.vrm:
        raise CaseNotFound(f"case {case_id} was erased when its time was over; only its decisions are kept")
    return row


def _summary(row: CaseRow, order: OrderVersion, now: datetime) -> CaseSummary:
    return CaseSummary(
        case_id=row.case_id,
        kind=Kind.WEIGHT,
        state=CaseState(row.state),
        vrm=row.vrm,
        order_title=order.title,
        zone_name=zone_of(order, row.zone_id).name,
        offence_at=row.offence_at,
        opened_at=row.opened_at,
        days_left=days_left(charge_by(row.offence_at), now),
    )
