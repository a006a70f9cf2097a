"""Drafts as they are stored: appended once for a file, listed, found again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from enforcement.orders.draft import Draft, Gap, SourceKind, Unused
from enforcement.orders.errors import ApprovalRefused
from enforcement.tables import OrderApprovalRow, OrderDraftRow, UserRow


@dataclass(frozen=True)
class StoredDraft:
    """A draft under its number. `became` is the order and version that it was approved as."""

    draft_id: int
    draft: Draft
    imported_at: datetime
    imported_by: str
    became: tuple[str, int] | None


@dataclass(frozen=True)
class Approval:
    """Who put a version in force, when and why, and from which draft."""

    draft_id: int
    order_id: str
    version: int
    approved_at: datetime
    officer: str
    reason: str
    source: str


def store_draft(
    session: Session, authority: str, draft: Draft, *, file_sha256: str, who: str, now: datetime
) -> tuple[int, bool]:
    """The draft's number, and whether it is new: the same draft of the same file is stored once."""
    known = session.scalar(
        select(OrderDraftRow.draft_id).where(
            OrderDraftRow.authority == authority,
            OrderDraftRow.file_sha256 == file_sha256,
            OrderDraftRow.reference == draft.reference,
        )
    )
    if known is not None:
        return known, False
    row = OrderDraftRow(
        authority=authority,
        source=draft.source,
        reference=draft.reference,
        file_sha256=file_sha256,
        fields=dict(draft.fields),
        gaps=[asdict(gap) for gap in draft.gaps],
        unused=[asdict(unused) for unused in draft.unused],
        imported_at=now,
        imported_by=who,
    )
    session.add(row)
    session.flush()
    return row.draft_id, True


def stored_draft(session: Session, authority: str, draft_id: int) -> StoredDraft:
    """One draft. Raises ApprovalRefused where there is none of this number."""
    found = [stored for stored in stored_drafts(session, authority) if stored.draft_id == draft_id]
    if not found:
        raise ApprovalRefused(f"there is no draft {draft_id}; 'orders drafts' lists them")
    return found[0]


def stored_drafts(session: Session, authority: str) -> list[StoredDraft]:
    """All drafts in order of their numbers, approved or not."""
    approvals = {
        row.draft_id: (row.order_id, row.order_version)
        for row in session.scalars(select(OrderApprovalRow).where(OrderApprovalRow.authority == authority))
    }
    rows = session.scalars(
        select(OrderDraftRow).where(OrderDraftRow.authority == authority).order_by(OrderDraftRow.draft_id)
    )
    return [
        StoredDraft(row.draft_id, _draft(row), row.imported_at, row.imported_by, approvals.get(row.draft_id))
        for row in rows
    ]


def approvals(session: Session, authority: str) -> Mapping[tuple[str, int], Approval]:
    """The approvals by order id and version."""
    rows = session.execute(
        select(OrderApprovalRow, OrderDraftRow, UserRow)
        .join(
            OrderDraftRow,
            (OrderDraftRow.authority == OrderApprovalRow.authority)
            & (OrderDraftRow.draft_id == OrderApprovalRow.draft_id),
        )
        .join(UserRow, UserRow.user_id == OrderApprovalRow.user_id)
        .where(OrderApprovalRow.authority == authority)
    )
    return {
        (approval.order_id, approval.order_version): Approval(
            approval.draft_id,
            approval.order_id,
            approval.order_version,
            approval.approved_at,
            f"{user.rank} {user.name} ({user.number})",
            approval.reason,
            f"{draft.source} {draft.reference}",
        )
        for approval, draft, user in rows.tuples()
    }


def _draft(row: OrderDraftRow) -> Draft:
    source: SourceKind = "dtro" if row.source == "dtro" else "osm"
    fields: dict[str, Any] = row.fields
    gaps = tuple(Gap(**gap) for gap in row.gaps)
    return Draft(source, row.reference, fields, gaps, tuple(Unused(**unused) for unused in row.unused))
