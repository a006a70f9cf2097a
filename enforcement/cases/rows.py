"""The row of a case, found and moved."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from enforcement.cases.states import CaseState, Event, Kind
from enforcement.errors import CaseNotFound
from enforcement.tables import CaseDecisionRow, CaseRow
from ingest import records


def case_row(session: Session, authority: str, case_id: int, *, lock: bool = False) -> CaseRow:
    """The row of a case; with `lock` nobody else changes it until the caller commits. Raises CaseNotFound."""
    query = select(CaseRow).where(CaseRow.authority == authority, CaseRow.case_id == case_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalar(query)
    if row is None:
        raise CaseNotFound(f"there is no case {case_id} under the authority '{authority}'")
    return row


def move(session: Session, row: CaseRow, before: tuple[CaseState, ...], after: CaseState) -> bool:
    """Change the state of a case if it is still in one of `before`; False where somebody was faster."""
    moved = (
        update(CaseRow)
        .where(CaseRow.authority == row.authority, CaseRow.case_id == row.case_id, CaseRow.state.in_(before))
        .values(state=after)
    )
    return records.rows_changed(session, moved) == 1


def last_event(session: Session, row: CaseRow, *events: Event) -> CaseDecisionRow | None:
    """The latest entry of a case's ledger that is one of `events`."""
    return session.scalar(
        select(CaseDecisionRow)
        .where(
            CaseDecisionRow.authority == row.authority,
            CaseDecisionRow.case_id == row.case_id,
            CaseDecisionRow.event.in_(events),
        )
        .order_by(CaseDecisionRow.id.desc())
        .limit(1)
    )


def read_at_exit(session: Session, row: CaseRow) -> str | None:
    """The mark that was read at the exit of a close pair, where a weight case rests on one."""
    if row.kind != Kind.WEIGHT:
        return None
    try:
        return records.transit(session, row.authority, row.transit_id).exit_vrm
    except records.NotFound:
        return None


def still_through(session: Session, row: CaseRow) -> bool:
    """Whether ingest still concludes that the vehicle drove through; a late passage may change that."""
    try:
        return records.transit(session, row.authority, row.transit_id).may_be_case
    except records.NotFound:
        return False
