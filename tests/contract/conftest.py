"""The same tests on every database."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from ingest.commit import Committer
from ingest.database import migrate, open_database
from tests.contract.databases import postgres_programs, private_postgres
from tests.ingest.units import committer_on

NewDatabase = Callable[[], str]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A private PostgreSQL; skips where Debian's package is missing."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("Debian's package postgresql is not installed")
    with private_postgres(programs) as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    """Gives the URL of an empty database each time it is called."""
    if request.param == "sqlite":
        folder: Path = tmp_path_factory.mktemp("databases")
        return lambda: f"sqlite:///{folder}/{next(_numbers)}.sqlite"
    server: str = request.getfixturevalue("postgres")

    def make() -> str:
        name = f"hgv{next(_numbers)}"
        engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return f"{server}/{name}"

    return make


@pytest.fixture
def engine(new_database: NewDatabase) -> Iterator[Engine]:
    engine = open_database(new_database())
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def committer(engine: Engine, tmp_path: Path) -> Committer:
    return committer_on(engine, tmp_path / "evidence")
