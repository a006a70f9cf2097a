"""An amendment of an order changes no conclusion that was drawn before its first day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.files import load
from config.law.orders import Exemption, OrdersFile, OrderVersion
from ingest import records
from ingest.pairing.pairing import Pairing
from ingest.storing.commit import Committer
from ingest.tables import PAIRING_DUE, TRANSITS
from tests.ingest.units import NOON, PILOT, Unit, health, load_pilot, passage

ORDER = load(PILOT / "orders.yaml", OrdersFile).orders[0]
WEST, EAST = Unit("unit-west", "a" * 32), Unit("unit-east", "b" * 32)
# Seconds from the units' noon, 12:00 in London on 6 October; the amendment begins that midnight.
YESTERDAY_S, MIDNIGHT_S, PAIRED_S = -86_400.0, -43_200.0, 86_400.0
PAIR = ORDER.zones[0].pairs[0]
# Everything that bears on a conclusion is another: the window, the hours of exemptions, the limit.
AMENDED = msgspec.structs.replace(
    ORDER,
    version=2,
    effective_from=date(2026, 10, 6),
    limit_kg=18_000,
    exemptions=(Exemption.EMERGENCY_SERVICES,),
    zones=(
        msgspec.structs.replace(
            ORDER.zones[0],
            pairs=(msgspec.structs.replace(PAIR, min_elapsed_s=30, max_elapsed_s=60),),
        ),
    ),
)


def _crossing(name: str, vrm: str, after_s: float, elapsed_s: float) -> list[Any]:
    """A lorry past the western and then the eastern camera."""
    seen = [
        (WEST, "in", "ashcombe-west", "towards", after_s),
        (EAST, "out", "ashcombe-east", "away", after_s + elapsed_s),
    ]
    return [
        unit.delivers(
            passage(
                f"{name}-{end}",
                agent_id=unit.agent_id,
                site_id=site_id,
                direction=direction,
                after_s=at_s,
                vrm=vrm,
            )
        )
        for unit, end, site_id, direction, at_s in seen
    ]


def _beats(since_s: float, until_s: float) -> list[Any]:
    """Both cameras seeing all the while."""
    return [
        unit.delivers(health(agent_id=unit.agent_id, camera_id=camera_id, after_s=float(after_s)))
        for unit, camera_id in ((WEST, "ashcombe-west"), (EAST, "ashcombe-east"))
        for after_s in range(int(since_s), int(until_s), 100)
    ]


def _pair_all(engine: Engine, after_s: float) -> None:
    pairing, due = Pairing(), 1
    while due:
        with Session(engine) as session, session.begin():
            due = pairing.run(session, NOON + timedelta(seconds=after_s))["due"]


def _rows(engine: Engine) -> dict[str, Any]:
    """Every row of a transit, withdrawn ones too, by the registration."""
    with Session(engine) as session:
        return {row.vrm: tuple(row) for row in session.execute(select(TRANSITS))}


def _versions(engine: Engine) -> dict[str, tuple[int, str]]:
    with Session(engine) as session:
        found = records.transits(session, "demo")
    return {transit.vrm: (transit.order_version, transit.conclusion) for transit in found}


@pytest.fixture
def judged(engine: Engine, committer: Committer) -> Engine:
    """Lorries through, staying, too fast, and through over the midnight at which the amendment begins."""
    load_pilot(engine)
    for unit in (WEST, EAST):
        unit.enrol(engine)
    committer.commit(
        [
            *_beats(YESTERDAY_S - 1000, YESTERDAY_S + 5000),
            *_beats(MIDNIGHT_S - 1000, MIDNIGHT_S + 1500),
            *_crossing("through", "AA19AAA", YESTERDAY_S, 150),
            *_crossing("stayed", "BB19BBB", YESTERDAY_S + 60, 3000),
            *_crossing("fast", "CC19CCC", YESTERDAY_S + 90, 10),
            *_crossing("midnight", "DD19DDD", MIDNIGHT_S - 100, 150),
        ]
    )
    _pair_all(engine, PAIRED_S)
    return engine


def test_conclusions_before_the_first_day_stand(judged: Engine, committer: Committer) -> None:
    before = _rows(judged)
    assert _versions(judged) == {
        "AA19AAA": (1, "through"),
        "BB19BBB": (1, "stayed"),
        "CC19CCC": (1, "implausible"),
        "DD19DDD": (1, "through"),
    }
    with Session(judged) as session, session.begin():
        assert records.store_order_version(session, AMENDED, NOON + timedelta(seconds=PAIRED_S))
        assert session.scalars(select(PAIRING_DUE.c.vrm)).all() == ["DD19DDD"]
    committer.commit(
        [*_crossing("later", "EE19EEE", 0, 50), *_crossing("old", "FF19FFF", YESTERDAY_S + 600, 50)]
    )
    _pair_all(judged, PAIRED_S + 60)
    after = _rows(judged)
    assert {vrm: after[vrm] for vrm in before} == before
    assert _versions(judged)["EE19EEE"] == (2, "through")
    assert _versions(judged)["FF19FFF"] == (1, "through")


def test_the_version_that_judged_stays_to_be_read(judged: Engine) -> None:
    with Session(judged) as session, session.begin():
        records.store_order_version(session, AMENDED, NOON + timedelta(seconds=PAIRED_S))
    with Session(judged) as session:
        stored: list[OrderVersion] = records.order_versions(session, "demo", ORDER.order_id)
        assert stored == [ORDER, AMENDED]
        for transit in records.transits(session, "demo"):
            version = records.order_version(session, "demo", transit.order_id, transit.order_version)
            assert version == ORDER
