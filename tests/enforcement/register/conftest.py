"""A database of each kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from ingest import records


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An empty database; the same tests on each kind."""
    engine = records.open_database(database_url)
    yield engine
    engine.dispose()
