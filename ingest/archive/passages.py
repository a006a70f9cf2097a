"""Reading stored passages, and deleting them so that a late redelivery does not bring them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, and_, delete, select, update
from sqlalchemy.orm import Session

from config.wire import Passage
from ingest.archive.envelopes import message_in
from ingest.database.deletion import hold_off_storing
from ingest.database.inserts import insert_into
from ingest.errors import NotFound
from ingest.tables import EVIDENCE, EVIDENCE_REFERENCES, PAIRING_DUE, PASSAGES, TOMBSTONES, TRANSITS
from ingest.values import EvidenceRecord, PassageRecord

_AT_ONCE = 500


def passage(session: Session, authority: str, passage_id: str) -> PassageRecord:
    """One passage. Raises NotFound."""
    found = _records(session, authority, select(PASSAGES).where(PASSAGES.c.passage_id == passage_id))
    if not found:
        raise NotFound(f"no passage {passage_id} is stored for {authority}; it may have been deleted")
    return found[0]


def passages(session: Session, authority: str, *, since: datetime, until: datetime) -> list[PassageRecord]:
    """The passages captured from `since` until before `until`, oldest first."""
    within = and_(PASSAGES.c.captured_at >= since, PASSAGES.c.captured_at < until)
    return _records(session, authority, select(PASSAGES).where(within))


def delete_passages(
    session: Session, authority: str, passage_ids: Iterable[str], now: datetime, why: str
) -> int:
    """Delete passages and what names them, leaving a tombstone of each id; how many were there.

    Transits that rest on a deleted passage are withdrawn. Pictures that nothing names any more go with the
    next `delete_unnamed_evidence`.
    """
    return sum(
        _delete(session, authority, ids, now, why) for ids in _chunks(sorted(set(passage_ids)), _AT_ONCE)
    )


def _delete(session: Session, authority: str, ids: Sequence[str], now: datetime, why: str) -> int:
    hold_off_storing(session)
    stored = session.scalars(
        select(PASSAGES.c.passage_id).where(PASSAGES.c.authority == authority, PASSAGES.c.passage_id.in_(ids))
    ).all()
    if not stored:
        return 0
    graves = [
        {"authority": authority, "passage_id": passage_id, "deleted_at": now, "why": why[:300]}
        for passage_id in stored
    ]
    session.execute(insert_into(session, TOMBSTONES).on_conflict_do_nothing(), graves)
    for table in (PASSAGES, EVIDENCE_REFERENCES, PAIRING_DUE):
        session.execute(delete(table).where(table.c.authority == authority, table.c.passage_id.in_(stored)))
    for column in (TRANSITS.c.entry_passage_id, TRANSITS.c.exit_passage_id):
        session.execute(
            update(TRANSITS)
            .where(TRANSITS.c.authority == authority, column.in_(stored), TRANSITS.c.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )
    return len(stored)


def _records(session: Session, authority: str, query: Any) -> list[PassageRecord]:
    rows = session.execute(
        query.where(PASSAGES.c.authority == authority).order_by(PASSAGES.c.captured_at, PASSAGES.c.passage_id)
    ).all()
    pictures = _evidence_of(session, authority, [row.passage_id for row in rows])
    return [_record(row, tuple(pictures.get(row.passage_id, ()))) for row in rows]


def _evidence_of(session: Session, authority: str, ids: Sequence[str]) -> dict[str, list[EvidenceRecord]]:
    references, held = EVIDENCE_REFERENCES.c, EVIDENCE.c
    found: dict[str, list[EvidenceRecord]] = {}
    for some in _chunks(ids, _AT_ONCE):
        query = (
            select(EVIDENCE_REFERENCES, held.state)
            .join(EVIDENCE, and_(held.authority == references.authority, held.sha256 == references.sha256))
            .where(references.authority == authority, references.passage_id.in_(some))
            .order_by(references.kind, references.sha256)
        )
        for row in session.execute(query):
            found.setdefault(row.passage_id, []).append(
                EvidenceRecord(row.sha256, row.kind, row.state, row.size_bytes, row.width_px, row.height_px)
            )
    return found


def _record(row: Row[Any], evidence: tuple[EvidenceRecord, ...]) -> PassageRecord:
    signed = message_in(row.raw, Passage)
    plate, deployment = signed.plate, signed.deployment
    return PassageRecord(
        passage_id=signed.passage_id,
        authority=row.authority,
        agent_id=signed.agent_id,
        camera_id=signed.camera_id,
        site_id=signed.site_id,
        site_version=signed.site_version,
        source=signed.source,
        captured_at=row.captured_at,
        first_seen=signed.first_seen,
        last_seen=signed.last_seen,
        received_at=row.received_at,
        direction=signed.direction,
        lane=signed.lane,
        vrm=row.vrm,
        read_confidence=plate.confidence if plate else None,
        looks=plate.looks if plate else None,
        plate_reason=signed.plate_reason,
        raw_reads=tuple(msgspec.to_builtins(read) for read in signed.raw_reads),
        vehicle_class=signed.vehicle.class_,
        hgv=signed.vehicle.hgv,
        trailer=signed.vehicle.trailer,
        box=signed.vehicle.box,
        latitude=signed.position.latitude,
        longitude=signed.position.longitude,
        deployment_id=deployment.deployment_id if deployment else None,
        deployment_started_at=row.deployment_started_at,
        deployment_ended_at=row.deployment_ended_at,
        clock_source=signed.clock.source,
        clock_offset_s=signed.clock.offset_s,
        clock_error_s=signed.clock.error_bound_s,
        clock_ok=row.clock_ok and not row.clock_doubted,
        software=signed.software,
        models=dict(signed.models),
        evidence=evidence,
    )


def _chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
