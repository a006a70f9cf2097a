"""Heartbeats that nothing rests on are forgotten after two months; whatever tells of trouble stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.wire import ClockState
from ingest.heartbeats.old import OldHeartbeats
from ingest.storing.commit import Committer
from ingest.tables import CAMERA_HEARTBEATS, HEARTBEATS
from tests.ingest.units import NOON, Unit, health, passage

TWO_MONTHS_S = 62 * 24 * 3600.0
SAME_DAY, TWO_MONTHS_LATER = NOON + timedelta(hours=3), NOON + timedelta(days=62, hours=2)


def forget_all(engine: Engine, now: datetime) -> int:
    """As many steps as a working ingester takes in some minutes."""
    walker, gone = OldHeartbeats(), 0
    for _ in range(9):
        with Session(engine) as session, session.begin():
            gone += walker.forget_some(session, now)
    return gone


def left(engine: Engine) -> list[float]:
    """When the heartbeats were sent that are there, in seconds after noon."""
    with Session(engine) as session:
        told = list(session.scalars(select(HEARTBEATS.c.sent_at).order_by(HEARTBEATS.c.sent_at)))
        cameras = list(
            session.scalars(select(CAMERA_HEARTBEATS.c.sent_at).order_by(CAMERA_HEARTBEATS.c.sent_at))
        )
    assert cameras == told, "a heartbeat and what it said of its camera go together"
    return [(at - NOON).total_seconds() for at in told]


def test_plain_ones_go_after_two_months_and_the_last_stays(engine: Engine, committer: Committer) -> None:
    unit, silent = Unit().enrol(engine), Unit("unit-2").enrol(engine)
    for after_s in (0, 600, 1800):
        committer.commit([unit.delivers(health(after_s=after_s), after_s=after_s)])
    committer.commit([silent.delivers(health(agent_id="unit-2", after_s=60), after_s=60)])
    assert forget_all(engine, SAME_DAY) == 0
    assert forget_all(engine, TWO_MONTHS_LATER) == 2
    assert left(engine) == [60, 1800], "of each unit the last"


def test_what_tells_of_trouble_stays(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    bad_clock = ClockState(source="chrony", offset_s=30.0, error_bound_s=0.1)
    told = [
        health(after_s=10, clock=bad_clock),
        health(after_s=20, faulty_after_s=15, state="faulty"),
        health(after_s=30, storage="full"),
        health(after_s=40, unit_state="stopping"),
        health(after_s=50),
        health(after_s=TWO_MONTHS_S),
    ]
    for beat in told:
        at_s = (beat.sent_at - NOON).total_seconds()
        committer.commit([unit.delivers(beat, after_s=at_s)])
    assert forget_all(engine, TWO_MONTHS_LATER) == 1
    assert left(engine) == [10, 20, 30, 40, TWO_MONTHS_S]


def test_the_clock_record_of_a_stored_passage_stays(engine: Engine, committer: Committer) -> None:
    unit, other = Unit().enrol(engine), Unit("unit-2").enrol(engine)
    seen_s = 600.0
    for after_s in (300, 479, 480, 720, 721, TWO_MONTHS_S):
        committer.commit([unit.delivers(health(after_s=after_s), after_s=after_s)])
        committer.commit([other.delivers(health(agent_id="unit-2", after_s=after_s), after_s=after_s)])
    committer.commit([unit.delivers(passage("one", after_s=seen_s), 1)])
    assert forget_all(engine, TWO_MONTHS_LATER) == 3 + 5
    assert left(engine) == [480, 720, TWO_MONTHS_S, TWO_MONTHS_S]
