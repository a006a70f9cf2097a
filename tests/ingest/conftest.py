"""A migrated database, a clock that stands still, and messages as a unit would send them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.database import migrate, open_database


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/hgv.sqlite")
    migrate(engine)
    yield engine
    engine.dispose()
