"""Keepers as rows: each import adds to what was known, and a reader asks who kept a vehicle at an instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.law.deadlines import local_day
from enforcement import audit
from enforcement.register.keepers import Keeper
from enforcement.tables import KeeperImportRow, KeeperRow


def import_keepers(
    session: Session,
    authority: str,
    keepers: Iterable[Keeper],
    *,
    file_sha256: str,
    who: str,
    reason: str,
    now: datetime,
) -> int | None:
    """Store a file's keepers, with who imported it and why in the audit log; the number of the import.

    None where this very file was imported before. The caller commits.
    """
    same = select(KeeperImportRow.import_id).where(
        KeeperImportRow.authority == authority, KeeperImportRow.file_sha256 == file_sha256
    )
    if session.scalar(same) is not None:
        return None
    row = KeeperImportRow(
        authority=authority,
        file_sha256=file_sha256,
        imported_at=now,
        who=who,
        reason=audit.without_registrations(reason),
    )
    session.add(row)
    session.flush()
    session.add_all(
        KeeperRow(authority=authority, import_id=row.import_id, **asdict(keeper)) for keeper in keepers
    )
    subject = f"keepers:{row.import_id}"
    audit.record(
        session, authority, who=who, action="keepers.import", subject=subject, reason=reason, now=now
    )
    return row.import_id


def keeper_of(session: Session, authority: str, vrm: str, at: datetime) -> Keeper | None:
    """Who kept a vehicle on the day of an instant (in London), by what was known last; None if not known."""
    day = local_day(at)
    row = session.scalar(
        select(KeeperRow)
        .where(
            KeeperRow.authority == authority,
            KeeperRow.vrm == vrm,
            KeeperRow.kept_from <= day,
            or_(KeeperRow.kept_to.is_(None), KeeperRow.kept_to > day),
        )
        .order_by(KeeperRow.as_of.desc(), KeeperRow.import_id.desc())
        .limit(1)
    )
    return Keeper(**{field.name: getattr(row, field.name) for field in fields(Keeper)}) if row else None


def operators_of(
    session: Session, authority: str, driven: Collection[tuple[str, datetime]]
) -> dict[tuple[str, datetime], str]:
    """The number of the operator's licence that each vehicle ran under at its instant, where it is known.

    Breaches are counted by it. Names are not: two firms may share one, and one firm may be spelled twice.
    """
    found: dict[tuple[str, datetime], str] = {}
    periods = _periods(session, authority, {vrm for vrm, _ in driven})
    for vrm, at in driven:
        day = local_day(at)
        kept = (
            row for row in periods[vrm] if row.kept_from <= day and (not row.kept_to or row.kept_to > day)
        )
        newest = next(kept, None)
        if newest is not None and newest.operator_licence is not None:
            found[vrm, at] = newest.operator_licence
    return found


def _periods(session: Session, authority: str, vrms: Collection[str]) -> defaultdict[str, list[KeeperRow]]:
    """All that is known of who kept each vehicle, what was known last first."""
    rows = session.scalars(
        select(KeeperRow)
        .where(KeeperRow.authority == authority, KeeperRow.vrm.in_(vrms))
        .order_by(KeeperRow.as_of.desc(), KeeperRow.import_id.desc())
    )
    periods = defaultdict(list)
    for row in rows:
        periods[row.vrm].append(row)
    return periods
