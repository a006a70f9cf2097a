"""The simulator's shortcut is honest: through database, commit, pairing and opening come the same cases."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.law.orders import PermitsFile
from config.sites import SitesFile
from config.wire import Passage
from enforcement.cases.judging import Outcome
from enforcement.cases.opening import open_cases
from enforcement.database import migrate
from enforcement.simulation.cameras import PICTURES
from enforcement.simulation.judging import all_in
from enforcement.simulation.parameters import Choices, Parameters
from enforcement.simulation.places import AUTHORITY
from enforcement.simulation.register import SimulatedRegister
from enforcement.simulation.village import County, Lived, judged_cases, live
from enforcement.tables import CaseRow
from ingest import records
from ingest.intake.arrivals import Arrival
from ingest.intake.keys import KeyRing
from ingest.pairing.pairing import Pairing
from ingest.storing.commit import Committer
from tests.ingest.units import Unit, jpeg, loss, reference

SEED = 7
VILLAGES = (1, 2, 4)
HELD = {"overview": jpeg("overview"), "plate": jpeg("plate")}


@pytest.fixture(scope="module")
def county(bad_days: Parameters, choices: Choices) -> County:
    return County(bad_days, choices, SEED)


@pytest.fixture(scope="module")
def villages(county: County) -> list[Lived]:
    return [live(county, number) for number in VILLAGES]


@pytest.fixture(scope="module")
def engine(
    county: County, villages: Sequence[Lived], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A database that all messages of the villages went into, paired, and cases opened."""
    folder = tmp_path_factory.mktemp("county")
    engine = records.open_database(f"sqlite:///{folder}/hgv.sqlite")
    records.migrate(engine)
    migrate(engine)
    tell_law(engine, villages)
    deliver(engine, folder, sorted_arrivals(engine, villages))
    end = all_in(county.parameters)
    pair(engine, end)
    vehicles = villages[0].vehicles
    register = SimulatedRegister(vehicles, county.parameters.register, SEED, village=0)
    while open_cases(engine, AUTHORITY, register, end)[Outcome.REGISTER_UNAVAILABLE]:
        pass
    yield engine
    engine.dispose()


def tell_law(engine: Engine, villages: Sequence[Lived]) -> None:
    """Sites, orders and the list of permits, as an officer imports them."""
    now = datetime.fromisoformat("2027-06-01T00:00:00+00:00")
    places = [lived.place for lived in villages]
    permits = tuple(permit for place in places for ours in place.permits.values() for permit in ours)
    with Session(engine) as session, session.begin():
        for place in places:
            records.store_sites(session, SitesFile(sites=place.sites), now)
            for version in (each for versions in place.orders.values() for each in versions):
                records.store_order_version(session, version, now)
        records.store_permits(session, PermitsFile(authority=AUTHORITY, permits=permits), now)


def sorted_arrivals(engine: Engine, villages: Sequence[Lived]) -> list[Arrival]:
    """All messages of all units as the broker delivers them; one in ten comes hours late."""
    chance = random.Random(SEED)
    arrivals: list[Arrival] = []
    for lived in villages:
        units = {
            site.site_id: Unit(f"unit-{site.site_id}").enrol(engine, AUTHORITY) for site in lived.place.sites
        }
        for look in lived.looks:
            if look.passage is not None:
                late = timedelta(hours=chance.uniform(0, 12) if chance.random() < 0.1 else 0)
                at = look.crossing.at + timedelta(seconds=0.2) + late
                unit = units[look.passage.site_id]
                arrivals += [_at(each, at) for each in told(unit, look.passage)]
        for site_id, timing in lived.crew.timing.items():
            arrivals += [_at(units[site_id].delivers(health), came) for health, came in timing.heartbeats]
        some = next(iter(units.values()))
        last = max(arrival.received_at for arrival in arrivals)
        arrivals += [_at(some.delivers_picture(picture), last) for picture in HELD.values()]
    return sorted(arrivals, key=lambda arrival: arrival.received_at)


def told(unit: Unit, passage: Passage) -> Iterator[Arrival]:
    """A passage with pictures that can be had, or with one that the unit tells to be lost."""
    if passage.evidence == PICTURES:
        pictures = tuple(reference(bytes_, kind) for kind, bytes_ in HELD.items())
        yield unit.delivers(msgspec.structs.replace(passage, evidence=pictures))
        return
    yield unit.delivers(passage)
    lost = loss(passage.passage_id, agent_id=unit.agent_id, authority=AUTHORITY)
    yield unit.delivers(
        msgspec.structs.replace(
            lost,
            noticed_at=passage.captured_at,
            pictures=tuple(picture.sha256 for picture in passage.evidence),
        )
    )


def _at(arrival: Arrival, received_at: datetime) -> Arrival:
    return Arrival(arrival.topic, arrival.payload, received_at, arrival.mid, arrival.link)


def deliver(engine: Engine, folder: Path, arrivals: Sequence[Arrival]) -> None:
    """Commit the messages in batches, pairing now and then as the service does."""
    clock = {"now": arrivals[0].received_at}
    committer = Committer(
        engine=engine,
        keys=KeyRing(engine, lambda: 0.0),
        evidence_dir=folder / "evidence",
        clock=lambda: clock["now"],
        tolerance_s=10.0,
        reached=lambda step: None,
    )
    for start in range(0, len(arrivals), 500):
        batch = arrivals[start : start + 500]
        clock["now"] = batch[-1].received_at
        committer.commit(batch)
        if start % 5000 == 0:
            pair(engine, clock["now"])


def pair(engine: Engine, now: datetime) -> None:
    """Draw every conclusion that can be drawn by then."""
    pairing, due = Pairing(), 1
    while due:
        with Session(engine) as session, session.begin():
            due = pairing.run(session, now)["due"]


def test_the_database_concludes_the_same_transits(
    engine: Engine, county: County, villages: Sequence[Lived]
) -> None:
    with Session(engine) as session:
        stored = {
            transit.transit_id: (transit.conclusion, transit.reasons[0].code)
            for transit in records.transits(session, AUTHORITY)
        }
    simulated = {
        transit.transit_id: (transit.conclusion, transit.reasons[0].code)
        for lived in villages
        for transit in judged_cases(county, lived)[0]
    }
    assert _difference(stored, simulated) == {}
    counted = Counter(conclusion for conclusion, _ in stored.values())
    assert min(counted[each] for each in ("through", "stayed", "unresolved", "no_inference")) > 10, counted


def test_the_database_opens_the_same_cases(engine: Engine, county: County, villages: Sequence[Lived]) -> None:
    with Session(engine) as session:
        opened = {
            row.transit_id: (row.vrm, row.state, row.order_id, row.order_version, row.offence_at)
            for row in session.scalars(select(CaseRow))
        }
    simulated = {
        each.transit.transit_id: (
            each.transit.vrm,
            each.outcome.value,
            each.transit.order_id,
            each.transit.order_version,
            each.entry.passage.captured_at if each.entry.passage else None,
        )
        for lived in villages
        for each in judged_cases(county, lived)[1]
        if each.outcome in (Outcome.PROPOSED, Outcome.REVIEW)
    }
    assert _difference(opened, simulated) == {}
    assert len(opened) > 100
    assert {state for _, state, *_ in opened.values()} == {"proposed", "review"}


def _difference(one: Mapping[str, object], other: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """What stands in one of the two only, or differs."""
    return {key: (one.get(key), other.get(key)) for key in {*one, *other} if one.get(key) != other.get(key)}
