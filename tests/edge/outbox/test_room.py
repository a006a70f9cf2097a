"""A disk without room: the oldest pictures go, never an event, and each loss is told."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from edge.outbox.file import DiskFull, OutboxError
from edge.outbox.outbox import Outbox, OutboxPicture
from tests.edge.outbox.recorded_disk import Op, RecordedDisk
from tests.edge.outboxes import files_of, lost, picture, pictures_here, receipt, waiting
from tests.edge.small_disk import fill

PICTURES = [picture(str(n), 50_000) for n in range(12)]


def put(outbox: Outbox, *numbers: int) -> None:
    for n in numbers:
        assert outbox.put(f"event {n}", "passage", b"%d" % n, [PICTURES[n]]) is not None


def hashes(*numbers: int) -> set[str]:
    return {PICTURES[n].sha256 for n in numbers}


def test_over_its_cap_the_oldest_pictures_go_and_no_event(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    outbox = Outbox(path, most_bytes=300_000)
    put(outbox, *range(10))
    assert sorted(waiting(outbox).values()) == [b"%d" % n for n in range(10)]
    gone = lost(outbox)["disk_full"]
    assert gone == hashes(*range(len(gone)))
    assert 5 <= len(gone) <= 7
    assert files_of(path) == hashes(*range(len(gone), 10))
    assert pictures_here(outbox, *PICTURES[:10]) == hashes(*range(len(gone), 10))
    assert outbox.state().used_bytes <= 300_000
    outbox.close()


def test_a_cap_below_what_events_need_leaves_events_only(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite", most_bytes=1)
    put(outbox, 0, 1)
    assert (outbox.depth(), outbox.pictures_waiting()) == (2, 0)
    assert lost(outbox) == {"disk_full": hashes(0, 1)}
    outbox.close()


def test_a_picture_that_went_is_told_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite", most_bytes=1)
    put(outbox, 0)
    for _ in range(3):
        assert outbox.apply(receipt(outbox, want_evidence=tuple(hashes(0)))).gone == hashes(0)
    assert lost(outbox) == {"disk_full": hashes(0)}
    outbox.tell("a" * 32, b"{}", outbox.untold(9))
    outbox.apply(receipt(outbox, want_evidence=tuple(hashes(0))))
    assert lost(outbox) == {}
    assert [entry.kind for entry in outbox.entries_to_send(set(), 9)] == ["loss", "passage"]
    outbox.close()


def test_on_a_full_disk_the_oldest_pictures_make_room_for_events(small_disk: Path) -> None:
    outbox = Outbox(small_disk / "outbox.sqlite")
    put(outbox, 0, 1, 2, 3)
    fill(small_disk)
    put(outbox, 4, 5)
    gone = lost(outbox)["disk_full"]
    assert gone == hashes(*range(len(gone)))
    assert files_of(small_disk / "outbox.sqlite") == hashes(*range(6)) - gone
    assert 1 <= len(gone) <= 5
    assert sorted(waiting(outbox).values()) == [b"%d" % n for n in range(6)]
    outbox.close()
    again = Outbox(small_disk / "outbox.sqlite")
    assert sorted(waiting(again).values()) == [b"%d" % n for n in range(6)]
    again.close()


def test_a_full_disk_without_pictures_takes_nothing_and_goes_on_when_there_is_room(small_disk: Path) -> None:
    outbox = Outbox(small_disk / "outbox.sqlite")
    filler = fill(small_disk)
    with pytest.raises(DiskFull, match="make room"):
        fill_with_events(outbox)
    assert outbox.storage == "full"
    before = waiting(outbox)
    filler.unlink()
    assert outbox.put("the next", "passage", b"next", [PICTURES[1]]) == max(before, default=0) + 1
    assert waiting(outbox).items() >= before.items()
    assert pictures_here(outbox, PICTURES[1]) == hashes(1)
    outbox.close()


def test_receipts_are_applied_on_a_full_disk(small_disk: Path) -> None:
    outbox = Outbox(small_disk / "outbox.sqlite")
    put(outbox, *range(6))
    fill(small_disk)
    applied = outbox.apply(receipt(outbox, *range(1, 7), held_evidence=tuple(hashes(0, 1, 2))))
    assert (applied.accepted, applied.held) == (6, 3)
    assert (outbox.depth(), outbox.pictures_waiting(), lost(outbox)) == (0, 3, {})
    outbox.close()


def test_a_file_system_that_turns_read_only_is_told_and_survived(tmp_path: Path) -> None:
    """A file that is open for writing keeps a file system from being remounted: each write fails instead."""
    disk = RecordedDisk(tmp_path)
    with disk.recording():
        outbox = Outbox(tmp_path / "outbox.sqlite", sync=disk.sync)
        put(outbox, 0)
        outbox.apply(receipt(outbox, 1))
        put(outbox, 1)
        disk.answer = lambda op: sqlite3.SQLITE_IOERR_WRITE
        assert outbox.storage == "ok"
        with pytest.raises(OutboxError, match="check its disk"):
            put(outbox, 2)
        assert outbox.storage == "failing"
        with pytest.raises(OutboxError, match="check its disk"):
            outbox.apply(receipt(outbox, 2))
        assert waiting(outbox) == {2: b"1"}
        assert [one.sha256 for one in outbox.pictures_to_send(set(), 9)] == [PICTURES[0].sha256]
        disk.answer = lambda op: 0
        put(outbox, 2)
        assert outbox.storage == "ok"
        assert waiting(outbox) == {2: b"1", 3: b"2"}
        assert lost(outbox) == {}
        outbox.close()


def test_pictures_that_cannot_be_written_keep_their_event_waiting(small_disk: Path) -> None:
    outbox = Outbox(small_disk.parent / "disk.sqlite")
    pictures = small_disk.parent / "disk-pictures"
    subprocess.run(["mount", "--bind", small_disk, pictures], check=True)
    remount(pictures, "bind,ro")
    with pytest.raises(OutboxError, match="Read-only"):
        put(outbox, 0)
    assert waiting(outbox) == {}
    remount(pictures, "bind,rw")
    put(outbox, 0)
    assert pictures_here(outbox, PICTURES[0]) == hashes(0)
    outbox.close()
    subprocess.run(["umount", "--lazy", pictures], check=True)


def test_an_outbox_cannot_begin_on_a_read_only_file_system(small_disk: Path) -> None:
    remount(small_disk, "ro")
    with pytest.raises(OutboxError, match="data_dir"):
        Outbox(small_disk / "unit" / "outbox.sqlite")
    remount(small_disk, "rw")


@pytest.mark.parametrize(
    ("code", "kind"), [(sqlite3.SQLITE_FULL, DiskFull), (sqlite3.SQLITE_IOERR, OutboxError)]
)
@pytest.mark.parametrize("write", range(1, 14, 3))
def test_whichever_write_fails_the_event_is_put_whole_or_not_at_all(
    tmp_path: Path, code: int, kind: type[OutboxError], write: int
) -> None:
    """The disk fails from one write of the transaction on, and is well again afterwards."""
    disk, left = RecordedDisk(tmp_path), [10**9]

    def answer(op: Op) -> int:
        left[0] -= 1
        return code if left[0] < 0 and op.what != "truncate" else 0

    disk.answer = answer
    with disk.recording():
        outbox = Outbox(tmp_path / "outbox.sqlite", sync=disk.sync)
        outbox.put("before", "passage", b"before")
        left[0] = write
        it = ("it", "passage", b"it" * 3000, [PICTURES[0], PICTURES[1]])
        with suppress(kind):
            assert outbox.put(*it) == 2
        left[0] = 10**9
        assert outbox.put(*it) in (2, None)
        assert set(waiting(outbox)) == {1, 2}
        outbox.close()


def fill_with_events(outbox: Outbox) -> None:
    """Until the last page that the file had left is used up."""
    while True:
        outbox.put(os.urandom(16).hex(), "passage", b"x" * 3000, [PICTURES[0]])


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", folder], check=True)


def test_pictures_of_other_bytes_do_not_count_as_full(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    outbox.put("a", "passage", b"", [OutboxPicture("0" * 64, b"not these bytes")])
    outbox.apply(receipt(outbox, 1))
    assert outbox.pictures_to_send(set(), 9) == []
    assert lost(outbox) == {"picture_damaged": {"0" * 64}}
    outbox.close()
