"""Import orders, compare drafts with what is in force, approve them, and show the versions."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from config.files import load
from config.law.orders import OrderVersion, version_in_force
from enforcement.office import Office
from enforcement.orders.approving import Completion, approve, completion_of, officer_named
from enforcement.orders.comparing import differences, fields_of
from enforcement.orders.draft import Draft
from enforcement.orders.drafts import StoredDraft, approvals, stored_draft, stored_drafts
from enforcement.orders.importing import DraftFile, drafts_of, store_drafts, store_versions
from ingest import records

_LATE = "take an amendment whose first day has begun: what was concluded since then is concluded again"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`import FILE`, `drafts`, `diff ID`, `approve ID` and `history [ORDER]`."""
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="import|drafts|diff|approve|history"
    )
    importing = actions.add_parser("import", help="store new versions of YAML; D-TRO and OSM become drafts")
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.add_argument("--late", action="store_true", help=_LATE)
    actions.add_parser("drafts", help="list the drafts")
    diff = actions.add_parser("diff", help="compare a draft with the version in force, field by field")
    approving = actions.add_parser("approve", help="put a draft in force as the next version of its order")
    for action in (diff, approving):
        action.add_argument("draft_id", type=int, metavar="ID", help="the draft's number")
        action.add_argument(
            "--completion", type=Path, metavar="FILE", help="YAML with the fields to be given"
        )
    approving.add_argument("--officer", required=True, help="the approving officer's number or login")
    approving.add_argument("--reason", required=True)
    approving.add_argument("--late", action="store_true", help=_LATE)
    history = actions.add_parser("history", help="list the versions that are stored")
    history.add_argument("order_id", nargs="?", metavar="ORDER")


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Import all of a file or nothing, approve, or show. Raises FileMistake, EnforcementError."""
    actions = {
        "import": _import,
        "drafts": _drafts,
        "diff": _diff,
        "approve": _approve,
        "history": _history,
    }
    for line in actions[arguments.action](office, arguments):
        print(line)
    return 0


def _import(office: Office, arguments: argparse.Namespace) -> list[str]:
    found = drafts_of(arguments.file)
    with Session(office.engine) as session, session.begin():
        if found is not None:
            return _import_drafts(office, session, found)
        told = store_versions(
            session, office.authority, arguments.file, late=arguments.late, now=office.clock()
        )
        for order, new in told:
            if new:
                office.note(session, "order.import", f"order:{order.order_id}:{order.version}")
    return [
        f"{order.order_id} version {order.version}: "
        + (f"stored, from {order.effective_from}" if new else "already stored")
        for order, new in told
    ]


def _import_drafts(office: Office, session: Session, found: DraftFile) -> list[str]:
    lines = []
    for stored, new in store_drafts(session, office.authority, found, who=office.who, now=office.clock()):
        if new:
            office.note(session, "order.draft", f"draft:{stored.draft_id}")
        lines += [_headline(stored) + ("" if new else " (already stored)"), *_account(stored.draft)]
    return lines


def _headline(stored: StoredDraft) -> str:
    fields = stored.draft.fields
    limit = f"over {fields['limit_kg']} kg" if "limit_kg" in fields else "limit not known"
    kind = f"{fields.get('type', 'type not known')}, {fields.get('purpose', 'purpose not known')}"
    became = f", approved as version {stored.became[1]} of {stored.became[0]}" if stored.became else ""
    reference = f"{stored.draft.source} {stored.draft.reference}"
    return f"draft {stored.draft_id} from {reference}: {kind}, {limit}{became}"


def _account(draft: Draft) -> list[str]:
    given = [f"  {name}: {_told(value)}" for name, value in draft.fields.items()]
    asked = [f"  to be given: {gap.field} ({gap.why})" for gap in draft.gaps]
    return (
        given + asked + [f"  not used: {each.path} = {each.value} ({each.reason})" for each in draft.unused]
    )


def _told(value: Any) -> str:
    return "; ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _drafts(office: Office, arguments: argparse.Namespace) -> list[str]:
    with Session(records.reading(office.engine)) as session:
        found = stored_drafts(session, office.authority)
    return [_headline(stored) for stored in found] or ["there are no drafts"]


def _diff(office: Office, arguments: argparse.Namespace) -> list[str]:
    given = _completion(arguments.completion).fields
    with Session(records.reading(office.engine)) as session:
        draft = stored_draft(session, office.authority, arguments.draft_id).draft
        order_id = str(given.get("order_id", draft.fields.get("order_id", "")))
        versions = records.order_versions(session, office.authority, order_id)
    before = version_in_force(versions, office.clock()) or max(
        versions, key=lambda order: order.version, default=None
    )
    if before is None:
        return [f"no version of {order_id or 'an order'} is stored: all of it is new", *_account(draft)]
    changes = differences(fields_of(before), draft, given)
    told = f"against version {before.version} of {order_id}, from {before.effective_from}:"
    return [told, *(f"  {change}" for change in changes or ["nothing differs"])]


def _approve(office: Office, arguments: argparse.Namespace) -> list[str]:
    completion = _completion(arguments.completion)
    with Session(office.engine) as session, session.begin():
        officer = officer_named(session, office.authority, arguments.officer)
        order = approve(
            session,
            office.authority,
            arguments.draft_id,
            officer=officer,
            reason=arguments.reason,
            completion=completion,
            late=arguments.late,
            now=office.clock(),
        )
    named = f"{officer.rank} {officer.name} ({officer.number})"
    told = f"stored, from {order.effective_from}, approved by {named}"
    return [f"{order.order_id} version {order.version}: {told}"]


def _completion(file: Path | None) -> Completion:
    if file is None:
        return Completion({}, "")
    given: Mapping[str, Any] = load(file, dict[str, Any])
    return completion_of(given, file.read_text(encoding="utf-8"))


def _history(office: Office, arguments: argparse.Namespace) -> list[str]:
    with Session(records.reading(office.engine)) as session:
        versions = records.order_versions(session, office.authority, arguments.order_id)
        approved = approvals(session, office.authority)
    lines: list[str] = []
    for order in versions:
        lines.append(_version(order))
        approval = approved.get((order.order_id, order.version))
        if approval:
            lines.append(
                f"  approved {approval.approved_at:%Y-%m-%d %H:%M} UTC by {approval.officer} from draft "
                f"{approval.draft_id} ({approval.source}): {approval.reason}"
            )
    return lines or ["no such order is stored"]


def _version(order: OrderVersion) -> str:
    until = f" until {order.effective_to}" if order.effective_to else ""
    return (
        f"{order.order_id} version {order.version}: from {order.effective_from}{until}, "
        f"{order.type}, over {order.limit_kg} kg, {order.title}"
    )
