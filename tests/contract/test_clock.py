"""Units' clocks as the centre sees them, and what a bad one does to passages, cameras and transits."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from config.wire import ClockState, Health, Heard
from ingest import records
from ingest.intake.arrivals import Arrival
from ingest.pairing.pairing import Pairing
from ingest.storing.commit import Committer
from ingest.tables import CAMERA_HEARTBEATS, CAMERA_UPTIME, HEARTBEATS, METADATA, PASSAGES
from ingest.watching.standing import Standing
from ingest.watching.watch import watch
from tests.ingest.units import NOON, Unit, committer_on, health, load_pilot, passage

TIGHT = ClockState(source="chrony", offset_s=0.001, error_bound_s=0.004)
LOOSE = ClockState(source="chrony", offset_s=0.5, error_bound_s=10.0)
OWN_DOUBT = ClockState(source="chrony", offset_s=0.0, error_bound_s=0.1, within_tolerance=False)


def beat(
    unit: Unit, true_s: float, ahead_s: float = 0.0, *, clock: ClockState = TIGHT, heard: bool = True
) -> Arrival:
    """A heartbeat sent then by a clock that is `ahead_s` ahead; each way takes a tenth of a second."""
    echo = Heard(sent_at=NOON + timedelta(seconds=true_s - 5.1), held_s=5.0) if heard else None
    message: Health = health(
        agent_id=unit.agent_id,
        camera_id="ashcombe-west",
        after_s=true_s + ahead_s,
        clock=clock,
        heard=echo,
    )
    return unit.delivers(message, after_s=true_s + 0.1)


def clocks(engine: Engine) -> list[tuple[float, float | None, bool]]:
    rows = HEARTBEATS.c
    query = select(rows.clock_least_s, rows.clock_most_s, rows.clock_bad).order_by(rows.received_at)
    with Session(engine) as session:
        return [
            (round(least_s, 3), None if most_s is None else round(most_s, 3), bad)
            for least_s, most_s, bad in session.execute(query)
        ]


@pytest.mark.parametrize(
    ("ahead_s", "heard", "expected"),
    [
        (0.0, True, (-0.1, 0.1, False)),
        (0.9, True, (0.8, 1.0, False)),  # less than the centre's own clock may be off
        (1.2, True, (1.1, 1.3, True)),
        (-1.2, True, (-1.3, -1.1, True)),
        (1.2, False, (1.1, None, True)),
        (-500.0, False, (-500.1, None, False)),  # slow, or long under way: nobody can tell
    ],
)
def test_bounds_of_a_clock_and_whether_they_contradict_the_unit(
    engine: Engine,
    committer: Committer,
    ahead_s: float,
    heard: bool,
    expected: tuple[float, float | None, bool],
) -> None:
    unit = Unit().enrol(engine)
    committer.commit([beat(unit, 100.0, ahead_s, heard=heard)])
    assert clocks(engine) == [expected]


def test_a_heartbeat_that_was_long_under_way_accuses_nobody(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    on_time = beat(unit, 100.0)
    late = Arrival(on_time.topic, on_time.payload, NOON + timedelta(hours=9), mid=1, link=1)
    committer.commit([late])
    assert clocks(engine) == [(-32300.0, 0.1, False)]


@pytest.mark.parametrize(("clock", "bad"), [(TIGHT, False), (LOOSE, True), (OWN_DOUBT, True)])
def test_the_units_own_word_counts_too(
    engine: Engine, committer: Committer, clock: ClockState, bad: bool
) -> None:
    unit = Unit().enrol(engine)
    committer.commit([beat(unit, 0.0, clock=clock)])
    committer.commit([unit.delivers(passage("one", after_s=10.0, clock=clock))])
    assert [bad_ for _, _, bad_ in clocks(engine)] == [bad]
    with Session(engine) as session:
        assert records.passage(session, "demo", passage("one").passage_id).clock_ok is not bad


def test_a_clock_that_nobody_judges_has_nothing_to_be_contradicted(
    engine: Engine, committer: Committer
) -> None:
    unit = Unit().enrol(engine)
    committer.commit([beat(unit, 0.0, 300.0, clock=ClockState(source="unknown"))])
    assert clocks(engine) == [(299.9, 300.1, False)]


# Sound until a minute past noon, then 30 s ahead, put right at three minutes past.
STORY = [(0, 0.0), (30, 0.0), (60, 30.0), (90, 30.0), (180, 0.0), (210, 0.0)]
PASSAGES_AT = {-10: True, 10: True, 29: True, 35: False, 100: False, 150: False, 185: True, 240: True}


def story(unit: Unit) -> list[Arrival]:
    beats = [beat(unit, true_s, ahead_s) for true_s, ahead_s in STORY]
    told = [unit.delivers(passage(str(at), after_s=at), 10 + at, after_s=300.0) for at in PASSAGES_AT]
    film = passage("film", after_s=100.0, source="file", clock=ClockState(source="file"))
    return [*beats, *told, unit.delivers(film, 999, after_s=300.0)]


def end_state(engine: Engine) -> tuple[object, ...]:
    rows, up, beats = PASSAGES.c, CAMERA_UPTIME.c, CAMERA_HEARTBEATS.c
    with Session(engine) as session:
        relied_on = {
            (row.captured_at - NOON).total_seconds(): row.clock_ok and not row.clock_doubted
            for row in session.execute(select(PASSAGES).where(rows.source == "live"))
        }
        uptime = [
            ((row.started_at - NOON).total_seconds(), (row.ended_at - NOON).total_seconds())
            for row in session.execute(select(CAMERA_UPTIME).order_by(up.started_at))
        ]
        vouching = session.execute(select(beats.sent_at, beats.seeing_from).order_by(beats.sent_at)).all()
        film = session.scalars(select(rows.clock_doubted).where(rows.source == "file")).one()
    return relied_on, uptime, vouching, film


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_a_bad_clock_spoils_what_lies_between_its_neighbours_in_any_order(
    engine: Engine, tmp_path: Path, chance: random.Random
) -> None:
    unit = Unit()
    with Session(engine) as session, session.begin():
        for table in METADATA.sorted_tables:
            session.execute(delete(table))
    unit.enrol(engine)
    committer = committer_on(engine, tmp_path / "evidence")
    arrivals = story(unit)
    arrivals += chance.sample(arrivals, 4)
    chance.shuffle(arrivals)
    while arrivals:
        size = chance.randint(1, 6)
        committer.commit(arrivals[:size])
        arrivals = arrivals[size:]
    relied_on, uptime, _, film = end_state(engine)
    assert relied_on == PASSAGES_AT
    assert uptime == [(0.0, 30.0), (180.0, 210.0)]
    assert film is False, "a film carries its own time"


def test_a_transit_on_a_bad_clock_proves_nothing_and_the_alert_says_why(
    engine: Engine, committer: Committer
) -> None:
    load_pilot(engine)
    west, east = Unit("unit-west").enrol(engine), Unit("unit-east", "e" * 32).enrol(engine)
    entry = passage("in", agent_id="unit-west", site_id="ashcombe-west", after_s=40)
    leaving = passage("out", agent_id="unit-east", site_id="ashcombe-east", direction="away", after_s=190)
    committer.commit([west.delivers(entry), east.delivers(leaving), beat(west, 30.0)])
    pairing, now = Pairing(), NOON + timedelta(hours=1)

    def conclusion() -> tuple[str, str]:
        with Session(engine) as session, session.begin():
            pairing.run(session, now)
            (transit,) = records.transits(session, "demo")
        return transit.conclusion, transit.reasons[0].code

    assert conclusion() == ("through", "time_through")
    committer.commit([beat(west, 60.0, 30.0)])
    assert conclusion() == ("no_inference", "clock")

    def alerts() -> list[tuple[str, str, str]]:
        watch(engine, Standing(), NOON + timedelta(seconds=100))
        with Session(engine) as session:
            told = [alert.condition for alert in records.open_alerts(session, "demo")]
        return [(c.agent_id, c.kind, c.text) for c in told if c.kind == "clock"]

    ((unit, _, text),) = alerts()
    assert unit == "unit-west"
    assert "within 0.005 s" in text
    assert "+29.900 s" in text
    assert "+30.100 s" in text
    committer.commit([beat(west, 95.0)])
    assert alerts() == []
    assert conclusion() == ("no_inference", "clock"), "the passage at 40 s lies beside the bad heartbeat"
