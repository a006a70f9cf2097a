"""A draft becomes a version of an order: by a named officer, with a reason, and with nothing left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.law.deadlines import local_day
from config.law.orders import OrderVersion
from enforcement import audit
from enforcement.orders.amending import refuse_flawed, refuse_rewriting
from enforcement.orders.drafts import StoredDraft, stored_draft
from enforcement.orders.errors import ApprovalRefused
from enforcement.people import User, user_of
from enforcement.tables import OrderApprovalRow, UserRow
from ingest import records

LONGEST_REASON = 1000


@dataclass(frozen=True)
class Completion:
    """What an officer adds to a draft: fields of OrderVersion, and the text of the file they stand in."""

    fields: Mapping[str, Any]
    text: str


def completion_of(given: Mapping[str, Any], text: str) -> Completion:
    """The completion that a file gives. Raises ApprovalRefused for a field or a value that no order has."""
    types = {each.encode_name: each.type for each in msgspec.structs.fields(OrderVersion)}
    unknown = sorted(set(given) - set(types))
    if unknown:
        raise ApprovalRefused(f"the completion gives '{unknown[0]}', which is no field of an order")
    fields = {}
    for name, value in given.items():
        try:
            fields[name] = msgspec.to_builtins(msgspec.convert(value, types[name]))
        except msgspec.ValidationError as error:
            raise ApprovalRefused(f"the completion's {name}: {error}") from error
    return Completion(fields, text)


def officer_named(session: Session, authority: str, name: str) -> User:
    """The officer with this number or login. Raises ApprovalRefused for nobody, several, or another role."""
    rows = session.scalars(
        select(UserRow).where(
            UserRow.authority == authority,
            UserRow.active,
            or_(UserRow.number == name, UserRow.login == name.lower()),
        )
    ).all()
    if len(rows) != 1:
        how_many = "nobody" if not rows else "more than one person"
        raise ApprovalRefused(f"{how_many} has the number or login '{name}'; 'users add' adds people")
    user = user_of(rows[0])
    if not user.may_decide:
        raise ApprovalRefused(f"'{name}' is no officer but {user.role}; an officer approves orders")
    return user


def approve(
    session: Session,
    authority: str,
    draft_id: int,
    *,
    officer: User,
    reason: str,
    completion: Completion,
    late: bool,
    now: datetime,
) -> OrderVersion:
    """Store the draft, completed, as the next version of its order, with the approval and its audit entry.

    Raises ApprovalRefused with what is missing or wrong; then nothing was stored.
    """
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise ApprovalRefused(f"an approval needs a reason of up to {LONGEST_REASON} characters")
    stored = stored_draft(session, authority, draft_id)
    order = completed(session, authority, stored, completion.fields)
    versions = records.order_versions(session, authority, order.order_id)
    refuse_flawed(order)
    _refuse_unknown_sites(session, order)
    refuse_rewriting(order, versions, before=versions, today=local_day(now), late=late)
    records.store_order_version(session, order, now)
    approval = OrderApprovalRow(
        authority=authority,
        draft_id=draft_id,
        order_id=order.order_id,
        order_version=order.version,
        approved_at=now,
        user_id=officer.user_id,
        reason=reason.strip(),
        completion=completion.text,
    )
    _append(session, approval)
    return order


def _append(session: Session, approval: OrderApprovalRow) -> None:
    """Store an approval and its entry in the audit log."""
    session.add(approval)
    audit.record(
        session,
        approval.authority,
        who=f"user:{approval.user_id}",
        action="order.approve",
        subject=f"order:{approval.order_id}:{approval.order_version}",
        reason=approval.reason,
        now=approval.approved_at,
    )


def completed(
    session: Session, authority: str, stored: StoredDraft, completion: Mapping[str, Any]
) -> OrderVersion:
    """The order version that the draft and its completion make; what the officer gives counts.

    Raises ApprovalRefused for a draft that was approved before, what is open still, and what is wrong.
    """
    if stored.became is not None:
        order_id, version = stored.became
        raise ApprovalRefused(f"draft {stored.draft_id} is version {version} of {order_id} already")
    missing = {gap.field: gap.why for gap in stored.draft.gaps if gap.field not in completion}
    if missing:
        told = "; ".join(f"{name} ({why})" for name, why in missing.items())
        raise ApprovalRefused(f"draft {stored.draft_id} needs a completion that gives {told}")
    fields = {**stored.draft.fields, **completion}
    if fields.get("authority", authority) != authority:
        raise ApprovalRefused(f"authority is '{fields['authority']}', but the settings say '{authority}'")
    numbers = [
        order.version for order in records.order_versions(session, authority, str(fields.get("order_id")))
    ]
    fields = {"version": max(numbers, default=0) + 1, **fields, "authority": authority}
    try:
        return msgspec.convert(fields, OrderVersion)
    except msgspec.ValidationError as error:
        raise ApprovalRefused(f"draft {stored.draft_id} with its completion: {error}") from error


def _refuse_unknown_sites(session: Session, order: OrderVersion) -> None:
    known = {site.site_id for site in records.sites(session, order.authority)}
    named = {
        point.site_id for zone in order.zones for pair in zone.pairs for point in (pair.entry, pair.exit)
    }
    if named - known:
        raise ApprovalRefused(
            f"its zones name the site {min(named - known)}, which is not stored; import the sites first"
        )
