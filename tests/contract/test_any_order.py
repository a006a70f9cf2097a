"""However messages arrive - late, out of order, several times, in any batches - the same rows follow."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Table, delete, select
from sqlalchemy.orm import Session

from ingest import records
from ingest.database.opening import migrate, open_database
from ingest.evidence.rows import ask_for_missing
from ingest.intake.arrivals import Arrival
from ingest.pairing.pairing import Pairing
from ingest.storing.commit import Committer
from ingest.storing.sequences import missing_seqs
from ingest.tables import (
    AGENT_KEYS,
    CAMERA_UPTIME,
    CAMERAS,
    EVIDENCE,
    LOSSES,
    METADATA,
    ORDER_VERSIONS,
    OUTBOXES,
    PASSAGES,
    SITES,
)
from tests.ingest.units import (
    NOON,
    Unit,
    committer_on,
    health,
    jpeg,
    load_pilot,
    loss,
    passage,
    reference,
    traffic,
)

WEST, EAST = Unit("unit-west", "a" * 32), Unit("unit-east", "b" * 32)
END = NOON + timedelta(days=2)
PICTURE, LOST = jpeg("lorry"), jpeg("lost")
EVIDENCE_OF = {"through-in": (reference(PICTURE),), "through-out": (reference(LOST),)}


def messages() -> list[Arrival]:
    """Two villages' ends over an hour: through, stayed, alone, misread, unread, twice through."""
    seen: list[tuple[Unit, str, str, str, float, str | None]] = [
        (WEST, "through-in", "ashcombe-west", "towards", 0, "AA19AAA"),
        (EAST, "through-out", "ashcombe-east", "away", 150, "AA19AAA"),
        (EAST, "back-in", "ashcombe-east", "towards", 1500, "AA19AAA"),
        (WEST, "back-out", "ashcombe-west", "away", 1650, "AA19AAA"),
        (WEST, "stays-in", "ashcombe-west", "towards", 420, "BB19BBB"),
        (EAST, "stays-out", "ashcombe-east", "away", 3000, "BB19BBB"),
        (WEST, "gone-in", "ashcombe-west", "towards", 400, "CC19CCC"),
        (EAST, "unseen-out", "ashcombe-east", "away", 2000, "DD19DDD"),
        (WEST, "misread-in", "ashcombe-west", "towards", 90, "EE19EEE"),
        (EAST, "misread-out", "ashcombe-east", "away", 100, "EE19EEE"),
        (WEST, "twice-in", "ashcombe-west", "towards", 500, "FF19FFF"),
        (WEST, "twice-in-again", "ashcombe-west", "towards", 520, "FF19FFF"),
        (EAST, "twice-out", "ashcombe-east", "away", 660, "FF19FFF"),
        (WEST, "unread-in", "ashcombe-west", "towards", 10, None),
    ]
    arrivals = []
    for unit, name, site_id, direction, after_s, vrm in seen:
        sent = passage(
            name,
            agent_id=unit.agent_id,
            site_id=site_id,
            direction=direction,
            after_s=after_s,
            vrm=vrm,
            evidence=EVIDENCE_OF.get(name, ()),
        )
        arrivals.append(unit.delivers(sent))
    arrivals += [WEST.delivers(traffic(str(n), agent_id="unit-west", after_s=60 * n)) for n in range(3)]
    for unit, camera_id, until_s in ((WEST, "ashcombe-west", 3500), (EAST, "ashcombe-east", 2500)):
        arrivals += [
            unit.delivers(health(agent_id=unit.agent_id, camera_id=camera_id, after_s=after_s))
            for after_s in range(-1000, until_s, 100)
        ]
    arrivals.append(EAST.delivers(loss("the disk was full", LOST, agent_id="unit-east")))
    return [*arrivals, WEST.delivers_picture(PICTURE)]


MESSAGES = messages()


@pytest.fixture(scope="module")
def centre(
    new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Committer]]:
    folder: Path = tmp_path_factory.mktemp("any-order")
    engine = open_database(new_database())
    migrate(engine)
    load_pilot(engine)
    WEST.enrol(engine)
    EAST.enrol(engine)
    yield engine, committer_on(engine, folder / "evidence")
    engine.dispose()


@pytest.fixture(scope="module")
def in_order(centre: tuple[Engine, Committer]) -> Any:
    """What is stored when everything comes once and in order."""
    return end_state(centre, [MESSAGES], set())


def end_state(centre: tuple[Engine, Committer], batches: list[list[Arrival]], pair_after: set[int]) -> Any:
    """Everything that is stored after the batches came, and all conclusions were drawn."""
    engine, committer = centre
    with Session(engine) as session, session.begin():
        for table in METADATA.sorted_tables:
            if table not in (AGENT_KEYS, ORDER_VERSIONS, SITES):
                session.execute(delete(table))
    pairing = Pairing()
    for number, batch in enumerate(batches):
        committer.commit(batch)
        if number in pair_after:
            pair_all(engine, pairing, NOON + timedelta(minutes=70))
    committer.commit([MESSAGES[-1]])  # the picture is asked for until it comes after its passage
    with Session(engine) as session, session.begin():
        ask_for_missing(session, NOON + timedelta(hours=2))
    pair_all(engine, pairing, END)
    return state(engine)


def pair_all(engine: Engine, pairing: Pairing, now: datetime) -> None:
    due = 1
    while due:
        with Session(engine) as session, session.begin():
            due = pairing.run(session, now)["due"]


