"""A damaged file is put aside and told, a new outbox id begun, and nothing that can be read is lost."""

from __future__ import annotations

import os
import random
import sqlite3
from pathlib import Path

import pytest

from config.wire import digest_of
from edge.outbox.file import DiskFull
from edge.outbox.outbox import Outbox
from tests.edge.outboxes import files_of, lost, picture, pictures_here, receipt, waiting
from tests.edge.small_disk import fill

PAGE_BYTES = 4096
PICTURES = [picture(f"picture {n}") for n in range(40)]


def payload(n: int) -> bytes:
    evidence = ",".join(f'{{"sha256":"{PICTURES[n].sha256}"}}' for n in (n,))
    return f'{{"n":{n},"evidence":[{evidence}],"raw":"{"x" * 900}"}}'.encode()


def filled(path: Path) -> str:
    """An outbox with 40 events, of which the centre has 5, and one of their pictures; its id."""
    outbox = Outbox(path)
    for n in range(40):
        outbox.put(f"event {n}", "passage", payload(n), [PICTURES[n]])
    outbox.apply(receipt(outbox, *range(1, 6), held_evidence=(PICTURES[0].sha256,)))
    outbox.close()
    return outbox.outbox_id


PENDING = {payload(n) for n in range(5, 40)}


def kept_aside(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.glob("*.damaged*"))


