"""The county on either database, each test with its own; and a room to sweep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from enforcement.policy import Retention
from enforcement.retention.plan import Room
from ingest import records


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = records.open_database(database_url)
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
