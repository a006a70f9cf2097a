"""A unit's card is copied while events wait on it, and both go on: every passage arrives once."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.endtoend.test_link import ROOT, Line, wait_for


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    if shutil.which("mosquitto") is None:
        pytest.skip("Debian's package mosquitto is not installed")
    line = Line(tmp_path, "mosquitto")
    line.prepare()
    try:
        yield line
    finally:
        line.stop()


def unit(line: Line, folder: Path, first: int, count: int) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "tests.endtoend.unit_process", str(folder), str(line.port))
    with (folder / "unit.log").open("ab") as log:
        return subprocess.Popen([*command, str(first), str(count)], cwd=ROOT, stdout=log, stderr=log)


def clone(card: Path, to: Path) -> None:
    """As a copy of the whole card would be: nothing on it tells that it is another."""
    to.mkdir()
    for name in ("outbox.sqlite", "outbox.sqlite-wal", "unit.pem", "receipt-key.json"):
        shutil.copy(card / name, to)
    shutil.copytree(card / "outbox-pictures", to / "outbox-pictures")
    with closing(sqlite3.connect(to / "outbox.sqlite")) as connection:
        connection.execute("UPDATE outbox SET inode = ?", ((to / "outbox.sqlite").stat().st_ino,))
        connection.commit()


def put_by(line: Line, folder: Path, first: int, count: int, *, in_all: int) -> None:
    """Run a unit without the centre until it has put its passages, and pull the plug."""
    before = log_of(folder).count("all is with the broker")
    process = unit(line, folder, first, count)
    wait_for("its passages", lambda: len(pictures(folder)) == in_all)
    wait_for("their way to the broker", lambda: log_of(folder).count("all is with the broker") > before)
    process.kill()
    process.wait()


def log_of(folder: Path) -> str:
    log = folder / "unit.log"
    return log.read_text() if log.exists() else ""


def pictures(folder: Path) -> list[Path]:
    kept = folder / "outbox-pictures"
    return [file for file in kept.iterdir() if not file.suffix] if kept.exists() else []


def outbox_of(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "outbox.sqlite")) as connection:
        return str(connection.execute("SELECT outbox_id FROM outbox").fetchone()[0])


def test_a_copied_card_loses_nothing_and_doubles_nothing(line: Line) -> None:
    first, second = line.folder, line.folder / "second"
    line.start_broker()
    line.start_ingester()
    assert unit(line, first, 1, 2).wait(90) == 0
    line.kill("ingest")
    put_by(line, first, 1, 5, in_all=3)
    clone(first, second)
    assert outbox_of(first) == outbox_of(second)
    put_by(line, first, 1, 8, in_all=6)
    line.start_ingester()
    wait_for("the first's passages", lambda: line.stored()[0] == 8)
    # What the centre answers to the first's numbers 6 to 8 is heard by the second, which has others there.
    assert unit(line, second, 100, 3).wait(90) == 0
    assert unit(line, first, 1, 8).wait(90) == 0
    wait_for("all of both", lambda: line.stored() == (11, 11, 0))
    assert outbox_of(first) != outbox_of(second)