def state(engine: Engine) -> Any:
    since, until = NOON - timedelta(days=1), END
    with Session(engine) as session:
        transits = [
            (t.transit_id, t.order_version, t.conclusion, t.reasons, t.elapsed_s, t.started_at)
            for t in records.transits(session, "demo")
        ]
        return {
            "passages": session.execute(
                select(PASSAGES.c.passage_id, PASSAGES.c.raw).order_by("passage_id")
            ).all(),
            "evidence": session.execute(
                select(EVIDENCE.c.state, EVIDENCE.c.sha256, EVIDENCE.c.lost_why).order_by("state")
            ).all(),
            **{table.name: rows(session, table) for table in (LOSSES, CAMERAS, CAMERA_UPTIME, OUTBOXES)},
            "traffic": records.traffic(session, "demo", since=since, until=until),
            "uptime": records.site_uptime(session, "demo", since=since, until=until),
            "missing": missing_seqs(session, noticed_before=END),
            "transits": sorted(transits),
        }


def rows(session: Session, table: Table) -> list[tuple[object, ...]]:
    """All rows of a table, but for the time at which an outbox was heard of."""
    columns = [column for column in table.columns if column.name != "heard_at"]
    return sorted(tuple(row) for row in session.execute(select(*columns)))


def test_in_order_the_hour_ends_as_it_should(centre: tuple[Engine, Committer]) -> None:
    found = end_state(centre, [[message] for message in MESSAGES], set(range(len(MESSAGES))))
    conclusions = sorted(
        (conclusion, reasons[0].code) for _, _, conclusion, reasons, _, _ in found["transits"]
    )
    assert conclusions == [
        ("implausible", "time_implausible"),
        ("stayed", "time_stayed"),
        ("through", "time_through"),
        ("through", "time_through"),
        ("through", "time_through"),
        ("unresolved", "no_entry_seen"),
        ("unresolved", "no_exit_seen"),
        ("unresolved", "no_exit_seen"),
    ]
    assert found["missing"] == {}
    assert [row.state for row in found["evidence"]] == ["held", "lost"]
    assert len(found["passages"]) == 14


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],  # a shorter example would be looked for in minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.randoms(use_true_random=False), st.integers(1, 30), st.floats(0, 1))
def test_any_order_repetition_and_batching_ends_the_same(
    centre: tuple[Engine, Committer],
    in_order: Any,
    chance: random.Random,
    largest_batch: int,
    repeated: float,
) -> None:
    arrivals = MESSAGES + [message for message in MESSAGES if chance.random() < repeated]
    chance.shuffle(arrivals)
    batches: list[list[Arrival]] = []
    while arrivals:
        size = chance.randint(1, largest_batch)
        batches.append(arrivals[:size])
        arrivals = arrivals[size:]
    pair_after = {number for number in range(len(batches)) if chance.random() < 0.3}
    assert end_state(centre, batches, pair_after) == in_order


def test_an_outage_of_the_other_camera_allows_no_inference(centre: tuple[Engine, Committer]) -> None:
    without_east = [
        message for message in MESSAGES if not message.topic.startswith("hgv/v1/unit-east/health")
    ]
    found = end_state(centre, [without_east], set())
    reasons = sorted(reasons[0].code for _, _, _, reasons, _, _ in found["transits"])
    assert reasons.count("camera_not_seeing") == 3
    assert reasons.count("time_through") == 3


def noticed(fault: str, since_s: float) -> Arrival:
    """The heartbeat in which the eastern unit says what it has found, a quarter of an hour after noon."""
    return EAST.delivers(
        health(
            agent_id="unit-east",
            camera_id="ashcombe-east",
            after_s=905,
            state="faulty",
            faulty_after_s=since_s,
            fault=fault,
        )
    )


def codes(centre: tuple[Engine, Committer], batches: list[list[Arrival]], pair_after: set[int]) -> list[str]:
    """The first reason of every transit."""
    found = end_state(centre, batches, pair_after)["transits"]
    return [reasons[0].code for _, _, _, reasons, _, _ in found]


def test_a_camera_whose_pictures_were_faulty_allows_no_inference(centre: tuple[Engine, Committer]) -> None:
    """Nor for the time before it was noticed: the unit says since when they were."""
    before = codes(centre, [MESSAGES], set())
    assert (before.count("no_exit_seen"), before.count("camera_not_seeing")) == (2, 0)
    after = codes(centre, [[*MESSAGES, noticed("black", 450)]], set())
    assert (after.count("no_exit_seen"), after.count("camera_not_seeing")) == (0, 3)


@pytest.mark.parametrize(
    ("fault", "through"), [("frozen", 2), ("moved", 2), ("noise", 3), ("resolution_changed", 3)]
)
@pytest.mark.parametrize("is_last", [True, False], ids=["told last", "told first"])
def test_a_passage_told_by_a_stuck_or_moved_camera_proves_nothing(
    centre: tuple[Engine, Committer], fault: str, through: int, is_last: bool
) -> None:
    """The lorry seen leaving at 660 s has not left then where the camera had been stuck since 450 s."""
    batches = [[noticed(fault, 450)], MESSAGES]
    found = codes(centre, batches[::-1] if is_last else batches, {0, 1})
    assert (found.count("time_through"), found.count("camera_faulty")) == (through, 3 - through)
