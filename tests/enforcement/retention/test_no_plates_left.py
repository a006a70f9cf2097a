"""After a sweep nothing names a vehicle whose time is over: each row and all files of the office are read.

Of SQLite the bytes of its file are read too, for what was deleted; PostgreSQL overwrites that by its vacuum.
That no picture shows a second vehicle's plate is tests/edge/test_neighbours_plate.py.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine, MetaData
from sqlalchemy.orm import Session

from config.vrm import spaced
from enforcement.cases.rows import case_row
from enforcement.cases.states import Event
from enforcement.letters.batch import send_letters
from enforcement.register.queue import claim
from enforcement.retention.plan import Room
from enforcement.retention.sweep import apply
from enforcement.tables import RegisterAnswerRow
from ingest import records
from tests.enforcement.county import NOON, County
from tests.enforcement.letters.desk import a_room, confirm, drive_through, event, keeper_of
from tests.enforcement.retention.records_office import pair_of_two_vehicles, put_pictures_on_disk, quarantine

CLOSED, LIVE, CAR = "AB12CDE", "AB11CDE", "XY34ZZT"
ALIKE = "A811CDE"  # close to the live one's: another vehicle, once taken for it
LONG_AFTER = NOON.replace(year=2031)


@pytest.fixture
def full(county: County, room: Room) -> County:
    """A live and a closed case with letters, a car's plate in quarantine and in the register's tables.

    The live case's entry was once paired with another vehicle's exit, and that pair was withdrawn.
    """
    officer = county.add_officer()
    drive_through(county, [LIVE, CLOSED])
    for case_id in (1, 2):
        confirm(county, case_id, officer)
    send_letters(a_room(county.engine, room.data_dir), NOON)
    event(county, 2, Event.CLOSE, officer, reason=f"{spaced(CLOSED)} was stopped with {CAR}; told its driver")
    with Session(county.engine) as session:
        live = records.transit(session, "demo", case_row(session, "demo", 1).transit_id)
    other = county.passage(ALIKE, NOON - timedelta(days=8), "east", direction="away")
    pair_of_two_vehicles(room, live, other, ALIKE)
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
    for vrm in (CLOSED, CAR, LIVE, ALIKE, spaced(ALIKE)):
        assert _places(full, tmp_path, vrm), f"{vrm} is nowhere before the sweep"
    apply(room, LONG_AFTER)
    for gone in (CLOSED, spaced(CLOSED), CAR, ALIKE, spaced(ALIKE), "Beech Haulage", "1 Beech Yard"):
        assert _places(full, tmp_path, gone) == [], f"{gone} is still there"
    assert _places(full, tmp_path, LIVE), "the live case keeps its vehicle"
    with Session(full.engine) as session:
        assert keeper_of(session, "demo", LIVE, NOON)


def test_young_records_of_another_vehicle_stay(full: County, room: Room, tmp_path: Path) -> None:
    apply(room, NOON + timedelta(days=300))
    assert _places(full, tmp_path, CAR)


def _places(county: County, folder: Path, words: str) -> list[str]:
    """Tables and files that name something, in their bytes or a PDF's text; not the force's own feed."""
    tables = _tables(county.engine, words)
    county.engine.dispose()
    if county.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(county.engine.url.database))) as connection:
            # puts the journal into the file
            assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    files = (path for path in folder.rglob("*") if path.is_file() and path != county.register_path)
    return tables + sorted(path.name for path in files if _names(path, words))


def _tables(engine: Engine, words: str) -> list[str]:
    """The tables with a row that names something."""
    everything = MetaData()
    everything.reflect(engine)
    with engine.connect() as connection:
        return [
            table.name
            for table in everything.sorted_tables
            if any(words in repr(tuple(row)) for row in connection.execute(table.select()))
        ]


def _names(path: Path, words: str) -> bool:
    if words.encode() in path.read_bytes():
        return True
    spaced = f"{words[:4]} {words[4:]}"
    return path.suffix == ".pdf" and any(
        each in page.extract_text() for page in PdfReader(path).pages for each in (words, spaced)
    )
