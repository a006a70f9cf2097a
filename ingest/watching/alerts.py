"""What somebody has to be told: opened once, changed while it lasts, closed when it is over.

The conditions are reckoned anew each time; the rows remember since when they stand and who knows of them.
An alert that was accepted is quiet until its figure grows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ingest.database.inserts import insert_into
from ingest.errors import NotFound
from ingest.tables import ALERTS

_ROWS = ALERTS.c
_LONGEST_TEXT = 600


@dataclass(frozen=True)
class Condition:
    """Something that is wrong now. `subject` tells apart several of one kind and unit; `figure` counts."""

    authority: str
    agent_id: str
    kind: str
    subject: str
    figure: int
    text: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same condition as before."""
        return self.authority, self.agent_id, self.kind, self.subject


@dataclass(frozen=True)
class Alert:
    """A condition that stands, since when, and whether a person has accepted it."""

    alert_id: int
    condition: Condition
    opened_at: datetime
    accepted_at: datetime | None
    accepted_why: str | None


@dataclass(frozen=True)
class Changes:
    """What has begun and what is over."""

    opened: tuple[Condition, ...]
    closed: tuple[Condition, ...]


def tell_conditions(session: Session, standing: Collection[Condition], now: datetime) -> Changes:
    """Make the open alerts be exactly the standing conditions; what has begun and what is over."""
    open_now = {alert.condition.key: alert for alert in open_alerts(session)}
    wanted = {condition.key: condition for condition in standing}
    opened = tuple(condition for key, condition in wanted.items() if key not in open_now)
    closed = tuple(alert for key, alert in open_now.items() if key not in wanted)
    if opened:
        rows = [_row(condition, now) for condition in opened]
        session.execute(insert_into(session, ALERTS).on_conflict_do_nothing(), rows)
    if closed:
        ids = [alert.alert_id for alert in closed]
        session.execute(update(ALERTS).where(_ROWS.alert_id.in_(ids)).values(closed_at=now))
    for key, condition in wanted.items():
        before = open_now.get(key)
        if before is not None and before.condition != condition:
            _change(session, before, condition)
    return Changes(opened, tuple(alert.condition for alert in closed))


def open_alerts(session: Session, authority: str | None = None) -> list[Alert]:
    """The alerts that stand, of one authority or of all, oldest first."""
    query = select(ALERTS).where(_ROWS.closed_at.is_(None))
    if authority is not None:
        query = query.where(_ROWS.authority == authority)
    found = []
    for row in session.execute(query.order_by(_ROWS.opened_at, _ROWS.alert_id)):
        condition = Condition(row.authority, row.agent_id, row.kind, row.subject, row.figure, row.text)
        found.append(Alert(row.alert_id, condition, row.opened_at, row.accepted_at, row.accepted_why))
    return found


def accept_alert(session: Session, alert_id: int, why: str, now: datetime) -> None:
    """Note that a person knows of an alert and why it may stand. Raises NotFound."""
    accepted = session.execute(
        update(ALERTS)
        .where(_ROWS.alert_id == alert_id, _ROWS.closed_at.is_(None))
        .values(accepted_at=now, accepted_why=why[:300])
        .returning(_ROWS.alert_id)
    ).all()
    if not accepted:
        raise NotFound(f"no alert {alert_id} is open; see 'hgv-ingest alerts list'")


def _row(condition: Condition, now: datetime) -> dict[str, object]:
    return {
        "authority": condition.authority,
        "agent_id": condition.agent_id,
        "kind": condition.kind,
        "subject": condition.subject,
        "figure": condition.figure,
        "text": condition.text[:_LONGEST_TEXT],
        "opened_at": now,
    }


def _change(session: Session, before: Alert, condition: Condition) -> None:
    values: dict[str, object] = {"figure": condition.figure, "text": condition.text[:_LONGEST_TEXT]}
    if condition.figure > before.condition.figure:
        values |= {"accepted_at": None, "accepted_why": None}
    session.execute(update(ALERTS).where(_ROWS.alert_id == before.alert_id).values(values))
