"""Empty databases of both kinds, and the command line over the pilot's settings on one of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from enforcement.cli import main
from enforcement.database import migrate
from ingest import records
from tests.contract.databases import postgres_programs, private_postgres

PILOT = Path(__file__).parents[3] / "config" / "pilot"
Enforce = Callable[..., tuple[int, str, str]]
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip("Debian's package postgresql is not installed")
    with private_postgres(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with both rooms' tables, empty."""
    url = f"sqlite:///{tmp_path}/hgv.sqlite"
    if request.param == "postgresql":
        server: str = request.getfixturevalue("server")
        name = f"orders{next(_numbers)}"
        maker = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        with maker.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        maker.dispose()
        url = f"{server}/{name}"
    engine = records.open_database(url)
    records.migrate(engine)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = records.open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def enforce(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Enforce:
    """Runs `hgv-enforce` on 15 September 2026; gives code, output and errors."""
    monkeypatch.setenv("HGV_CONFIG", str(PILOT / "enforcement.yaml"))
    monkeypatch.setenv("HGV_DATABASE_URL", database_url)
    monkeypatch.setenv("HGV_DATA_DIR", str(tmp_path / "enforcement"))
    monkeypatch.setenv("HGV_CLOCK_STARTS_AT", "2026-09-15T09:00:00Z")
    monkeypatch.setenv("HGV_PASSWORD", "a long enough password")

    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run
