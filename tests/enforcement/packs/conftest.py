"""A court made once; tests work on copies of its folder, so that each has a database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import records
from tests.enforcement.packs.court import Court, new_court


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Court:
    """Case 1 waits for an officer."""
    folder = tmp_path_factory.mktemp("court")
    court = new_court(records.open_database(f"sqlite:///{folder}/hgv.sqlite"), folder)
    court.engine.dispose()
    return court


@pytest.fixture(scope="session")
def approved(furnished: Court, tmp_path_factory: pytest.TempPathFactory) -> Court:
    """A charge is approved in case 1."""
    court = _copy(furnished, tmp_path_factory.mktemp("approved"))
    court.charge_approved()
    court.engine.dispose()
    return court


@pytest.fixture(scope="session")
def pack(approved: Court, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The pack of case 1, for reading."""
    court = _copy(approved, tmp_path_factory.mktemp("packed"))
    whole = court.make().read_bytes()
    court.engine.dispose()
    return whole


@pytest.fixture
def court(approved: Court, tmp_path: Path) -> Iterator[Court]:
    court = _copy(approved, tmp_path / "court")
    yield court
    court.engine.dispose()


@pytest.fixture
def undecided(furnished: Court, tmp_path: Path) -> Iterator[Court]:
    court = _copy(furnished, tmp_path / "undecided")
    yield court
    court.engine.dispose()


def _copy(court: Court, folder: Path) -> Court:
    shutil.copytree(court.folder, folder, dirs_exist_ok=True)
    return replace(court, engine=records.open_database(f"sqlite:///{folder}/hgv.sqlite"), folder=folder)
