"""Three confirmed cases of three vehicles, 1 to 3, and one that still waits for its officer."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement.people import User
from tests.enforcement.county import County
from tests.enforcement.letters.desk import KEEPERS, confirm, drive_through


@pytest.fixture
def officer(county: County) -> User:
    return county.add_officer()


@pytest.fixture
def confirmed(county: County, officer: User) -> County:
    drive_through(county, list(KEEPERS))
    for case_id in (1, 2, 3):
        confirm(county, case_id, officer)
    return county


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "enforcement"
