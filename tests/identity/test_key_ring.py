"""The ring of keys: how old its knowledge may be, what a look-up costs, and what one damaged key does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session

from ingest.database.opening import migrate, open_database
from ingest.errors import RecordsError
from ingest.intake.keys import KeyRing, revoke_agent_key
from ingest.tables import AGENT_KEYS
from tests.ingest.units import NOON, Unit


@dataclass
class Steady:
    """A count of seconds that a test moves on."""

    at_s: float = 100.0

    def __call__(self) -> float:
        return self.at_s


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A migrated database."""
    engine = open_database(f"sqlite:///{tmp_path}/hgv.sqlite")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def reads(engine: Engine) -> list[str]:
    """Each statement that the database is asked."""
    asked: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    return asked


def revoke(engine: Engine, unit: Unit) -> None:
    with Session(engine) as session, session.begin():
        revoke_agent_key(session, "demo", unit.key.key_id, NOON)


@pytest.mark.parametrize(("elapsed_s", "known"), [(0.0, True), (0.5, True), (0.51, False), (60.0, False)])
def test_a_revoked_key_is_forgotten_within_half_a_second(
    engine: Engine, elapsed_s: float, known: bool
) -> None:
    unit, clock = Unit().enrol(engine), Steady()
    ring = KeyRing(engine, clock)
    assert ring.get(unit.key.key_id) is not None
    revoke(engine, unit)
    clock.at_s += elapsed_s
    found = (ring.get(unit.key.key_id) is not None, ring.lets_in("unit-1"), ring.is_revoked(unit.key.key_id))
    assert found == (known, known, not known)


def test_a_key_that_was_enrolled_just_now_is_found_at_once(engine: Engine) -> None:
    ring = KeyRing(engine, Steady())
    assert not ring.lets_in("unit-1")
    unit = Unit().enrol(engine)
    assert ring.get(unit.key.key_id) is not None


def test_a_flood_of_unknown_keys_does_not_become_a_flood_of_queries(engine: Engine, reads: list[str]) -> None:
    Unit().enrol(engine)
    ring = KeyRing(engine, Steady())
    ring.lets_in("unit-1")
    del reads[:]
    for number in range(1000):
        assert ring.get(f"nobody:{number}") is None
    assert len([statement for statement in reads if "agent_keys" in statement]) == 1


def test_look_ups_between_two_readings_cost_the_database_nothing(engine: Engine, reads: list[str]) -> None:
    unit, ring = Unit().enrol(engine), KeyRing(engine, Steady())
    ring.get(unit.key.key_id)
    before = len(reads)
    assert all(ring.get(unit.key.key_id) for _ in range(1000))
    assert len(reads) == before


def test_what_has_not_changed_is_not_read_again(engine: Engine, reads: list[str]) -> None:
    units, clock = [Unit(f"unit-{number}").enrol(engine) for number in range(3)], Steady()
    ring = KeyRing(engine, clock)
    assert all(ring.get(unit.key.key_id) for unit in units)
    del reads[:]
    clock.at_s += 1
    assert all(ring.get(unit.key.key_id) for unit in units)
    assert len([statement for statement in reads if "agent_keys" in statement]) == 1
    clock.at_s += 1
    revoke(engine, units[0])
    units.append(Unit("unit-3").enrol(engine))
    assert [ring.get(unit.key.key_id) is not None for unit in units] == [False, True, True, True]


def test_a_damaged_key_shuts_out_its_own_unit_only(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = Unit("unit-1").enrol(engine), Unit("unit-2").enrol(engine)
    with Session(engine) as session, session.begin():
        session.execute(
            update(AGENT_KEYS).where(AGENT_KEYS.c.key_id == bad.key.key_id).values(public_jwk="{}")
        )
    ring = KeyRing(engine, Steady())
    assert ring.get(good.key.key_id) is not None
    assert ring.get(bad.key.key_id) is None
    assert "key_unusable" in capsys.readouterr().out


def test_a_key_is_not_enrolled_again_after_its_revocation_nor_a_name_by_two_authorities(
    engine: Engine,
) -> None:
    unit = Unit().enrol(engine)
    with pytest.raises(RecordsError, match="another authority"):
        Unit().enrol(engine, "elsewhere")
    revoke(engine, unit)
    with pytest.raises(RecordsError, match="revoked, for good"):
        unit.enrol(engine)
