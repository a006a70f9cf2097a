"""Makes a pack: refuses, gathers, sets, signs, writes the file, and writes down who made it and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from config.wire import SigningKey
from enforcement import audit
from enforcement.cases.advancing import advance
from enforcement.cases.values import CaseState, Event
from enforcement.files import write_whole
from enforcement.packs.archive import write_archive
from enforcement.packs.bundle import bundle_pdf, exhibit_pages
from enforcement.packs.errors import PackRefused
from enforcement.packs.gathering import Sources, gather
from enforcement.packs.manifest import BUNDLE, MANIFEST, SIGNATURE, Manifest, manifest_bytes, packed_file
from enforcement.packs.material import Material
from enforcement.packs.members import Member, members
from enforcement.packs.sealing import seal_manifest
from enforcement.tables import AuditRow
from ingest import records

WHO = "process:packs"
_MADE = "pack.make"


def make_pack(
    engine: Engine,
    sources: Sources,
    case_id: int,
    *,
    officer: str,
    reason: str,
    key: SigningKey,
    now: datetime,
) -> Path:
    """Make the pack of a case whose charge is approved; gives its file, named by its number for the case.

    The export is in the audit log with the officer and the reason, and the case is ready for its charge.
    Raises PackRefused, CaseNotFound, ChainBroken, DocumentFailed; then nothing was written.
    """
    if not reason.strip():
        raise PackRefused("give a reason: it goes into the audit log with your number")
    with Session(records.reading(engine)) as session:
        material = gather(session, sources, case_id, officer=officer, now=now)
    pack = pack_bytes(material, key)
    with Session(engine) as session, session.begin():  # before the file: nothing leaves without an entry
        number = _write_down(session, material, reason.strip(), now)
    name = f"{material.reference}-{number:02d}-{material.made_at:%Y%m%dT%H%M%SZ}.zip"
    path = sources.data_dir / "packs" / name
    write_whole(path, pack)
    return path


def pack_bytes(material: Material, key: SigningKey) -> bytes:
    """The pack as a ZIP; the same material and key give the same bytes. Raises DocumentFailed."""
    originals = members(material, key)
    pdf = bundle_pdf(material, originals, key)
    exhibits, pages = exhibit_pages(pdf)
    files = (Member(BUNDLE, "The bundle for the court", pdf), *originals)
    manifest = manifest_bytes(
        Manifest(
            authority=material.case.order.authority,
            case_id=material.case.summary.case_id,
            reference=material.reference,
            made_at=material.made_at,
            made_by=f"{material.officer.rank} {material.officer.name}, {material.officer.number}",
            software=material.software,
            pages=pages,
            exhibits=exhibits,
            files=tuple(packed_file(each.name, each.what, each.content) for each in files),
        )
    )
    signed = {MANIFEST: manifest, SIGNATURE: seal_manifest(manifest, key)}
    return write_archive({**{each.name: each.content for each in files}, **signed})


def _write_down(session: Session, material: Material, reason: str, now: datetime) -> int:
    """Write the making into the audit log and the case; which pack of the case it is, from 1."""
    case, officer = material.case.summary, material.officer
    audit.record(
        session,
        officer.authority,
        who=f"user:{officer.user_id}",
        action=_MADE,
        subject=f"case:{case.case_id}",
        reason=reason,
        now=now,
    )
    if case.state is CaseState.CHARGE_APPROVED:
        advance(
            session,
            officer.authority,
            case.case_id,
            Event.MAKE_PACK,
            by=WHO,
            reason="the pack was made",
            now=now,
        )
    # Counted after the entry, which waits for those of others, so that no two packs get one number.
    made = select(func.count()).where(
        AuditRow.authority == officer.authority,
        AuditRow.action == _MADE,
        AuditRow.subject == f"case:{case.case_id}",
    )
    return session.scalars(made).one()
