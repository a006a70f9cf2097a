"""What `hgv-ingest status` says to a person."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Engine, func, select
from sqlalchemy import Table as Rows
from sqlalchemy.orm import Session

from ingest.database.opening import reading
from ingest.heartbeats.states import UnitState, unit_states
from ingest.storing.quarantine import quarantine_counts
from ingest.storing.sequences import missing_seqs
from ingest.tables import CAMERA_HEARTBEATS, EVIDENCE, PAIRING_DUE, PASSAGES, TRAFFIC, TRANSITS
from ingest.watching.alerts import open_alerts


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
        alerts = open_alerts(session)
        accepted = sum(alert.accepted_at is not None for alert in alerts)
        table.add_row("alerts open, and accepted", f"{len(alerts) - accepted}, {accepted}")
        console.print(table)
        console.print(_units(session, now))
        console.print(_cameras(session))


def _by_column(session: Session, rows: Rows, name: str) -> list[tuple[str, int]]:
    column = rows.c[name]
    query = select(column, func.count()).group_by(column).order_by(column)
    return [(value, int(count)) for value, count in session.execute(query)]


def _units(session: Session, now: datetime) -> Table:
    table = Table(
        "unit", "state", "heard", "waiting in its outbox", "clock", title=f"at {now:%Y-%m-%d %H:%M} UTC"
    )
    for unit in unit_states(session):
        heard = f"{unit.heard_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(unit.agent_id, unit.state, heard, str(unit.depth), _clock(unit))
    return table


def _clock(unit: UnitState) -> str:
    """What the unit says of its clock, and what the centre sees of it."""
    within_s = unit.clock_within_s
    says = "unknown" if within_s is None else f"within {within_s:.3f} s"
    if unit.bounds is None:
        return says
    most = "?" if unit.bounds.most_s is None else f"{unit.bounds.most_s:+.3f} s"
    return f"{says}{', bad' if unit.clock_bad else ''}; ahead by {unit.bounds.least_s:+.3f} s to {most}"


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
