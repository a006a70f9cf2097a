"""After a sweep no byte on the disk names a vehicle whose time is over: all files of the office are read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from enforcement.cases.states import Event
from enforcement.database import migrate
from enforcement.letters.batch import send_letters
from enforcement.register.queue import claim
from enforcement.retention.plan import Room
from enforcement.retention.sweep import apply
from enforcement.tables import RegisterAnswerRow
from ingest import records
from tests.enforcement.county import NOON, County
from tests.enforcement.letters.desk import a_room, confirm, drive_through, event, keeper_of
from tests.enforcement.retention.records_office import put_pictures_on_disk, quarantine

CLOSED, LIVE, CAR = "AB12CDE", "AB11CDE", "XY34ZZT"
LONG_AFTER = NOON.replace(year=2031)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """SQLite alone: its file can be walked for what was deleted. PostgreSQL has its vacuum."""
    engine = records.open_database(f"sqlite:///{tmp_path}/hgv.sqlite")
    records.migrate(engine)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def full(county: County, room: Room) -> County:
    """A live and a closed case with letters, a car's plate in quarantine and in the register's tables."""
    officer = county.add_officer()
    drive_through(county, [LIVE, CLOSED])
    for case_id in (1, 2):
        confirm(county, case_id, officer)
    send_letters(a_room(county.engine, room.data_dir), NOON)
    event(county, 2, Event.CLOSE, officer)
    quarantine(room, f'{{"plate": "{CAR}"}}'.encode(), NOON)
    with Session(county.engine) as session, session.begin():
        claim(session, "demo", CAR, NOON)
        session.add(
            RegisterAnswerRow(
                authority="demo", vrm=CAR, asked_at=NOON, correlation_id="", answer={"vrm": CAR}, entry={}
            )
        )
    put_pictures_on_disk(room)
    return county


def test_no_byte_names_a_vehicle_whose_time_is_over(full: County, room: Room, tmp_path: Path) -> None:
    assert {CLOSED, CAR, LIVE} == {vrm for vrm in (CLOSED, CAR, LIVE) if _places(full, tmp_path, vrm)}
    apply(room, LONG_AFTER)
    for gone in (CLOSED, CAR, "Beech Haulage", "1 Beech Yard"):
        assert _places(full, tmp_path, gone) == [], f"{gone} is still on the disk"
    assert _places(full, tmp_path, LIVE), "the live case keeps its vehicle"
    with Session(full.engine) as session:
        assert keeper_of(session, "demo", LIVE, NOON)


def test_young_records_of_another_vehicle_stay(full: County, room: Room, tmp_path: Path) -> None:
    apply(room, NOON + timedelta(days=300))
    assert _places(full, tmp_path, CAR)


def _places(county: County, folder: Path, words: str) -> list[str]:
    """The files that name something, in their bytes or, for a PDF, in its text; not the force's own feed."""
    county.engine.dispose()
    with closing(sqlite3.connect(folder / "hgv.sqlite")) as connection:  # puts the journal into the file
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    files = (path for path in folder.rglob("*") if path.is_file() and path != county.register_path)
    return sorted(path.name for path in files if _names(path, words))


def _names(path: Path, words: str) -> bool:
    if words.encode() in path.read_bytes():
        return True
    spaced = f"{words[:4]} {words[4:]}"
    return path.suffix == ".pdf" and any(
        each in page.extract_text() for page in PdfReader(path).pages for each in (words, spaced)
    )
