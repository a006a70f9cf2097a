"""What the tests of retention count, plant and read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from enforcement.retention.plan import Portion, Room
from enforcement.tables import AuditRow, Base
from ingest import tables
from ingest.evidence_store import evidence_path

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
