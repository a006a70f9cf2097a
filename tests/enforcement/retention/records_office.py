"""What the tests of retention count, plant and read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from config.vrm import spaced
from enforcement.retention.plan import Portion, Room
from enforcement.tables import AuditRow, Base
from ingest import tables
from ingest.evidence.store import evidence_path
from ingest.records import TransitRecord

COUNTED = ("passages", "transits", "evidence", "evidence_references", "quarantine", "passage_tombstones")


def counts(room: Room) -> dict[str, int]:
    """How many rows each table has that a sweep could touch."""
    named = {name: tables.METADATA.tables[name] for name in COUNTED} | dict(Base.metadata.tables)
    with Session(room.engine) as session:
        return {name: session.scalar(select(func.count()).select_from(named[name])) or 0 for name in named}


def planned(portions: list[Portion]) -> dict[str, int]:
    """How many records go by which rule."""
    return {portion.rule.name: len(portion.keys) for portion in portions}


def put_pictures_on_disk(room: Room) -> list[Path]:
    """A file for every picture that a row says is held."""
    with Session(room.engine) as session:
        paths = [
            evidence_path(room.evidence_dir, sha) for sha in session.scalars(select(tables.EVIDENCE.c.sha256))
        ]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"a picture")
    return paths


def pair_of_two_vehicles(room: Room, live: TransitRecord, exit_id: str, exit_vrm: str) -> None:
    """A pair of a transit's entry and another vehicle's exit, which a later passage withdrew."""
    text = f"Read as {spaced(live.vrm)} going in and as {spaced(exit_vrm)} coming out."
    facts = {"entry_vrm": live.vrm, "exit_vrm": exit_vrm}
    row = {
        "authority": live.authority,
        "transit_id": "0" * 32,
        "order_id": live.order_id,
        "order_version": live.order_version,
        "zone_id": live.zone_id,
        "vrm": live.vrm,
        "exit_vrm": exit_vrm,
        "entry_passage_id": live.entry_passage_id,
        "exit_passage_id": exit_id,
        "conclusion": "close",
        "reasons": [{"code": "close_marks", "text": text, "facts": facts}],
        "elapsed_s": 300.0,
        "started_at": live.started_at,
        "concluded_at": live.concluded_at,
        "withdrawn_at": live.concluded_at,
    }
    with Session(room.engine) as session, session.begin():
        session.execute(insert(tables.TRANSITS), row)


def quarantine(room: Room, raw: bytes, at: datetime, authority: str = "demo") -> None:
    """Put a message aside, as ingest does with what it cannot take."""
    row = {
        "authority": authority,
        "agent_id": "unit-west",
        "bytes_sha256": f"{raw!r}{at}"[:64],
        "topic": "hgv/v1/unit-west/passage",
        "code": "bad",
        "reason": "bad",
        "raw": raw,
        "size_bytes": len(raw),
        "times": 1,
        "first_at": at,
        "last_at": at,
    }
    with Session(room.engine) as session, session.begin():
        session.execute(insert(tables.QUARANTINE), row)


def logged(room: Room, action: str) -> list[AuditRow]:
    """The entries of the audit log for one action, in order."""
    with Session(room.engine) as session:
        query = select(AuditRow).where(AuditRow.authority == "demo", AuditRow.action == action)
        return list(session.scalars(query.order_by(AuditRow.seq)))
