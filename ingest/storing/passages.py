"""Passages into the database: the row, the pictures it names, and its turn to be paired."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from config.wire import Passage
from ingest.database.deletion import hold_off_deletion
from ingest.database.inserts import Key, insert_new
from ingest.database.lookups import rows_by_key
from ingest.heartbeats.clocks import furthest_off_s, is_clock_ok
from ingest.intake.arrivals import Signed
from ingest.intake.mark import mark_of
from ingest.intake.outcome import Outcome
from ingest.storing.cameras import note_cameras
from ingest.storing.losses import lose_if_lost
from ingest.storing.once import payload_sha256, store_once
from ingest.tables import EVIDENCE, EVIDENCE_REFERENCES, PAIRING_DUE, PASSAGES, TOMBSTONES

_Row = dict[str, Any]
_PASSAGE = ("authority", "passage_id")
_PICTURE = ("authority", "sha256")


def store_passages(
    session: Session,
    arrived: Sequence[tuple[Signed, Passage]],
    tolerance_s: float,
    now: datetime,
    outcome: Outcome,
) -> None:
    """Store each passage once and answer all of them; deleted ones stay deleted."""
    hold_off_deletion(session)
    graves = _graves(session, [passage for _, passage in arrived])
    for signed, passage in arrived:
        if (passage.authority, passage.passage_id) in graves:
            outcome.accept(signed, "deleted")
    candidates = [
        (signed, _row(signed, passage, tolerance_s))
        for signed, passage in arrived
        if (passage.authority, passage.passage_id) not in graves
    ]
    new = store_once(session, PASSAGES, "passage_id", candidates, outcome)
    first_named: set[Key] = set()
    if new:
        sent = {id(signed): passage for signed, passage in arrived}
        first_named = _name_evidence(session, [(row, sent[id(signed)]) for signed, row in new])
        _queue_pairing(session, [row for _, row in new])
        note_cameras(session, [row for _, row in new], now)
    _tell_held(session, arrived, first_named, outcome)


def _graves(session: Session, passages: Sequence[Passage]) -> set[tuple[str, str]]:
    ids = {(passage.authority, passage.passage_id) for passage in passages}
    return {tuple(row) for row in rows_by_key(session, TOMBSTONES, _PASSAGE, ids, _PASSAGE)}


def _row(signed: Signed, passage: Passage, tolerance_s: float) -> _Row:
    off_s = furthest_off_s(passage.clock, passage.source)
    deployment = passage.deployment
    return {
        "authority": passage.authority,
        "passage_id": passage.passage_id,
        "agent_id": passage.agent_id,
        "camera_id": passage.camera_id,
        "site_id": passage.site_id,
        "site_version": passage.site_version,
        "source": passage.source,
        "captured_at": passage.captured_at,
        "received_at": signed.arrival.received_at,
        "direction": passage.direction,
        "vrm": mark_of(passage),
        "latitude": passage.position.latitude,
        "longitude": passage.position.longitude,
        "deployment_started_at": deployment.started_at if deployment else None,
        "deployment_ended_at": deployment.ended_at if deployment else None,
        "clock_within_s": off_s,
        "clock_ok": is_clock_ok(passage.clock, off_s, tolerance_s),
        "outbox_id": signed.sender.outbox_id,
        "seq": signed.sender.seq,
        "payload_sha256": payload_sha256(signed),
        "raw": signed.envelope.raw,
    }


def _name_evidence(session: Session, new: Sequence[tuple[_Row, Passage]]) -> set[Key]:
    """Write down which pictures the passages name; those that nothing named before, by authority and hash."""
    references: list[_Row] = []
    awaited: list[_Row] = []
    for row, passage in new:
        for picture in passage.evidence:
            references.append(
                {
                    "authority": row["authority"],
                    "passage_id": row["passage_id"],
                    **msgspec.structs.asdict(picture),
                }
            )
            awaited.append(
                {
                    "authority": row["authority"],
                    "sha256": picture.sha256,
                    "agent_id": row["agent_id"],
                    "outbox_id": row["outbox_id"],
                    "state": "awaited",
                    "named_at": row["received_at"],
                }
            )
    insert_new(session, EVIDENCE_REFERENCES, references)
    first_named = insert_new(session, EVIDENCE, awaited, _PICTURE)
    lose_if_lost(session, ((row["authority"], row["agent_id"], row["sha256"]) for row in awaited))
    return first_named


def _queue_pairing(session: Session, rows: Sequence[_Row]) -> None:
    names = ("authority", "passage_id", "vrm", "captured_at")
    due = [
        {**{name: row[name] for name in names}, "due_at": row["received_at"]} for row in rows if row["vrm"]
    ]
    insert_new(session, PAIRING_DUE, due)


def _tell_held(
    session: Session,
    arrived: Sequence[tuple[Signed, Passage]],
    first_named: Container[Key],
    outcome: Outcome,
) -> None:
    """Tell the units which pictures of these passages need not come (again)."""
    named = {
        (passage.authority, picture.sha256): signed.sender
        for signed, passage in arrived
        for picture in passage.evidence
        if (passage.authority, picture.sha256) not in first_named
    }
    for authority, sha256, state in rows_by_key(session, EVIDENCE, _PICTURE, named, (*_PICTURE, "state")):
        if state == "held":
            sender = named[authority, sha256]
            outcome.held.append((sender.agent_id, sender.outbox_id, sha256))
