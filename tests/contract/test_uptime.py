"""Uptime in the database: the same intervals as all heartbeats together tell, in whatever order they came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, bindparam, delete, select, text
from sqlalchemy.orm import Session

from config.wire import CameraHealth, ClockState
from ingest import records
from ingest.database.instant import Instant
from ingest.database.opening import migrate, open_database
from ingest.heartbeats.seeing import Beat, Interval, merged, seeing
from ingest.heartbeats.uptime import site_seeing
from ingest.intake.arrivals import Arrival
from ingest.pairing.pairing import Pairing
from ingest.storing.commit import Committer
from ingest.tables import CAMERA_UPTIME, METADATA
from tests.ingest.units import GOOD_CLOCK, NOON, Unit, committer_on, health, load_pilot, passage

BAD_CLOCK = ClockState(source="chrony", offset_s=0.0, error_bound_s=60.0)


@st.composite
def beats(draw: st.DrawFn) -> list[Beat]:
    """What a camera's heartbeats may say within half an hour, each sent at a second of its own."""
    seconds = draw(st.lists(st.integers(0, 60), unique=True, max_size=9))
    return [_beat(draw, 30 * second) for second in seconds]


def _beat(draw: st.DrawFn, sent_s: int) -> Beat:
    frame_s = draw(st.none() | st.integers(0, 40).map(lambda back: sent_s - back))
    before = (
        st.none() if frame_s is None else st.none() | st.integers(0, 300).map(lambda back: frame_s - back)
    )
    return Beat(
        sent_at=NOON + timedelta(seconds=sent_s),
        state=draw(st.sampled_from(["seeing", "seeing", "seeing", "no_frames", "ended", "faulty"])),
        last_frame_at=None if frame_s is None else NOON + timedelta(seconds=frame_s),
        faulty_since=_at(draw(before)),
        site_version=draw(st.sampled_from([1, 1, 1, 2])),
        clock_bad=draw(st.sampled_from([False, False, False, True])),
        seeing_since=_at(draw(before)),
    )


def _at(after_s: int | None) -> datetime | None:
    return None if after_s is None else NOON + timedelta(seconds=after_s)


def told(unit: Unit, beat: Beat) -> Arrival:
    camera = CameraHealth(
        camera_id="cam",
        site_version=beat.site_version,
        state=beat.state,  # type: ignore[arg-type]  # drawn from the four that there are
        frames=1,
        last_frame_at=beat.last_frame_at,
        fault="noise" if beat.faulty_since else None,
        faulty_since=beat.faulty_since,
        seeing_since=beat.seeing_since,
    )
    clock = BAD_CLOCK if beat.clock_bad else GOOD_CLOCK
    return unit.delivers(health(cameras=(camera,), sent_at=beat.sent_at, clock=clock))


def intervals(engine: Engine) -> list[Interval]:
    query = select(CAMERA_UPTIME.c.started_at, CAMERA_UPTIME.c.ended_at).order_by(CAMERA_UPTIME.c.started_at)
    with Session(engine) as session:
        return [Interval(*row) for row in session.execute(query)]


def emptied(engine: Engine, folder: Path) -> tuple[Unit, Committer]:
    with Session(engine) as session, session.begin():
        for table in METADATA.sorted_tables:
            session.execute(delete(table))
    return Unit().enrol(engine), committer_on(engine, folder)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(beats(), st.integers(1, 4))
def test_uptime_is_what_all_heartbeats_together_tell(
    engine: Engine, tmp_path: Path, came: list[Beat], at_once: int
) -> None:
    unit, committer = emptied(engine, tmp_path)
    for start in range(0, len(came), at_once):
        committer.commit([told(unit, beat) for beat in came[start : start + at_once]])
    assert merged(intervals(engine)) == seeing(came)


