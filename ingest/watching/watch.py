"""The regular look at what is wrong: alerts opened and closed, and shown."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ingest.database.opening import reading
from ingest.evidence.rows import awaited_evidence
from ingest.heartbeats.states import unit_states
from ingest.pairing.clock_doubt import doubt_again
from ingest.watching.alerts import open_alerts, tell_conditions
from ingest.watching.conditions import standing_conditions
from ingest.watching.standing import Standing, View

# Far longer than any two ingesters take to see each other's commits.
_LATELY = timedelta(minutes=2)

_log = structlog.get_logger()


def watch(engine: Engine, standing: Standing, now: datetime) -> None:
    """Look at everything once, say what has begun and what is over, and show what stands."""
    with Session(reading(engine)) as session:
        units = unit_states(session)
        conditions = standing_conditions(session, units, now)
        evidence = awaited_evidence(session)
    with Session(engine) as session, session.begin():
        doubt_again(session, now - _LATELY, now)
        changes = tell_conditions(session, conditions, now)
        alerts = open_alerts(session)
    for condition in changes.opened:
        _log.error("alert", unit=condition.agent_id, kind=condition.kind, what=condition.text)
    for condition in changes.closed:
        _log.info("alert_over", unit=condition.agent_id, kind=condition.kind)
    standing.show(View(units, alerts, evidence))
