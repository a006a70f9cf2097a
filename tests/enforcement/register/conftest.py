"""A migrated database of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from enforcement.database import migrate
from enforcement.tables import KeeperImportRow, KeeperRow, RegisterAnswerRow, RegisterQueueRow
from ingest import records
from tests.contract.databases import postgres_programs, private_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Engine]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip("Debian's package postgresql is not installed")
    with private_postgres(programs) as url:
        engine = records.open_database(f"{url}/postgres")
        records.migrate(engine)
        migrate(engine)
        yield engine
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database; the same tests on each kind."""
    if request.param == "postgresql":
        engine: Engine = request.getfixturevalue("postgres")
        with engine.begin() as connection:
            for table in (RegisterAnswerRow, RegisterQueueRow, KeeperRow, KeeperImportRow):
                connection.execute(delete(table))
        yield engine
        return
    engine = records.open_database(f"sqlite:///{tmp_path}/register.sqlite")
    records.migrate(engine)
    migrate(engine)
    yield engine
    engine.dispose()
