"""Three confirmed cases of three vehicles, 1 to 3, and one that still waits for its officer."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement.cases.states import Event
from enforcement.people import User
from tests.enforcement.county import County
from tests.enforcement.letters.desk import KEEPERS, drive_through, event


@pytest.fixture
def officer(county: County) -> User:
    return county.add_officer()


@pytest.fixture
def confirmed(county: County, officer: User) -> County:
    drive_through(county, list(KEEPERS))
    for case_id in (1, 2, 3):
        event(county, case_id, Event.CONFIRM, officer)
    return county


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "enforcement"
