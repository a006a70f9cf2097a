"""The same on PostgreSQL: schema, the way from transit to letter, append-only tables, and writers in turn."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.cases.judging import Outcome
from enforcement.cases.opening import open_cases
from enforcement.cases.records import CaseState, Verdict, case_list, decide
from enforcement.database import VERSION_TABLE, check_schema
from enforcement.letters.batch import send_letters
from enforcement.people import User
from enforcement.policy import load_policy
from enforcement.summary.figures import month_of
from enforcement.summary.publishing import publish_summaries
from enforcement.tables import Base
from ingest import records
from tests.enforcement.county import NOON, County
from tests.enforcement.letters.desk import a_room

POLICY = Path(__file__).parents[2] / "config" / "pilot" / "policy.yaml"


@pytest.fixture
def engine(postgresql_url: str) -> Iterator[Engine]:
    engine = records.open_database(postgresql_url)
    yield engine
    engine.dispose()


def test_migrations_make_the_tables_that_the_code_knows(engine: Engine) -> None:
    check_schema(engine)
    ours = set(Base.metadata.tables)
    options = {
        "version_table": VERSION_TABLE,
        "compare_type": True,
        "include_name": lambda name, kind, parents: kind != "table" or name in ours,
    }
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []


def test_from_transit_to_letter_and_summary(county: County, tmp_path: Path) -> None:
    county.register_entry("AB12CDE", "N3", 44000)
    county.through("AB12CDE")
    assert open_cases(county.engine, "demo", county.register, county.now) == {Outcome.PROPOSED: 1}
    assert open_cases(county.engine, "demo", county.register, county.now) == {}
    looks: tuple[tuple[Verdict, User], ...] = (
        ("confirm", county.add_officer()),
        ("agree", county.second_officer()),
    )
    for verdict, officer in looks:
        with Session(county.engine) as session, session.begin():
            decide(
                session,
                "demo",
                1,
                officer=officer,
                verdict=verdict,
                reason="clear",
                image_matches_plate=True,
                vehicle_matches_register=True,
                now=county.now,
            )
    policy = load_policy(POLICY, "demo")
    sent = send_letters(a_room(county.engine, tmp_path), county.now)
    assert [len(batch.letters) for batch in sent.batches] == [1]
    month = month_of("2026-09", NOON)
    assert publish_summaries(county.engine, "demo", policy, tmp_path, month, who="uid:0", now=NOON)
    with Session(county.engine) as session:
        assert [case.state for case in case_list(session, "demo", state=None, now=NOON)] == [
            CaseState.LETTER_SENT
        ]
        assert audit.verify(session, "demo") == 7
    for statement in ("UPDATE case_decisions SET reason = ''", "DELETE FROM audit"):
        with county.engine.begin() as connection, pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(statement))


def test_writers_of_the_audit_log_take_turns(engine: Engine) -> None:
    def write(number: int) -> None:
        with Session(engine) as session, session.begin():
            audit.record(
                session,
                "demo",
                who=f"user:{number}",
                action="case.view",
                subject=f"case:{number}",
                reason="review",
                now=NOON,
            )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with Session(engine) as session:
        assert audit.verify(session, "demo") == 40
