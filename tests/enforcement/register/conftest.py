"""A database of each kind, and the Vehicle Enquiry Service as a simulator of it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine

from ingest import records
from tests.enforcement.register.enquirers import TestClock
from tests.enforcement.register.simulator import Simulator, simulated_service


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """An empty database; the same tests on each kind."""
    engine = records.open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> TestClock:
    """A clock that stands until it is moved."""
    return TestClock()


@pytest.fixture
def service(clock: TestClock) -> Iterator[Simulator]:
    """The service over real HTTP, by that clock."""
    with simulated_service(clock) as simulator:
        yield simulator


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """What asks it."""
    with httpx.Client(trust_env=False) as client:
        yield client
