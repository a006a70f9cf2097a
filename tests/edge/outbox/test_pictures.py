"""Pictures as files: whole, or told to be lost, and agreeing with the tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.outbox.outbox import Outbox
from tests.edge.outboxes import files_of, lost, picture, receipt

PICTURES = [picture(f"picture {n}") for n in range(7)]


@pytest.mark.parametrize("how", ["removed", "changed"])
def test_a_picture_that_is_not_whole_any_more_is_told_and_never_sent(tmp_path: Path, how: str) -> None:
    path = tmp_path / "outbox.sqlite"
    outbox = Outbox(path)
    outbox.put("a", "passage", b"", PICTURES[:2])
    outbox.apply(receipt(outbox, 1))
    file = tmp_path / "outbox-pictures" / PICTURES[0].sha256
    file.unlink()
    if how == "changed":
        file.write_bytes(b"other bytes")
    assert [one.sha256 for one in outbox.pictures_to_send(set(), 9)] == [PICTURES[1].sha256]
    assert lost(outbox) == {"picture_damaged": {PICTURES[0].sha256}}
    outbox.close()


def test_at_the_start_tables_and_files_are_made_to_agree(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    outbox = Outbox(path)
    outbox.put("a", "passage", b"", PICTURES[:2])
    outbox.close()
    folder = tmp_path / "outbox-pictures"
    (folder / PICTURES[0].sha256).unlink()
    (folder / PICTURES[5].sha256).write_bytes(PICTURES[5].jpeg)
    (folder / f"{PICTURES[6].sha256}.new").write_bytes(b"half of it")
    again = Outbox(path)
    assert lost(again) == {"picture_damaged": {PICTURES[0].sha256}}
    assert files_of(path) == {PICTURES[1].sha256}
    again.close()
