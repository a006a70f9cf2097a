"""A loss becomes an event: numbered, kept and sent like a passage."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.wire import Loss, Refusal, decode
from edge.messages.losses import LossTeller
from edge.outbox.outbox import Outbox
from edge.tally import Tally
from tests.edge.outboxes import files_of, picture, receipt
from tests.edge.units import NOON, UNIT

PICTURES = [picture(f"picture {n}", 1000) for n in range(1203)]


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "outbox.sqlite", most_bytes=1)
    yield outbox
    outbox.close()


def told(outbox: Outbox) -> tuple[list[Loss], Tally, list[None]]:
    """The events that tell of losses after they were told, what was counted, and how often it was said."""
    tally, said = Tally(), list[None]()
    LossTeller(UNIT, outbox, lambda: NOON, tally, lambda: said.append(None)).tell()
    entries = outbox.entries_to_send(set(), 99, newest_first=False)
    losses = {entry.seq: decode(entry.payload, Loss) for entry in entries if entry.kind == "loss"}
    return [losses[seq] for seq in sorted(losses)], tally, said


def test_pictures_that_went_are_told_in_one_event(outbox: Outbox) -> None:
    outbox.put("a", "passage", b"", PICTURES[:2])
    outbox.put("b", "passage", b"", PICTURES[2:3])
    (loss,), tally, said = told(outbox)
    assert (loss.cause, set(loss.pictures)) == ("disk_full", {one.sha256 for one in PICTURES[:3]})
    assert (loss.agent_id, loss.authority, loss.noticed_at) == (UNIT.agent_id, UNIT.authority, NOON)
    assert (loss.earlier_outbox_id, loss.carried) == (None, 0)
    counts = tally.counts()
    assert (counts["losses_put"], counts["pictures_lost"], counts["outboxes_lost"]) == (1, 3, 0)
    assert len(said) == 1
    again, tally, _ = told(outbox)
    assert (again, tally.counts()["losses_put"]) == ([loss], 0)


def test_an_event_names_no_more_pictures_than_a_message_takes(outbox: Outbox) -> None:
    outbox.put("a", "passage", b"", PICTURES)
    losses, tally, _ = told(outbox)
    assert [len(loss.pictures) for loss in losses] == [500, 500, 203]
    assert tally.counts()["pictures_lost"] == 1203


def test_each_cause_has_its_event(outbox: Outbox) -> None:
    outbox.put("a", "passage", b"", PICTURES[:1])
    outbox.apply(receipt(outbox, want_evidence=(PICTURES[7].sha256,)))
    losses, _, _ = told(outbox)
    assert {(loss.cause, loss.pictures) for loss in losses} == {
        ("disk_full", (PICTURES[0].sha256,)),
        ("not_here", (PICTURES[7].sha256,)),
    }


def test_an_outbox_that_was_copied_and_one_that_was_damaged_are_told(tmp_path: Path) -> None:
    path, copy = tmp_path / "outbox.sqlite", tmp_path / "copy.sqlite"
    first = Outbox(path)
    first.put("a", "passage", b"{}")
    first.close()
    shutil.copy(path, copy)
    path.write_bytes(b"no database")
    for file, cause in ((copy, "outbox_copied"), (path, "outbox_damaged")):
        outbox = Outbox(file)
        (loss,), tally, _ = told(outbox)
        known = cause == "outbox_copied"
        assert loss.cause == cause
        assert loss.earlier_outbox_id == (first.outbox_id if known else None)
        assert (loss.earlier_last_seq, loss.carried) == ((1, 1) if known else (None, 0))
        assert tally.counts()["outboxes_lost"] == 1
        outbox.close()


def test_pictures_that_nobody_asks_for_go_after_a_month_and_no_others(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    for name, at in (("a", 0), ("b", 1), ("c", 2)):
        outbox.put(name, "passage", name.encode(), PICTURES[at : at + 1])
    refused = tuple(Refusal(seq=seq, reason="undecodable") for seq in (1, 2))
    outbox.apply(receipt(outbox, refused=refused))
    month, day = 30 * 24 * 3600, 24 * 3600
    for picture_, age_s in zip(
        PICTURES, (month + day, month - day, month + day), strict=False
    ):  # the first three
        file = tmp_path / "outbox-pictures" / picture_.sha256
        os.utime(file, (NOON.timestamp() - age_s,) * 2)
    losses, tally, _ = told(outbox)
    assert (losses, tally.counts()["pictures_unclaimed"]) == ([], 1)
    assert files_of(tmp_path / "outbox.sqlite") == {PICTURES[1].sha256, PICTURES[2].sha256}
    asked = tuple(one.sha256 for one in PICTURES[:2])
    assert outbox.apply(receipt(outbox, want_evidence=asked)).wanted == {PICTURES[1].sha256}
    outbox.close()
