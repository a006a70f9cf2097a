"""Reads what a pack is made from. Every picture, signature and letter is checked on the way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import metadata
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.errors import WireError
from config.link import load_public_key
from config.sites import Site
from config.vrm import confusable_distance
from config.wire import Passage, decode, open_envelope, peek_header
from enforcement.cases.values import CaseFile, Letter
from enforcement.letters.proof import proofs
from enforcement.packs.audit_extract import audit_extract
from enforcement.packs.errors import PackRefused
from enforcement.packs.fitness import fit_case
from enforcement.packs.material import Material, OtherCase, PassageMaterial, SentLetter, Unused
from enforcement.packs.witness import witness
from enforcement.policy import Letterhead
from enforcement.register.keeper_records import keeper_of
from enforcement.tables import CaseRow
from ingest import records

KINDS = ("overview", "plate")

_HALF_AN_HOUR = timedelta(minutes=30)
_A_YEAR = timedelta(days=366)
_ALIKE = 1.0


@dataclass(frozen=True)
class Sources:
    """Where a pack's parts lie."""

    authority: str
    letterhead: Letterhead
    evidence_dir: Path
    data_dir: Path


def gather(session: Session, sources: Sources, case_id: int, *, officer: str, now: datetime) -> Material:
    """All of a case's pack. Raises CaseNotFound, ChainBroken, and PackRefused in plain words."""
    case = fit_case(session, sources.authority, case_id, now)
    return Material(
        case=case,
        officer=witness(session, sources.authority, officer),
        letterhead=sources.letterhead,
        entry=_passage(session, sources, case.entry, "in"),
        exit=_passage(session, sources, case.exit, "out"),
        keeper=keeper_of(session, sources.authority, case.summary.vrm, case.summary.offence_at),
        letters=tuple(_letter(session, sources, letter) for letter in case.letters),
        audit=audit_extract(
            session, sources.authority, case_id, [letter.letter_id for letter in case.letters]
        ),
        unused=_unused(session, sources.authority, case, now),
        made_at=now.replace(microsecond=0),
        software=f"hgvwatch {metadata.version('hgvwatch')}",
    )


def _passage(session: Session, sources: Sources, record: records.PassageRecord, way: str) -> PassageMaterial:
    authority, at = record.authority, record.captured_at
    raw = records.signed_passage(session, authority, record.passage_id)
    key, message = _signed(session, record, raw, way)
    uptime_s = records.site_uptime(session, authority, since=at - _HALF_AN_HOUR, until=at + _HALF_AN_HOUR)
    return PassageMaterial(
        record=record,
        message=message,
        envelope=raw,
        key=key,
        site=_site(session, record),
        pictures=_pictures(sources.evidence_dir, record, way),
        clock=tuple(records.clock_records(session, authority, record.agent_id, record.camera_id, at)),
        seeing_s=uptime_s.get(record.site_id, 0.0),
    )


def _signed(
    session: Session, record: records.PassageRecord, raw: bytes, way: str
) -> tuple[records.AgentKey, Passage]:
    """The unit's key and what it signed, checked anew. Raises PackRefused."""
    keys = {key.key_id: key for key in records.agent_keys(session, record.authority)}
    try:
        key = keys.get(peek_header(raw).kid)
        if key is None:
            raise PackRefused(f"the key that signed the passage on the way {way} is not enrolled; ask why")
        public_key = load_public_key(key.public_jwk)[1]
        envelope = open_envelope(raw, lambda _: public_key)
        return key, decode(envelope.payload, Passage)
    except WireError as error:
        raise PackRefused(f"the passage on the way {way} is not what its unit signed: {error}") from error


def _site(session: Session, record: records.PassageRecord) -> Site:
    for site in records.sites(session, record.authority):
        if (site.site_id, site.site_version) == (record.site_id, record.site_version):
            return site
    raise PackRefused(
        f"version {record.site_version} of site {record.site_id} is not stored; import it again"
    )


def _pictures(evidence_dir: Path, record: records.PassageRecord, way: str) -> dict[str, bytes]:
    """Overview and plate, each with the hash that the camera made of it. Raises PackRefused."""
    hashes = {picture.kind: picture.sha256 for picture in record.evidence}
    found: dict[str, bytes] = {}
    for kind in KINDS:
        if kind not in hashes:
            raise PackRefused(f"there is no {kind} picture of the passage on the way {way}")
        try:
            found[kind] = records.evidence_bytes(evidence_dir, hashes[kind])
        except records.EvidenceError as error:
            raise PackRefused(f"the {kind} picture of the passage on the way {way}: {error}") from error
    return found


def _letter(session: Session, sources: Sources, letter: Letter) -> SentLetter:
    try:
        pdf = (sources.data_dir / letter.pdf_path).read_bytes()
    except OSError as error:
        raise PackRefused(f"letter {letter.letter_id} cannot be read: {error.strerror}") from error
    if hashlib.sha256(pdf).hexdigest() != letter.pdf_sha256:
        raise PackRefused(
            f"letter {letter.letter_id} was changed after it was made; restore it from the backup"
        )
    return SentLetter(letter, pdf, proofs(session, sources.authority, letter.letter_id))


def _unused(session: Session, authority: str, case: CaseFile, now: datetime) -> Unused:
    own = (case.entry.passage_id, case.exit.passage_id)
    vrm, since, until = case.summary.vrm, case.entry.captured_at, case.exit.captured_at
    sightings = records.seen_vehicle(session, authority, vrm, since=since - _A_YEAR, until=now)
    others = [
        seen
        for seen in records.seen_vehicles(session, authority, since=since, until=until)
        if seen.passage_id not in own and seen.vrm != vrm
    ]
    return Unused(
        sightings=tuple(seen for seen in sightings if seen.passage_id not in own),
        cases=_other_cases(session, authority, case),
        others_read=len(others),
        others_alike=sum(confusable_distance(seen.vrm, vrm) <= _ALIKE for seen in others),
    )


def _other_cases(session: Session, authority: str, case: CaseFile) -> tuple[OtherCase, ...]:
    rows = session.scalars(
        select(CaseRow)
        .where(
            CaseRow.authority == authority,
            CaseRow.vrm == case.summary.vrm,
            CaseRow.case_id != case.summary.case_id,
        )
        .order_by(CaseRow.offence_at, CaseRow.case_id)
    )
    return tuple(OtherCase(row.case_id, row.offence_at, row.state) for row in rows)
