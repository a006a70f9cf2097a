"""A copy of an outbox's file begins anew, so that no number stands for two events."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.wire import Receipt, Refusal, digest_of
from edge.outbox.home import Home, differs, home_of
from edge.outbox.outbox import Outbox
from tests.edge.outboxes import lost, picture, receipt, waiting

PICTURE = picture("p")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An outbox that was closed with events 2, 4 and 5 waiting, the last of them with a picture."""
    path = tmp_path / "outbox.sqlite"
    outbox = Outbox(path)
    for n in range(1, 6):
        outbox.put(f"event {n}", "passage", b"%d" % n, [PICTURE] if n == 5 else [])
    outbox.apply(receipt(outbox, 1, 3))
    outbox.close()
    return path


def copied(path: Path, to: Path) -> Path:
    to.mkdir()
    shutil.copy2(path, to)
    shutil.copytree(path.with_name("outbox-pictures"), to / "outbox-pictures")
    return to / path.name


def test_the_file_itself_goes_on(path: Path) -> None:
    first, again = Outbox(path), None
    first.close()
    again = Outbox(path)
    assert again.outbox_id == first.outbox_id
    assert waiting(again) == {2: b"2", 4: b"4", 5: b"5"}
    again.close()


def test_a_copy_goes_on_under_another_id_and_numbers(path: Path, tmp_path: Path) -> None:
    card = copied(path, tmp_path / "another card")
    original, copy = Outbox(path), Outbox(card)
    assert copy.outbox_id != original.outbox_id
    assert waiting(copy) == {1: b"2", 2: b"4", 3: b"5"}
    assert (copy.last_seq(), copy.put("event 6", "passage", b"6"), copy.put("event 3", "passage", b"")) == (
        3,
        4,
        None,
    )
    (told,) = copy.untold(9)
    assert told.cause == "outbox_copied"
    assert told.earlier is not None
    earlier = told.earlier
    assert (earlier.outbox_id, earlier.last_seq, earlier.carried) == (original.outbox_id, 5, 3)
    copy.apply(receipt(copy, 3))
    assert [one.jpeg for one in copy.pictures_to_send(set(), 9)] == [PICTURE.jpeg]
    for outbox in (original, copy):
        outbox.close()


def test_a_backup_that_is_put_back_begins_anew(path: Path, tmp_path: Path) -> None:
    backup = copied(path, tmp_path / "backup")
    now = Outbox(path)
    now.put("event 6", "passage", b"6")
    now.close()
    path.unlink()
    backup.rename(path)
    restored = Outbox(path)
    assert restored.outbox_id != now.outbox_id
    assert sorted(waiting(restored).values()) == [b"2", b"4", b"5"]
    restored.close()


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"accepted": (2, 6)}, id="a number that was never given"),
        pytest.param(
            {"refused": (Refusal(seq=9, reason="other_bytes"),)}, id="one refused that was never given"
        ),
        pytest.param({"accepted": (2, 4), "digests": (digest_of(b"2"), digest_of(b"x"))}, id="other bytes"),
        pytest.param(
            {"refused": (Refusal(seq=4, reason="", digest=digest_of(b"x")),)}, id="other bytes refused"
        ),
    ],
)
def test_a_receipt_shows_that_another_uses_the_numbers(path: Path, told: dict[str, object]) -> None:
    """As after a whole card was written back, which nothing on it can tell."""
    outbox = Outbox(path)
    before = outbox.outbox_id
    applied = outbox.apply(Receipt(agent_id="unit-1", outbox_id=before, **told))  # type: ignore[arg-type]  # by name
    assert applied.begun_anew
    assert outbox.outbox_id != before
    left = [b"2", b"4", b"5"] if applied.accepted == 0 else [b"4", b"5"]
    assert waiting(outbox) == dict(enumerate(left, start=1))
    assert lost(outbox) == {"outbox_copied": {None}}
    late = Receipt(agent_id="unit-1", outbox_id=before, accepted=(1, 2, 3))
    assert outbox.apply(late).accepted == 0
    assert outbox.depth() == len(left)
    outbox.close()


def test_receipts_without_digests_settle_by_number(path: Path) -> None:
    outbox = Outbox(path)
    applied = outbox.apply(receipt(outbox, 2, 4, digests=(digest_of(b"2"),)))
    assert (applied.accepted, applied.begun_anew) == (2, False)
    outbox.close()


def test_late_and_repeated_receipts_change_nothing(path: Path) -> None:
    outbox = Outbox(path)
    told = receipt(outbox, 1, 2, 3, digests=tuple(digest_of(b"%d" % n) for n in (1, 2, 3)))
    first, second = outbox.apply(told), outbox.apply(told)
    assert (first.accepted, first.late, second.accepted, second.late) == (1, 2, 0, 3)
    assert not first.begun_anew
    assert not second.begun_anew
    assert waiting(outbox) == {4: b"4", 5: b"5"}
    outbox.close()


HERE = Home("board 1", "card 1", 7)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (HERE, None),
        (Home("board 2", "card 1", 7), "machine"),
        (Home("board 1", "card 2", 7), "card or disk"),
        (Home("board 1", "card 1", 8), "place on the disk"),
        (Home(None, None, None), None),
        (Home(None, "card 1", 7), None),
    ],
)
def test_what_tells_a_copy(found: Home, expected: str | None) -> None:
    assert differs(HERE, found) == expected


def test_machine_and_card_are_read_from_the_system(tmp_path: Path) -> None:
    file, root = tmp_path / "outbox.sqlite", tmp_path / "system"
    file.touch()
    numbers = file.stat().st_dev
    card = root / "sys/devices/mmc0/block/mmcblk0"
    (card / "mmcblk0p2").mkdir(parents=True)
    (card / "device").mkdir()
    (card / "device/cid").write_text("035344\n")
    link = root / f"sys/dev/block/{numbers >> 8 & 0xFFF}:{numbers & 0xFF | numbers >> 12 & 0xFFF00}"
    link.parent.mkdir(parents=True)
    link.symlink_to(card / "mmcblk0p2")
    (root / "proc/device-tree").mkdir(parents=True)
    (root / "proc/device-tree/serial-number").write_text("10000000abcdef\0")
    assert home_of(file, root) == Home("10000000abcdef", "035344", file.stat().st_ino)
    assert home_of(file, tmp_path / "nothing") == Home(None, None, file.stat().st_ino)
