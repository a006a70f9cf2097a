"""Keepers as rows: each import adds to what was known, and a reader asks who kept a vehicle at an instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.law.deadlines import local_day
from enforcement import audit
from enforcement.register.keepers import Keeper
from enforcement.tables import KeeperImportRow, KeeperRow
from ingest import records


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
    row = _kept_on(_periods(session, authority, [vrm])[vrm], local_day(at))
    return Keeper(**{field.name: getattr(row, field.name) for field in fields(Keeper)}) if row else None


def operators_of(
    session: Session, authority: str, driven: Collection[tuple[str, datetime]]
) -> dict[tuple[str, datetime], str]:
    """The number of the operator's licence that each vehicle ran under at its instant, where it is known.

    Breaches are counted by it. Names are not: two firms may share one, and one firm may be spelled twice.
    """
    found: dict[tuple[str, datetime], str] = {}
    periods = _periods(session, authority, sorted({vrm for vrm, _ in driven}))
    for vrm, at in driven:
        row = _kept_on(periods[vrm], local_day(at))
        if row is not None and row.operator_licence is not None:
            found[vrm, at] = row.operator_licence
    return found


def fleet_of(session: Session, authority: str, driven: tuple[str, datetime]) -> frozenset[str]:
    """All vehicles that the licence ever had under which this one ran at its instant; none if not known."""
    licence = operators_of(session, authority, [driven]).get(driven)
    if licence is None:
        return frozenset()
    same = KeeperRow.authority == authority, KeeperRow.operator_licence == licence
    return frozenset(session.scalars(select(KeeperRow.vrm).where(*same).distinct()))


def _kept_on(periods: Iterable[KeeperRow], day: date) -> KeeperRow | None:
    """The first of the periods that holds the day."""
    held = (row for row in periods if row.kept_from <= day and (row.kept_to is None or row.kept_to > day))
    return next(held, None)


def _periods(session: Session, authority: str, vrms: Sequence[str]) -> defaultdict[str, list[KeeperRow]]:
    """All that is known of who kept each vehicle, what was known last first."""
    periods = defaultdict(list)
    for some in records.slices(vrms):
        rows = session.scalars(
            select(KeeperRow)
            .where(KeeperRow.authority == authority, KeeperRow.vrm.in_(some))
            .order_by(KeeperRow.as_of.desc(), KeeperRow.import_id.desc())
        )
        for row in rows:
            periods[row.vrm].append(row)
    return periods
