"""A run that is cut off at any of its steps is resumed with the same number and bytes, on both databases.

The steps are found, not listed: every commit and every file that gets its name. The run is cut before each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from config.wire.envelope import SigningKey
from enforcement import audit
from enforcement.cases.states import CaseState, Event
from enforcement.letters.batch import send_letters
from enforcement.letters.room import LetterRoom, Run
from enforcement.tables import BatchRow, CaseDecisionRow, CaseRow, DispatchRow, LetterRow
from ingest import records
from tests.contract.databases import copy_database
from tests.enforcement.county import County, an_order
from tests.enforcement.letters.desk import KEEPERS, a_room, confirm, drive_through

_on_step: Callable[[], None] | None = None


def _hook(name: str, arguments: tuple[Any, ...]) -> None:
    """Counts as a step whenever a whole letter, list or manifest gets its name."""
    if name == "os.rename" and _on_step is not None and "batch-" in str(arguments[1]):
        _on_step()


sys.addaudithook(_hook)


class _Cut(BaseException):
    """The process ends here."""


@contextmanager
def _steps(engine: Engine, before: Callable[[int], None]) -> Iterator[None]:
    """Calls `before` with 0, 1, 2, ... before each commit and each naming of a file."""
    global _on_step
    count = iter(range(1_000_000))

    def step(*_: object) -> None:
        before(next(count))

    event.listen(engine, "commit", step)
    _on_step = step
    try:
        yield
    finally:
        _on_step = None
        event.remove(engine, "commit", step)


def _prepare(url: str, key: SigningKey, register: Path) -> County:
    """Two confirmed cases, and nothing open to the database any more."""
    engine = records.open_database(url)
    register.write_text("registrationNumber,typeApproval,revenueWeight,make,colour,asOf\n", encoding="utf-8")
    county = County(engine, key, register)
    county.add_order(an_order())
    county.add_site("west")
    county.add_site("east")
    officer = county.add_officer()
    drive_through(county, list(KEEPERS)[:2])
    for case_id in (1, 2):
        confirm(county, case_id, officer)
    engine.dispose()
    return county


def _copy(url: str, file: Path) -> Engine:
    return records.open_database(copy_database(url, file))


def _papers(data_dir: Path) -> dict[str, bytes]:
    return {
        path.relative_to(data_dir).as_posix(): path.read_bytes()
        for path in sorted(data_dir.rglob("*"))
        if path.is_file() and not path.name.endswith(".new")
    }


def test_run_that_is_cut_off_at_any_step_is_resumed(
    database_url: str, unit_key: SigningKey, tmp_path: Path
) -> None:
    county = _prepare(database_url, unit_key, tmp_path / "register.csv")
    steps: list[int] = []
    engine = _copy(database_url, tmp_path / "whole.sqlite")
    with _steps(engine, steps.append):
        send_letters(a_room(engine, tmp_path / "whole"), county.now)
    engine.dispose()
    whole = _papers(tmp_path / "whole")
    assert len(whole) == 2 + 3  # the letters, two files for the post room, the manifest
    assert len(steps) >= 1 + 2 * 2 + 3 + 1  # opened; each letter's file and row; three files; finished
    for step in steps[1:]:  # before the first nothing has begun
        engine = _copy(database_url, tmp_path / f"cut-{step}.sqlite")
        _cut_and_resume(a_room(engine, tmp_path / f"cut-{step}"), county.now, step, whole)
        engine.dispose()


def _cut_and_resume(room: LetterRoom, now: datetime, step: int, whole: dict[str, bytes]) -> None:
    def cut(number: int) -> None:
        if number == step:
            raise _Cut

    with pytest.raises(_Cut), _steps(room.engine, cut):
        send_letters(room, now)
    before = _papers(room.data_dir)
    assert before.items() <= whole.items(), f"step {step}: what was written is not what belongs there"
    resumed = send_letters(room, now + timedelta(days=3))
    assert [(batch.batch_id, len(batch.letters)) for batch in resumed.batches] == [(1, 2)], f"step {step}"
    assert _papers(room.data_dir) == whole, f"step {step}: the bytes differ"
    assert (resumed.held_back, resumed.keeper_to_be_asked_for) == ({}, {})
    _see_that_all_is_there_once(room.engine)
    assert send_letters(room, now + timedelta(days=4)) == Run()


def _see_that_all_is_there_once(engine: Engine) -> None:
    with Session(engine) as session:
        assert set(session.scalars(select(CaseRow.state))) == {CaseState.LETTER_SENT}
        assert sorted(session.scalars(select(LetterRow.case_id))) == [1, 2]
        letters = sorted(session.scalars(select(LetterRow.letter_id)))
        assert sorted(session.scalars(select(DispatchRow.letter_id))) == letters
        sent = select(CaseDecisionRow.case_id).where(CaseDecisionRow.event == Event.SEND_FIRST_LETTER)
        assert sorted(session.scalars(sent)) == [1, 2]
        assert session.scalars(select(BatchRow)).one().finished_at is not None
        audit.verify(session, "demo")
