"""What `hgv-ingest status` says to a person."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Engine, func, select
from sqlalchemy import Table as Rows
from sqlalchemy.orm import Session

from ingest.database import reading
from ingest.quarantine import quarantine_counts
from ingest.sequences import missing_seqs
from ingest.tables import CAMERA_HEARTBEATS, EVIDENCE, HEARTBEATS, PAIRING_DUE, PASSAGES, TRAFFIC, TRANSITS


def tell_status(engine: Engine, now: datetime, console: Console) -> None:
    """Print how much is stored, what is missing, when each unit was heard last and what its cameras said."""
    with Session(reading(engine)) as session:
        table = Table("what", "how many")
        for name, rows in (
            ("passages", PASSAGES),
            ("minutes of traffic", TRAFFIC),
            ("passages to be paired", PAIRING_DUE),
        ):
            table.add_row(name, str(session.scalar(select(func.count()).select_from(rows))))
        for name, count in _by_column(session, EVIDENCE, "state"):
            table.add_row(f"pictures {name}", str(count))
        for name, count in _by_column(session, TRANSITS, "conclusion"):
            table.add_row(f"transits {name}", str(count))
        for code, count in sorted(quarantine_counts(session).items()):
            table.add_row(f"quarantined: {code}", str(count))
        for key, count in missing_seqs(session, noticed_before=now).items():
            table.add_row(f"missing from {key.agent_id}, outbox {key.outbox_id[:8]}", str(count))
        console.print(table)
        console.print(_units(session, now))
        console.print(_cameras(session))


def _by_column(session: Session, rows: Rows, name: str) -> list[tuple[str, int]]:
    column = rows.c[name]
    query = select(column, func.count()).group_by(column).order_by(column)
    return [(value, int(count)) for value, count in session.execute(query)]


def _units(session: Session, now: datetime) -> Table:
    rows = HEARTBEATS.c
    table = Table(
        "unit", "state", "heard", "waiting in its outbox", "clock", title=f"at {now:%Y-%m-%d %H:%M} UTC"
    )
    newest = select(func.max(rows.heartbeat_id)).group_by(rows.authority, rows.agent_id)
    for row in session.execute(
        select(HEARTBEATS).where(rows.heartbeat_id.in_(newest)).order_by(rows.agent_id)
    ):
        offset = "unknown" if row.clock_offset_s is None else f"{row.clock_offset_s:+.3f} s"
        heard = f"{row.received_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(row.agent_id, row.state, heard, str(row.depth), f"{offset} ({row.clock_source})")
    return table


def _cameras(session: Session) -> Table:
    rows = CAMERA_HEARTBEATS.c
    table = Table("camera", "unit", "state", "since", "what is wrong")
    newest = select(func.max(rows.heartbeat_id)).group_by(rows.authority, rows.agent_id, rows.camera_id)
    query = select(CAMERA_HEARTBEATS).where(rows.heartbeat_id.in_(newest)).order_by(rows.camera_id)
    for row in session.execute(query):
        since = f"{row.faulty_since:%Y-%m-%d %H:%M:%S}" if row.faulty_since else ""
        state = row.state if row.fault is None else f"{row.state}: {row.fault}"
        table.add_row(row.camera_id, row.agent_id, state, since, escape(row.reason or ""))
    return table
