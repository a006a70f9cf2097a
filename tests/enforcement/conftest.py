"""A migrated database and a county with one village, one order, two cameras and an empty register."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine

from config.link import load_or_make_key
from config.wire.envelope import SigningKey
from ingest import records
from tests.enforcement.county import County, an_order


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command sets up logs on the error stream of its test, which is closed when the test ends."""
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    engine = records.open_database(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def unit_key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return load_or_make_key(tmp_path_factory.mktemp("key") / "key.pem", "unit-west")


@pytest.fixture
def county(engine: Engine, unit_key: SigningKey, tmp_path: Path) -> County:
    """One order over one village with two cameras, and a register without an entry."""
    register = tmp_path / "register.csv"
    register.write_text("registrationNumber,typeApproval,revenueWeight,make,colour,asOf\n", encoding="utf-8")
    county = County(engine, unit_key, register)
    county.add_order(an_order())
    county.add_site("west")
    county.add_site("east")
    return county
