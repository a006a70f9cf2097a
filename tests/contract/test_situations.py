"""The situations on the road in the database: stored and paired in any order, they come to the same.

Each has an authority of its own, so that all lie in one database and none sees another.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from operator import itemgetter
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, event, insert, update
from sqlalchemy.orm import Session

from config.sites import SitesFile
from ingest import records
from ingest.database.opening import migrate, open_database
from ingest.pairing.conclusions import conclude, seeing_by, seen_of
from ingest.pairing.due import pair_soon
from ingest.pairing.match import Seen
from ingest.pairing.pairing import Pairing
from ingest.tables import CAMERA_UPTIME, CAMERAS, PAIRING_DUE, PASSAGES, TRANSITS
from tests.ingest.county_roads import LAW, ORDERS, SITES, instant, seeing
from tests.ingest.situations import A_DAY, SITUATIONS, Situation

END = instant(A_DAY, "1000:00:00")
ROADS = {re.sub(r"[^a-z0-9]+", "-", name.lower()): situation for name, situation in SITUATIONS.items()}


@pytest.fixture(scope="module")
def roads(new_database: Callable[[], str]) -> Iterator[Engine]:
    """A database that knows the roads of each situation and when their cameras were seeing."""
    engine = open_database(new_database())
    migrate(engine)
    with Session(engine) as session, session.begin():
        for name, situation in ROADS.items():
            know_roads(session, name, situation)
    yield engine
    engine.dispose()


def know_roads(session: Session, authority: str, situation: Situation) -> None:
    for order in ORDERS:
        its = msgspec.structs.replace(order, authority=authority)
        records.store_order_version(session, its, instant(situation.day, "00:00:00"))
    ours = tuple(msgspec.structs.replace(site, authority=authority) for site in SITES)
    records.store_sites(session, SitesFile(sites=ours), instant(situation.day, "00:00:00"))
    for site_id, intervals in seeing(situation.day, situation.outages).items():
        camera = camera_of(authority, site_id)
        session.execute(insert(CAMERAS), camera | {"site_id": site_id})
        for each in intervals:
            row = camera | {"started_at": each.start, "ended_at": each.end}
            session.execute(insert(CAMERA_UPTIME), row)


def camera_of(authority: str, site_id: str) -> dict[str, Any]:
    return {"authority": authority, "agent_id": f"unit-{site_id}", "camera_id": "front", "site_version": 1}


def all_seen() -> list[tuple[str, Seen]]:
    """Every passage of every situation, with its authority."""
    return [(name, seen) for name, situation in ROADS.items() for seen in seen_in(situation)]


def seen_in(situation: Situation) -> list[Seen]:
    found = [seen_of(passed.passage(), 10.0, doubted=False) for passed in situation.who()]
    return [seen for seen in found if seen is not None]


def store(session: Session, arrived: list[tuple[str, Seen]], now: datetime) -> None:
    """As the committer leaves them: the row, and its turn to be paired."""
    rows = [row(authority, seen) for authority, seen in arrived]
    session.execute(insert(PASSAGES), rows)
    names = ("authority", "passage_id", "vrm", "captured_at")
    pair_soon(session, [{name: row[name] for name in names} for row in rows], now)


def row(authority: str, seen: Seen) -> dict[str, Any]:
    same = (
        "passage_id",
        "vrm",
        "captured_at",
        "site_id",
        "site_version",
        "direction",
        "latitude",
        "longitude",
    )
    return {
        name: getattr(seen, name) for name in (*same, "clock_ok", "clock_within_s", "agent_id", "camera_id")
    } | {
        "authority": authority,
        "source": "live",
        "received_at": seen.captured_at,
        "deployment_started_at": seen.deployed_from,
        "deployment_ended_at": seen.deployed_until,
        "outbox_id": "0" * 32,
        "seq": 1,
        "payload_sha256": "0" * 64,
        "raw": b"",
    }


def pair_all(engine: Engine, now: datetime) -> None:
    """Pair until nothing is due, each pass by a process that was started anew."""
    due = 1
    while due:
        with Session(engine) as session, session.begin():
            due = Pairing().run(session, now)["due"]


def stored(engine: Engine, authority: str) -> list[Any]:
    with Session(engine) as session:
        return sorted(map(plain, records.transits(session, authority)), key=itemgetter(0))


def plain(transit: records.TransitRecord) -> Any:
    """What a transit says, but for when it was concluded."""
    return transit.transit_id, transit.conclusion, transit.vrm, transit.exit_vrm, transit.reasons


def expected(name: str) -> list[Any]:
    situation = ROADS[name]
    watched = seeing_by(seeing(situation.day, situation.outages))
    found = conclude(seen_in(situation), LAW, watched, END)
    return sorted((plain(each) for transits in found.values() for each in transits), key=itemgetter(0))


def empty(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        for table in (PASSAGES, TRANSITS, PAIRING_DUE):
            session.execute(delete(table))


@settings(
    max_examples=3,
    deadline=None,
    phases=[Phase.generate],  # a shorter example would be looked for in minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.randoms(use_true_random=False), st.integers(20, 150))
def test_any_order_repetition_and_restart_comes_to_the_same(
    roads: Engine, chance: random.Random, most_at_once: int
) -> None:
    empty(roads)
    arriving = all_seen()
    chance.shuffle(arriving)
    came: list[tuple[str, Seen]] = []
    while arriving:
        some, arriving = arriving[:most_at_once], arriving[most_at_once:]
        came += some
        again = chance.sample(came, len(came) // 5)
        with Session(roads) as session, session.begin():
            store(session, some, END)
            names = ("passage_id", "vrm", "captured_at")
            due = [{"authority": a, **{name: getattr(s, name) for name in names}} for a, s in again]
            pair_soon(session, due, END)
        if chance.random() < 0.7:
            pair_all(roads, END)
    pair_all(roads, END)
    assert {name: stored(roads, name) for name in ROADS} == {name: expected(name) for name in ROADS}


AUTHORITY = "b-for-8"


def close_pairs_of(engine: Engine) -> list[records.TransitRecord]:
    with Session(engine) as session:
        return records.transits(session, AUTHORITY, conclusion="close")


@pytest.fixture
def one_close_pair(roads: Engine) -> Engine:
    """The roads with one close pair on them."""
    empty(roads)
    with Session(roads) as session, session.begin():
        store(session, [(AUTHORITY, seen) for seen in seen_in(ROADS[AUTHORITY])], END)
    pair_all(roads, END)
    assert len(close_pairs_of(roads)) == 1
    return roads


def test_a_late_exit_takes_a_close_pair_back(one_close_pair: Engine) -> None:
    (close,) = close_pairs_of(one_close_pair)
    late = Situation(("12:06:00 north out AB12CDE",), ())
    with Session(one_close_pair) as session, session.begin():
        store(session, [(AUTHORITY, seen) for seen in seen_in(late)], END)
    pair_all(one_close_pair, END)
    assert close_pairs_of(one_close_pair) == []
    with Session(one_close_pair) as session:
        withdrawn = records.transit(session, AUTHORITY, close.transit_id)
    assert (withdrawn.conclusion, withdrawn.may_be_case) == ("no_inference", False)


def test_a_clock_found_bad_takes_a_close_pair_back_and_its_mending_restores_it(
    one_close_pair: Engine,
) -> None:
    before = close_pairs_of(one_close_pair)
    for doubted, left in ((True, []), (False, before)):
        with Session(one_close_pair) as session, session.begin():
            changed = session.execute(
                update(PASSAGES)
                .where(PASSAGES.c.site_id == "north")
                .values(clock_doubted=doubted)
                .returning(*(PASSAGES.c[name] for name in ("authority", "passage_id", "vrm", "captured_at")))
            )
            pair_soon(session, [dict(each) for each in changed.mappings()], END)
        pair_all(one_close_pair, END)
        assert list(map(plain, close_pairs_of(one_close_pair))) == list(map(plain, left))


def test_a_deleted_passage_takes_a_close_pair_back(one_close_pair: Engine) -> None:
    (close,) = close_pairs_of(one_close_pair)
    with Session(one_close_pair) as session, session.begin():
        records.delete_passages(session, AUTHORITY, [str(close.exit_passage_id)], END, "retention")
    assert close_pairs_of(one_close_pair) == []
    empty(one_close_pair)


def test_a_pass_asks_no_more_often_for_more_passages(roads: Engine) -> None:
    """Sixty lorries that each went in and were not seen coming out, beside one that was."""
    asked: list[str] = []
    event.listen(roads, "before_cursor_execute", lambda *call: asked.append(call[2]))
    counts = []
    for lorries in (1, 60):
        empty(roads)
        marks = [
            f"{chr(65 + n // 8)}{n % 8 + 1}{n % 8 + 1}{n % 5 + 1}{chr(70 + n % 8) * 3}"
            for n in range(lorries)
        ]
        passed = tuple(f"12:{n:02}:00 west in {mark}" for n, mark in enumerate(marks))
        with Session(roads) as session, session.begin():
            store(session, [(AUTHORITY, seen) for seen in seen_in(Situation(passed, ()))], END)
        asked.clear()
        with Session(roads) as session, session.begin():
            assert Pairing().run(session, END)["due"] == lorries
        counts.append(len(asked))
    assert counts[0] == counts[1]