def test_a_file_that_is_no_database_is_put_aside(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    path.write_bytes(b"this is no database at all" * 100)
    outbox = Outbox(path)
    assert lost(outbox) == {"outbox_damaged": {None}}
    assert outbox.put("a", "passage", b"") == 1
    outbox.close()
    assert kept_aside(path) == ["outbox.sqlite.damaged-1"]
    assert (tmp_path / "outbox.sqlite.damaged-1").read_bytes() == b"this is no database at all" * 100


def test_another_database_is_put_aside_unread(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE somebody_elses (x)")
    other.close()
    outbox = Outbox(path)
    assert lost(outbox) == {"outbox_damaged": {None}}
    outbox.close()


def test_an_empty_file_of_a_first_start_that_was_cut_off_is_made_use_of(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    path.touch()
    outbox = Outbox(path)
    assert (outbox.put("a", "passage", b""), lost(outbox)) == (1, {})
    outbox.close()


@pytest.mark.parametrize("seed", range(12))
def test_what_can_be_read_of_a_torn_file_goes_on(tmp_path: Path, seed: int) -> None:
    """One page of the file is as no outbox has written it; all events of other pages go on."""
    path = tmp_path / "outbox.sqlite"
    earlier = filled(path)
    dice = random.Random(seed)
    pages = path.stat().st_size // PAGE_BYTES
    spoil(path, dice.randrange(1, pages), dice)
    outbox = Outbox(path)
    payloads = set(waiting(outbox).values())
    assert payloads <= PENDING
    assert len(payloads) >= 35 - 4
    if outbox.outbox_id != earlier:
        (told,) = outbox.untold(9)
        assert told.cause == "outbox_damaged"
        assert told.earlier is not None
        assert told.earlier.carried == len(payloads)
        assert sorted(waiting(outbox)) == list(range(1, len(payloads) + 1))
        assert kept_aside(path)[0] == "outbox.sqlite.damaged-1"
    assert files_of(path) == {one.sha256 for one in PICTURES[1:]}
    assert pictures_here(outbox, *PICTURES) == {one.sha256 for one in PICTURES[1:]}
    outbox.close()


def test_a_file_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    earlier = filled(path)
    os.truncate(path, path.stat().st_size // 2)
    outbox = Outbox(path)
    assert outbox.outbox_id != earlier
    assert set(waiting(outbox).values()) <= PENDING
    (told,) = outbox.untold(9)
    assert told.earlier is not None
    assert (told.earlier.outbox_id, told.earlier.last_seq) == (earlier, 40)
    outbox.close()


def test_an_event_whose_bytes_have_changed_is_not_sent(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    earlier = filled(path)
    raw = path.read_bytes()
    assert raw.count(b'{"n":20,') == 1
    path.write_bytes(raw.replace(b'{"n":20,', b'{"n":99,'))
    outbox = Outbox(path)
    assert outbox.outbox_id == earlier  # as a table it is whole
    sent = set(waiting(outbox).values())
    assert sent == PENDING - {payload(20)}
    assert outbox.outbox_id != earlier
    assert [one.cause for one in outbox.untold(9)] == ["outbox_damaged"]
    outbox.close()


def test_damage_found_while_the_unit_runs_does_not_stop_it(tmp_path: Path) -> None:
    """What SQLite has not in its memory is spoiled: half of 20 MB."""
    path = tmp_path / "outbox.sqlite"
    outbox = Outbox(path)
    for n in range(20):
        outbox.put(f"event {n}", "passage", b'"%d"' % n * 300_000)
    outbox.close()
    outbox = Outbox(path)
    before, dice = outbox.outbox_id, random.Random(1)
    for page in range(path.stat().st_size // PAGE_BYTES // 2, path.stat().st_size // PAGE_BYTES):
        spoil(path, page, dice)
    kept = waiting(outbox)
    assert outbox.outbox_id != before
    assert 8 <= len(kept) <= 12
    assert sorted(kept) == list(range(1, len(kept) + 1))
    assert outbox.put("the next", "passage", b'"next"') == len(kept) + 1
    outbox.close()


def test_a_damaged_outbox_without_room_for_a_new_one_goes_on_when_there_is_room(small_disk: Path) -> None:
    path = small_disk / "outbox.sqlite"
    outbox = Outbox(path)
    outbox.put("a", "passage", b'"a"')
    outbox.close()
    path.write_bytes(path.read_bytes().replace(b'"a"', b'"b"'))
    outbox = Outbox(path)
    filler = fill(small_disk)
    for _ in range(2):
        with pytest.raises(DiskFull):
            waiting(outbox)
    filler.unlink()
    assert waiting(outbox) == {}
    assert outbox.put("b", "passage", b'"b"') == 1
    assert lost(outbox) == {"outbox_damaged": {None}}
    outbox.close()


@pytest.mark.parametrize("cut", ["before the file", "after both"])
def test_a_file_that_is_put_aside_goes_with_its_log(tmp_path: Path, cut: str) -> None:
    """What the log holds is newer than the file, and a file without it looks as if nothing were missing."""
    path, waiting_name = tmp_path / "outbox.sqlite", "outbox.sqlite.damaged-1.waiting"
    outbox = Outbox(path)
    outbox.put("old", "passage", b'"old"')
    outbox.close()
    outbox = Outbox(path)
    outbox.put("new", "passage", b'"new"')
    copies = {end: Path(f"{path}{end}").read_bytes() for end in ("", "-wal")}
    outbox.close()
    assert b'"new"' not in copies[""]
    (tmp_path / f"{waiting_name}-wal").write_bytes(copies["-wal"])
    (path if cut == "before the file" else tmp_path / waiting_name).write_bytes(copies[""])
    if cut != "before the file":
        path.unlink()
    outbox = Outbox(path)
    assert set(waiting(outbox).values()) == {b'"old"', b'"new"'}
    assert kept_aside(path)[0] == "outbox.sqlite.damaged-1"
    outbox.close()


def test_damage_upon_damage_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    filled(path)
    path.rename(tmp_path / "outbox.sqlite.damaged-1.waiting")
    path.write_bytes(b"damaged, too")
    outbox = Outbox(path)
    assert set(waiting(outbox).values()) == PENDING
    assert [one.cause for one in outbox.untold(9)] == ["outbox_damaged"] * 2
    assert kept_aside(path) == ["outbox.sqlite.damaged-1", "outbox.sqlite.damaged-2"]
    outbox.close()


@pytest.mark.parametrize("done", range(4))
def test_a_rescue_that_is_broken_off_is_gone_on_with(tmp_path: Path, done: int) -> None:
    """As power cuts would leave it: renamed, no new file; with one; with its content; all but named."""
    path = tmp_path / "outbox.sqlite"
    filled(path)
    pending = tmp_path / "outbox.sqlite.damaged-1.waiting"
    path.rename(pending)
    if done == 1:
        path.touch()
    if done >= 2:
        rescued = Outbox(path)
        rescued.close()
    if done == 3:
        (tmp_path / "outbox.sqlite.damaged-1").rename(pending)
    outbox = Outbox(path)
    assert set(waiting(outbox).values()) == PENDING
    assert sum(one.cause == "outbox_damaged" for one in outbox.untold(9)) == 1
    assert kept_aside(path)[0] == "outbox.sqlite.damaged-1"
    assert pictures_here(outbox, *PICTURES) == {one.sha256 for one in PICTURES[1:]}
    outbox.close()


def test_pictures_of_events_that_are_carried_over_follow_them(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    filled(path)
    path.rename(tmp_path / "outbox.sqlite.damaged-1.waiting")
    outbox = Outbox(path)
    ready = {one.sha256 for one in outbox.pictures_to_send(set(), 99)}
    assert ready == {one.sha256 for one in PICTURES[1:5]}
    number = next(seq for seq, sent in waiting(outbox).items() if sent == payload(30))
    outbox.apply(receipt(outbox, number, digests=(digest_of(payload(30)),)))
    now = {one.sha256 for one in outbox.pictures_to_send(set(), 99)}
    assert now == ready | {PICTURES[30].sha256}
    outbox.close()


def spoil(path: Path, page: int, dice: random.Random) -> None:
    with path.open("r+b") as file:
        file.seek(page * PAGE_BYTES)
        file.write(dice.randbytes(PAGE_BYTES))
