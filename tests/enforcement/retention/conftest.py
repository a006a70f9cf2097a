"""The county on either database, each test with its own; and a room to sweep."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from enforcement.database import migrate
from enforcement.policy import Retention
from enforcement.retention.plan import Room
from ingest import records
from tests.contract.databases import postgres_programs, private_postgres

_numbers = itertools.count(1)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> Iterator[Callable[[Path], str]]:
    """Gives the URL of a migrated database each time it is called; all are copies of one."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            folder = request.getfixturevalue("tmp_path_factory").mktemp("plain")
            _migrated(f"sqlite:///{folder}/hgv.sqlite")
            yield lambda path: f"sqlite:///{shutil.copy(folder / 'hgv.sqlite', path)}"
            return
        programs = postgres_programs()
        if programs is None:
            pytest.skip("Debian's package postgresql is not installed")
        server = stack.enter_context(private_postgres(programs))
        _run(server, "CREATE DATABASE plain")
        _migrated(f"{server}/plain")
        yield lambda path: _copied(server)


def _migrated(url: str) -> None:
    engine = records.open_database(url)
    records.migrate(engine)
    migrate(engine)
    engine.dispose()


def _copied(server: str) -> str:
    name = f"hgv{next(_numbers)}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE plain")
    return f"{server}/{name}"


def _run(server: str, statement: str) -> None:
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def engine(new_database: Callable[[Path], str], tmp_path: Path) -> Iterator[Engine]:
    engine = records.open_database(new_database(tmp_path / "hgv.sqlite"))
    yield engine
    engine.dispose()


@pytest.fixture
def room(engine: Engine, tmp_path: Path) -> Room:
    """Twelve months for what is unconfirmed, thirty-six for ended cases."""
    return Room(
        engine=engine,
        authority="demo",
        retention=Retention(unconfirmed_months=12, closed_case_months=36),
        evidence_dir=tmp_path / "evidence",
        data_dir=tmp_path / "enforcement",
        who="uid:1000",
    )
