"""What every database has to do alike: tables, instants, sequence of writers."""

from __future__ import annotations

import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from ingest import records
from ingest.database.inserts import insert_into
from ingest.database.opening import VERSION_TABLE, check_schema, migrate, reading
from ingest.pairing.pairing import Pairing
from ingest.storing.commit import Committer
from ingest.tables import METADATA, PASSAGES, TOMBSTONES
from tests.edge.centre import wait_for
from tests.ingest.units import NOON, Unit, load_pilot, passage

VRM = "AA19AAA"


def test_migrations_make_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    assert differences == []


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)
    check_schema(engine)


def grave(at: datetime) -> dict[str, object]:
    return {"authority": "demo", "passage_id": "x", "deleted_at": at, "why": "test"}


def test_an_instant_comes_back_as_the_same_instant_in_utc(engine: Engine) -> None:
    summer = timezone(timedelta(hours=1))
    at = datetime(2026, 7, 1, 13, 30, 0, 123456, tzinfo=summer)
    with Session(engine) as session, session.begin():
        session.execute(insert_into(session, TOMBSTONES), grave(at))
    with Session(reading(engine)) as session:
        stored = session.scalars(select(TOMBSTONES.c.deleted_at)).one()
        equal = select(TOMBSTONES.c.passage_id).where(TOMBSTONES.c.deleted_at == at.astimezone(UTC))
        assert session.scalars(equal).one() == "x"
    assert stored == at
    assert stored.tzinfo is UTC


def test_an_instant_without_its_zone_is_refused(engine: Engine) -> None:
    with Session(engine) as session, pytest.raises(StatementError, match="time zone"):
        session.execute(insert_into(session, TOMBSTONES), grave(datetime(2026, 7, 1)))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO permits (authority, vrm, holder) VALUES ('demo', :vrm, 'A Farm')",
        "INSERT INTO passage_tombstones VALUES ('demo', :vrm, NULL, 'A Farm')",
    ],
)
def test_an_error_names_no_values(engine: Engine, statement: str) -> None:
    """Its text goes to logs and to the quarantine; PostgreSQL would put the whole row into it."""
    with pytest.raises(IntegrityError) as caught, engine.begin() as connection:
        connection.execute(text(statement), {"vrm": VRM})
    assert VRM not in "".join(traceback.format_exception(caught.value))
    assert "null" in str(caught.value).lower(), "but what was wrong is said"


def test_several_ingesters_store_the_same_messages_once(engine: Engine, committer: Committer) -> None:
    load_pilot(engine)
    unit = Unit().enrol(engine)
    ends = (("ashcombe-west", "towards", 0), ("ashcombe-east", "away", 150))
    batches = [
        [
            unit.delivers(
                passage(
                    f"{number} {site_id}", site_id=site_id, direction=way, after_s=after_s + number * 1000
                )
            )
        ]
        for number in range(10)
        for site_id, way, after_s in ends
    ]
    pairing = Pairing()

    def take(batch: list[object]) -> int:
        outcome = committer.commit(batch)  # type: ignore[arg-type]  # a batch as made above
        with Session(engine) as session, session.begin():
            pairing.run(session, NOON + timedelta(hours=4))
        return outcome.endings["passage", "stored"]

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take, [*batches, *batches])) == 20
    with Session(reading(engine)) as session:
        found = records.transits(session, "demo", conclusion="through")
    assert len(found) == 10


def test_a_redelivery_at_the_moment_of_a_deletion_does_not_bring_the_passage_back(
    engine: Engine, committer: Committer
) -> None:
    """It comes while the deletion is not committed yet, and waits for it."""
    unit = Unit().enrol(engine)
    sent = unit.delivers(passage("one"))
    committer.commit([sent])
    with ThreadPoolExecutor(1) as pool:
        with Session(engine) as session, session.begin():
            assert records.delete_passages(session, "demo", [passage("one").passage_id], NOON, "test") == 1
            redelivery = pool.submit(committer.commit, [sent])
            if engine.dialect.name == "postgresql":  # SQLite has one writer anyway
                wait_for(lambda: _waits_for_a_lock(engine), "the redelivery to wait")
        assert redelivery.result(30).endings == {("passage", "deleted"): 1}
    with Session(engine) as session:
        assert session.scalars(select(PASSAGES.c.passage_id)).all() == []


def _waits_for_a_lock(engine: Engine) -> bool:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    with engine.connect() as connection:
        return bool(connection.scalar(waiting))
