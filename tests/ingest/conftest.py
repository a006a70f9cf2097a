"""A migrated database and a committer on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine

from ingest.database.opening import open_database
from ingest.storing.commit import Committer
from tests.contract.databases import copy_database
from tests.ingest.units import committer_on


@pytest.fixture
def engine(ingest_sqlite: str, tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(copy_database(ingest_sqlite, tmp_path / "hgv.sqlite"))
    yield engine
    engine.dispose()


@pytest.fixture
def committer(engine: Engine, tmp_path: Path) -> Committer:
    return committer_on(engine, tmp_path / "evidence")


@pytest.fixture(autouse=True)
def _logs_of_its_own() -> Iterator[None]:
    """A command sets the logs of its process; here the process goes on."""
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
