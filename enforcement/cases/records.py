"""Cases: the list, one file, and an officer's decision on it. The caller commits."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec
from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from config.law.deadlines import charge_by, days_left, is_over
from config.law.orders import OrderVersion
from enforcement import audit
from enforcement.cases.values import (
    UNDECIDED,
    CaseFile,
    CaseState,
    CaseSummary,
    Decision,
    Letter,
    Verdict,
    zone_of,
)
from enforcement.errors import CaseNotFound, DecisionRefused
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
    "decide",
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


def case_row(session: Session, authority: str, case_id: int) -> CaseRow:
    """The row of a case. Raises CaseNotFound."""
    row = session.scalar(select(CaseRow).where(CaseRow.authority == authority, CaseRow.case_id == case_id))
    if row is None:
        raise CaseNotFound(f"there is no case {case_id} under the authority '{authority}'")
    return row


def still_through(session: Session, row: CaseRow) -> bool:
    """Whether ingest still concludes that the vehicle drove through; a late passage may change that."""
    try:
        return records.transit(session, row.authority, row.transit_id).conclusion == "through"
    except records.NotFound:
        return False


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
    row = case_row(session, authority, case_id)
    _refuse_unfounded(officer, authority, reason)
    if verdict == "confirm":
        _refuse_confirming(session, row, now, image_matches_plate, vehicle_matches_register)
    state = CaseState.CONFIRMED if verdict == "confirm" else CaseState.REJECTED
    if not move(session, row, UNDECIDED, state):
        raise DecisionRefused(f"Case {case_id} has been decided already. Load it again to see how.")
    session.add(
        CaseDecisionRow(
            authority=authority,
            case_id=case_id,
            decided_at=now,
            user_id=officer.user_id,
            verdict=verdict,
            reason=reason.strip(),
            image_matches_plate=image_matches_plate,
            vehicle_matches_register=vehicle_matches_register,
        )
    )
    _audit(session, row, officer, f"case.{verdict}", reason.strip(), now)


def move(session: Session, row: CaseRow, before: tuple[CaseState, ...], after: CaseState) -> bool:
    """Change the state of a case if it is still in one of `before`; False where somebody was faster."""
    result = session.execute(
        update(CaseRow)
        .where(CaseRow.authority == row.authority, CaseRow.case_id == row.case_id, CaseRow.state.in_(before))
        .values(state=after)
    )
    return cast("CursorResult[None]", result).rowcount == 1


def _audit(session: Session, row: CaseRow, officer: User, action: str, reason: str, now: datetime) -> None:
    audit.record(
        session,
        row.authority,
        who=f"user:{officer.user_id}",
        action=action,
        subject=f"case:{row.case_id}",
        reason=reason,
        now=now,
    )


def _refuse_unfounded(officer: User, authority: str, reason: str) -> None:
    if officer.authority != authority or not officer.may_decide:
        raise DecisionRefused("Only an officer or a supervisor of this force can decide a case.")
    if not reason.strip():
        raise DecisionRefused("Give a reason for the decision.")
    if len(reason.strip()) > 1000:
        raise DecisionRefused("The reason is too long: 1,000 characters at most.")


def _refuse_confirming(
    session: Session, row: CaseRow, now: datetime, image_matches_plate: bool, vehicle_matches_register: bool
) -> None:
    if not image_matches_plate:
        raise DecisionRefused("To confirm, look at both pictures and tick that they show this registration.")
    if not vehicle_matches_register:
        raise DecisionRefused("To confirm, compare the vehicle with the register and tick that they match.")
    if is_over(charge_by(row.offence_at), now):
        raise DecisionRefused("The six months for a charge are over; this case can only be rejected.")
    if not still_through(session, row):
        raise DecisionRefused(
            "A later sighting shows that the vehicle may not have driven through. Reject this case."
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
        .join(UserRow, UserRow.user_id == CaseDecisionRow.user_id)
        .where(CaseDecisionRow.authority == authority, CaseDecisionRow.case_id == case_id)
        .order_by(CaseDecisionRow.id)
    )
    return tuple(
        Decision(row.decided_at, name, number, cast("Verdict", row.verdict), row.reason)
        for row, name, number in session.execute(query)
    )


def _letters(session: Session, authority: str, case_id: int) -> tuple[Letter, ...]:
    query = select(LetterRow).where(LetterRow.authority == authority, LetterRow.case_id == case_id)
    return tuple(
        Letter(row.letter_id, row.kind, row.created_at, Path(row.pdf_path), row.pdf_sha256)
        for row in session.scalars(query.order_by(LetterRow.letter_id))
    )
