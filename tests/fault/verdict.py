"""Sent against stored: what is missing, double, wrongly or not quarantined, and which evidence is lacking."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from config.wire import Passage, decode
from ingest.database.opening import open_database, reading
from ingest.errors import EvidenceError
from ingest.evidence.store import evidence_bytes
from ingest.tables import EVIDENCE, GAPS, OUTBOXES, PASSAGES, QUARANTINE, TRAFFIC
from tests.fault.envelopes import payload_in
from tests.fault.sent import Sent

_FORGED_OUTBOX = "f" * 32


@dataclass
class Verdict:
    """What one round came to. Every list must be empty."""

    passages: int = 0
    pictures_held: int = 0
    pictures_lost_and_told: int = 0
    quarantined: int = 0
    missing: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    not_sent: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    not_quarantined: list[str] = field(default_factory=list)
    wrongly_quarantined: list[str] = field(default_factory=list)
    evidence_missing: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def expect(self, passages: int) -> None:
        """Have it noted where the outboxes took fewer passages than there were vehicles."""
        if self.passages < passages:
            self.trouble.append(f"only {self.passages} of {passages} passages were ever taken")

    def details(self) -> Iterator[tuple[str, str]]:
        """The first few of each fault, for a person."""
        for name, value in vars(self).items():
            if isinstance(value, list):
                yield from ((name, found) for found in value[:10])

    def faults(self) -> dict[str, int]:
        """How many of each fault there are, without those of which there are none."""
        lists = {name: value for name, value in vars(self).items() if isinstance(value, list)}
        return {name: len(found) for name, found in lists.items() if found}


def judge(
    database_url: str,
    evidence_dir: Path,
    sent: Iterable[Sent],
    corrupted: set[tuple[str, str]],
    trouble: Iterable[str] = (),
) -> Verdict:
    """Compare, once nothing writes any more. `trouble` is what went wrong on the way."""
    verdict = Verdict(trouble=list(trouble))
    engine = open_database(database_url)
    everything = list(sent)
    passages = [each for each in everything if each.kind == "passage"]
    verdict.passages = len(passages)
    with Session(reading(engine)) as session:
        _compare(session, PASSAGES, "passage_id", passages, verdict)
        traffic = [each for each in everything if each.kind == "traffic"]
        _compare(session, TRAFFIC, "traffic_id", traffic, verdict)
        _look_for_doubles(session, verdict)
        _compare_quarantine(session, corrupted, verdict)
        _compare_evidence(session, evidence_dir, passages, verdict)
        _look_for_gaps(session, verdict)
    engine.dispose()
    return verdict


def quarantined(database_url: str) -> set[tuple[str, str]]:
    """Topic and hash of all that lies in quarantine."""
    engine = open_database(database_url)
    with Session(reading(engine)) as session:
        rows = session.execute(select(QUARANTINE.c.topic, QUARANTINE.c.bytes_sha256)).all()
    engine.dispose()
    return {(topic, sha256) for topic, sha256 in rows}


def stored_rows(database_url: str) -> int:
    """How many passages and pictures the centre has by now."""
    engine = open_database(database_url)
    with Session(reading(engine)) as session:
        passages = session.scalar(select(func.count()).select_from(PASSAGES)) or 0
        held = select(func.count()).select_from(EVIDENCE).where(EVIDENCE.c.state == "held")
        found = passages + (session.scalar(held) or 0)
    engine.dispose()
    return found


def _compare(session: Session, table: Table, id_name: str, sent: list[Sent], verdict: Verdict) -> None:
    rows = session.execute(select(table.c[id_name], table.c.payload_sha256, table.c.raw)).all()
    stored = {message_id: sha256 for message_id, sha256, _ in rows}
    told = Counter(each.message_id for each in sent)
    verdict.missing += [each.message_id for each in sent if each.message_id not in stored]
    verdict.altered += [
        each.message_id
        for each in sent
        if stored.get(each.message_id, each.payload_sha256) != each.payload_sha256
    ]
    verdict.altered += [message_id for message_id, sha256, raw in rows if _payload_sha256(raw) != sha256]
    verdict.not_sent += [message_id for message_id in stored if message_id not in told]
    verdict.duplicated += [message_id for message_id, _, _ in rows if told[message_id] > 1]


def _look_for_doubles(session: Session, verdict: Verdict) -> None:
    """The same vehicle under two ids: a unit numbers its vehicles by their frames here."""
    vehicles: Counter[tuple[str, int]] = Counter()
    for (raw,) in session.execute(select(PASSAGES.c.raw)):
        seen = decode(payload_in(raw), Passage)
        vehicles[seen.agent_id, seen.frame_number] += 1
    verdict.duplicated += [f"{unit} {number}" for (unit, number), times in vehicles.items() if times > 1]


def _compare_quarantine(session: Session, corrupted: set[tuple[str, str]], verdict: Verdict) -> None:
    rows = session.execute(select(QUARANTINE.c.topic, QUARANTINE.c.bytes_sha256, QUARANTINE.c.code)).all()
    codes = {(topic, sha256): code for topic, sha256, code in rows}
    verdict.quarantined = len(codes)
    verdict.not_quarantined += [topic for topic, sha256 in corrupted if (topic, sha256) not in codes]
    verdict.wrongly_quarantined += [f"{code} {key[0]}" for key, code in codes.items() if key not in corrupted]


def _compare_evidence(session: Session, evidence_dir: Path, sent: list[Sent], verdict: Verdict) -> None:
    found = session.execute(select(EVIDENCE.c.sha256, EVIDENCE.c.state)).all()
    states = {row.sha256: row.state for row in found}
    for sha256 in (sha256 for each in sent for sha256 in each.pictures):
        if states.get(sha256) == "lost":
            verdict.pictures_lost_and_told += 1
            continue
        try:
            evidence_bytes(evidence_dir, sha256)
        except EvidenceError as error:
            verdict.evidence_missing.append(str(error))
            continue
        if states.get(sha256) == "held":
            verdict.pictures_held += 1
        else:
            verdict.evidence_missing.append(f"{sha256} is on the disk, but {states.get(sha256)}")


def _look_for_gaps(session: Session, verdict: Verdict) -> None:
    for gap in session.execute(select(GAPS).where(GAPS.c.outbox_id != _FORGED_OUTBOX)):
        verdict.gaps.append(f"{gap.agent_id} {gap.first_seq} to {gap.last_seq}")
    short = select(OUTBOXES).where(OUTBOXES.c.promised_seq > OUTBOXES.c.highest_seq)
    for row in session.execute(short):
        verdict.gaps.append(f"{row.agent_id} promised {row.promised_seq}, {row.highest_seq} came")


def _payload_sha256(raw: bytes) -> str:
    return hashlib.sha256(payload_in(raw)).hexdigest()
