"""Cases: the list, one file, and an officer's decision on it. The caller commits."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.law.deadlines import charge_by, days_left
from config.law.orders import OrderVersion
from enforcement.cases.advancing import advance
from enforcement.cases.needs import Looked
from enforcement.cases.rows import case_row, move, still_through
from enforcement.cases.values import (
    CaseFile,
    CaseState,
    CaseSummary,
    Decision,
    Event,
    Letter,
    Verdict,
    zone_of,
)
from enforcement.errors import CaseNotFound
from enforcement.register.answers import RegisterAnswer
from enforcement.tables import CaseDecisionRow, CaseRow, LetterRow, UserRow
from ingest import records

# Made here and now: msgspec 0.22 ends the process where two threads use a type for the first time at once.
_READY = [msgspec.json.Decoder(kind) for kind in (RegisterAnswer, records.Reason)]

if TYPE_CHECKING:
    from enforcement.people import User

__all__ = [
    "CaseFile",
    "CaseState",
    "CaseSummary",
    "Decision",
    "Letter",
    "Verdict",
    "case_file",
    "case_list",
    "case_row",
    "decide",
    "move",
    "still_through",
]


def case_list(
    session: Session, authority: str, *, state: CaseState | None, now: datetime, limit: int = 100
) -> list[CaseSummary]:
    """Cases in one state, or all; the oldest offence first, because its deadline comes first."""
    query = select(CaseRow).where(CaseRow.authority == authority)
    if state is not None:
        query = query.where(CaseRow.state == state)
    rows = session.scalars(query.order_by(CaseRow.offence_at, CaseRow.case_id).limit(limit)).all()
    order = cache(lambda order_id, version: records.order_version(session, authority, order_id, version))
    return [_summary(row, order(row.order_id, row.order_version), now) for row in rows]


def case_file(session: Session, authority: str, case_id: int, *, now: datetime) -> CaseFile:
    """Everything known of one case. Raises CaseNotFound."""
    row = case_row(session, authority, case_id)
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
        decisions=_decisions(session, authority, case_id),
        letters=_letters(session, authority, case_id),
        deadline=charge_by(row.offence_at),
    )


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
    now: datetime,
) -> None:
    """Take an officer's decision on a case that waits for one, and write it to the audit log.

    Raises CaseNotFound, and DecisionRefused with what is missing in plain words.
    """
    advance(
        session,
        authority,
        case_id,
        Event.CONFIRM if verdict == "confirm" else Event.REJECT,
        by=officer,
        reason=reason,
        now=now,
        looked=Looked(image_matches_plate, vehicle_matches_register),
    )


def _summary(row: CaseRow, order: OrderVersion, now: datetime) -> CaseSummary:
    return CaseSummary(
        case_id=row.case_id,
        state=CaseState(row.state),
        vrm=row.vrm,
        order_title=order.title,
        zone_name=zone_of(order, row.zone_id).name,
        offence_at=row.offence_at,
        opened_at=row.opened_at,
        days_left=days_left(charge_by(row.offence_at), now),
    )


def _decisions(session: Session, authority: str, case_id: int) -> tuple[Decision, ...]:
    query = (
        select(CaseDecisionRow, UserRow.name, UserRow.number)
        .outerjoin(UserRow, UserRow.user_id == CaseDecisionRow.user_id)
        .where(CaseDecisionRow.authority == authority, CaseDecisionRow.case_id == case_id)
        .order_by(CaseDecisionRow.id)
    )
    return tuple(
        Decision(
            decided_at=row.decided_at,
            event=Event(row.event),
            before=CaseState(row.before),
            after=CaseState(row.after),
            who=row.who,
            officer_name=name or "",
            officer_number=number or "",
            reason=row.reason,
            facts=row.facts,
        )
        for row, name, number in session.execute(query)
    )


def _letters(session: Session, authority: str, case_id: int) -> tuple[Letter, ...]:
    query = select(LetterRow).where(LetterRow.authority == authority, LetterRow.case_id == case_id)
    return tuple(
        Letter(row.letter_id, row.kind, row.created_at, Path(row.pdf_path), row.pdf_sha256)
        for row in session.scalars(query.order_by(LetterRow.letter_id))
    )