def test_another_units_camera_of_the_same_name_does_not_count(engine: Engine, committer: Committer) -> None:
    west, east = Unit("unit-west").enrol(engine), Unit("unit-east", "e" * 32).enrol(engine)
    for unit, site in ((west, "ashcombe-west"), (east, "ashcombe-east")):
        told_there = passage(site, agent_id=unit.agent_id, site_id=site, camera_id="front")
        committer.commit([unit.delivers(told_there)])
    for after_s in (0, 30, 60):
        committer.commit(
            [west.delivers(health(agent_id="unit-west", camera_id="front", after_s=after_s), after_s=after_s)]
        )
    until = NOON + timedelta(hours=1)
    with Session(engine) as session:
        seen = [
            site_seeing(session, "demo", site, since=NOON, until=until)
            for site in ("ashcombe-west", "ashcombe-east")
        ]
        assert records.site_uptime(session, "demo", since=NOON, until=until) == {"ashcombe-west": 60.0}
    assert seen == [[Interval(NOON, NOON + timedelta(seconds=60))], []]


def test_an_outage_of_the_link_is_none_of_the_camera(engine: Engine, committer: Committer) -> None:
    """No heartbeat came for an hour; the next one says that the camera saw without a break."""
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(health(after_s=after_s, seeing_after_s=-60)) for after_s in (0, 3600)])
    assert intervals(engine) == [Interval(NOON - timedelta(seconds=60), NOON + timedelta(hours=1))]


def test_what_is_known_later_of_an_outage_of_the_link_changes_what_was_concluded_from_it(
    engine: Engine, committer: Committer
) -> None:
    """The eastern unit was cut off while a lorry went in and never came out; its camera saw all the time."""
    load_pilot(engine)
    west, east = Unit("unit-west").enrol(engine), Unit("unit-east", "e" * 32).enrol(engine)

    def beat(after_s: float) -> Arrival:
        told = health(
            agent_id="unit-east", camera_id="ashcombe-east", after_s=after_s, seeing_after_s=-7200.0
        )
        return east.delivers(told, after_s=after_s)

    def reason() -> str:
        with Session(engine) as session, session.begin():
            Pairing().run(session, NOON + timedelta(hours=4))
            (transit,) = records.transits(session, "demo")
        return transit.reasons[0].code

    east_is_there = passage("other", agent_id="unit-east", site_id="ashcombe-east", vrm=None)
    committer.commit([east.delivers(east_is_there), beat(-60.0)])
    committer.commit([west.delivers(passage("in", agent_id="unit-west", after_s=0.0))])
    assert reason() == "camera_not_seeing"
    late = replace(committer, clock=lambda: NOON + timedelta(hours=4))
    late.commit([beat(3 * 3600.0)])
    assert reason() == "no_exit_seen"


def test_an_upgrade_reckons_the_uptime_of_the_heartbeats_that_are_there(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    engine = open_database(new_database())
    migrate(engine, "ingest_0002")
    states = {0: "seeing", 30: "seeing", 60: "no_frames", 90: "seeing", 120: "seeing", 300: "seeing"}
    unit_says = text(
        "INSERT INTO heartbeats (heartbeat_id, authority, agent_id, sent_at, received_at, state, outbox_id, "
        "last_seq, depth, clock_source, raw) "
        "VALUES (:id, 'demo', 'unit-1', :at, :at, 'up', 'x', 0, 0, '', '')"
    ).bindparams(bindparam("at", type_=Instant()))
    camera_says = text(
        "INSERT INTO camera_heartbeats (heartbeat_id, camera_id, authority, agent_id, site_version, state, "
        "frames, sent_at, last_frame_at) VALUES (:id, :camera, 'demo', 'unit-1', 1, :state, 1, :at, :at)"
    ).bindparams(bindparam("at", type_=Instant()))
    with engine.begin() as connection:
        for number, (after_s, state) in enumerate(states.items(), start=1000):
            row = {"id": number, "at": NOON + timedelta(seconds=after_s)}
            connection.execute(unit_says, row)
            for camera in ("a", "b"):
                connection.execute(camera_says, {**row, "camera": camera, "state": state})
    migrate(engine)
    expected = [(0.0, 30.0), (90.0, 120.0)]
    found = [((i.start - NOON).total_seconds(), (i.end - NOON).total_seconds()) for i in intervals(engine)]
    assert found == sorted(expected * 2)
    unit, committer = Unit().enrol(engine), committer_on(engine, tmp_path)
    committer.commit([unit.delivers(health(camera_id="a", after_s=330))])
    added = [((i.start - NOON).total_seconds(), (i.end - NOON).total_seconds()) for i in intervals(engine)]
    assert added == [*found, (300.0, 330.0)]
    engine.dispose()
