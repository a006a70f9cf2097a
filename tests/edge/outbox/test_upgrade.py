"""An upgraded unit opens the old file: everything in it goes on under its id and numbers."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge.outbox.file import SCHEMA_VERSION, OutboxError
from edge.outbox.outbox import Outbox
from tests.edge.outbox.recorded_disk import RecordedDisk, files_after_cut
from tests.edge.outboxes import files_of, lost, picture, pictures_here, receipt, waiting

OLD = Path(__file__).with_name("old_outbox.sql")
OLD_ID = "0123456789abcdef0123456789abcdef"
WAITING, READY = picture("a picture"), picture("another")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file that the first version's own SQL has made."""
    path = tmp_path / "outbox.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD.read_text())
    return path


def test_an_old_file_goes_on_under_its_id_and_numbers(old: Path) -> None:
    outbox = Outbox(old)
    assert outbox.outbox_id == OLD_ID
    assert waiting(outbox) == {2: b'{"event":2}', 4: b'{"event":4}'}
    assert outbox.last_seq() == 5
    assert [one.jpeg for one in outbox.pictures_to_send(set(), 9)] == [READY.jpeg]
    outbox.apply(receipt(outbox, 2))
    assert pictures_here(outbox, WAITING, READY) == {WAITING.sha256, READY.sha256}
    assert [outbox.put(known, "passage", b"") for known in ("one", "five", "six")] == [None, None, 6]
    assert lost(outbox) == {}
    outbox.close()
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_upgraded_file_has_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    made = tmp_path / "new.sqlite"
    for path in (old, made):
        Outbox(path).close()
    assert tables(old) == tables(made)


def tables(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"
        return [(kind, name, " ".join((sql or "").split())) for kind, name, sql in connection.execute(query)]


def test_an_upgrade_that_is_cut_off_anywhere_is_made_again(tmp_path: Path) -> None:
    path, disk = tmp_path / "outbox.sqlite", RecordedDisk(tmp_path)
    with disk.recording():
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(OLD.read_text())
        from_here = len(disk.ops)
        Outbox(path, sync=disk.sync).close()
    assert len(disk.ops) - from_here > 20
    for at in range(from_here, len(disk.ops) + 1):
        for seed, share in enumerate((0.0, 0.5, 1.0)):
            folder = tmp_path / f"{at}-{seed}"
            for file, content in files_after_cut(disk.ops[:at], at + seed, share).items():
                copy = folder / file.relative_to(tmp_path)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(content)
            outbox = Outbox(folder / "outbox.sqlite")
            assert sorted(waiting(outbox).values()) == [b'{"event":2}', b'{"event":4}'], at
            assert pictures_here(outbox, WAITING, READY) == {WAITING.sha256, READY.sha256}, at
            assert outbox.put("five", "passage", b"") is None
            outbox.close()


def test_a_damaged_old_file_is_rescued_with_its_pictures(old: Path) -> None:
    old.rename(old.with_name("outbox.sqlite.damaged-1.waiting"))
    outbox = Outbox(old)
    assert waiting(outbox) == {1: b'{"event":2}', 2: b'{"event":4}'}
    assert files_of(old) == {WAITING.sha256, READY.sha256}
    assert [one.jpeg for one in outbox.pictures_to_send(set(), 9)] == [READY.jpeg]
    (told,) = outbox.untold(9)
    assert told.earlier is not None
    assert (told.earlier.outbox_id, told.earlier.last_seq, told.earlier.carried) == (OLD_ID, 5, 2)
    outbox.close()


def test_an_outbox_of_newer_software_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    Outbox(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(OutboxError, match="newer software"):
        Outbox(path)
    assert path.read_bytes() == before
