"""The same tests on every database."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.database.opening import open_database
from ingest.storing.commit import Committer
from tests.contract.databases import copy_database, create_database, drop_database
from tests.ingest.units import committer_on

NewDatabase = Callable[[], str]
_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    """Gives the URL of an empty database each time it is called."""
    if request.param == "sqlite":
        folder: Path = tmp_path_factory.mktemp("databases")
        return lambda: f"sqlite:///{folder}/{next(_numbers)}.sqlite"
    return partial(create_database, request.getfixturevalue("postgres"))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the test's own with ingest's tables."""
    original: str = request.getfixturevalue(f"ingest_{request.param}")
    url = copy_database(original, tmp_path / "hgv.sqlite")
    engine = open_database(url)
    yield engine
    engine.dispose()
    if request.param == "postgresql":
        drop_database(url)


@pytest.fixture
def committer(engine: Engine, tmp_path: Path) -> Committer:
    return committer_on(engine, tmp_path / "evidence")
