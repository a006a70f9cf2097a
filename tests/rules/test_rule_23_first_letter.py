"""Rule 23: the first letter says "possible"; batches are idempotent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from enforcement.letters.batch import send_letters
from enforcement.letters.room import Run
from tests.enforcement.county import County
from tests.enforcement.letters.desk import KEEPERS, a_room, confirm, drive_through, text_of


@pytest.fixture
def confirmed(county: County) -> County:
    """Two confirmed cases of two vehicles."""
    drive_through(county, list(KEEPERS)[:2])
    officer = county.add_officer()
    for case_id in (1, 2):
        confirm(county, case_id, officer)
    return county


def test_the_first_letter_says_possible(confirmed: County, tmp_path: Path) -> None:
    (batch,) = send_letters(a_room(confirmed.engine, tmp_path), confirmed.now).batches
    assert len(batch.letters) == 2
    for path in batch.letters:
        assert "A possible offence" in text_of(path)


def test_a_second_run_sends_nothing(confirmed: County, tmp_path: Path) -> None:
    room = a_room(confirmed.engine, tmp_path)
    send_letters(room, confirmed.now)
    assert send_letters(room, confirmed.now + timedelta(days=1)) == Run()
