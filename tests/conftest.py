"""What all tests share: the project, measuring pictures, databases to copy, and skips that fail in CI."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from enforcement.database import migrate
from ingest import records
from tests.contract.databases import (
    copy_database,
    create_database,
    drop_database,
    postgres_programs,
    private_postgres,
)

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The project's own folder."""
    return ROOT


@pytest.fixture(scope="session")
def measuring_data() -> Path:
    """Real pictures and clips beside the project; the test is skipped where they are missing."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the measuring pictures (../shared/data) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A private PostgreSQL, its URL without a database's name; skips where Debian's package is missing."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("Debian's package postgresql is not installed")
    with private_postgres(programs) as url:
        yield url


@pytest.fixture(scope="session")
def ingest_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database with ingest's tables alone, to be copied."""
    return _migrated(f"sqlite:///{tmp_path_factory.mktemp('ingest')}/hgv.sqlite", records.migrate)


@pytest.fixture(scope="session")
def ingest_postgresql(postgres: str) -> str:
    """The same in PostgreSQL."""
    return _migrated(create_database(postgres), records.migrate)


@pytest.fixture(scope="session")
def migrated_sqlite(ingest_sqlite: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database with the tables of both rooms, to be copied."""
    return _migrated(copy_database(ingest_sqlite, tmp_path_factory.mktemp("both") / "hgv.sqlite"), migrate)


@pytest.fixture(scope="session")
def migrated_postgresql(ingest_postgresql: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same in PostgreSQL."""
    return _migrated(copy_database(ingest_postgresql, tmp_path_factory.getbasetemp()), migrate)


@pytest.fixture
def sqlite_url(migrated_sqlite: str, tmp_path: Path) -> str:
    """The URL of a database of the test's own, `hgv.sqlite`, with the tables of both rooms."""
    return copy_database(migrated_sqlite, tmp_path / "hgv.sqlite")


@pytest.fixture
def postgresql_url(migrated_postgresql: str, tmp_path: Path) -> Iterator[str]:
    """The URL of a database of the test's own with the tables of both rooms."""
    url = copy_database(migrated_postgresql, tmp_path)
    yield url
    drop_database(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same on each kind of database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def _migrated(url: str, migrate: Callable[[Engine], None]) -> str:
    engine = records.open_database(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With TESTS_MUST_RUN set, a skipped test fails the run: a missing package must not hide a test."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("TESTS_MUST_RUN") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
