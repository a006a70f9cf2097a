"""The outbox: what is put stays until a receipt says otherwise, whatever happens to the process."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.wire import Receipt, Refusal
from edge.outbox.file import OutboxError, OutboxInUse
from edge.outbox.look import waiting_in
from edge.outbox.outbox import Outbox, OutboxPicture, Step


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    yield outbox
    outbox.close()


def receipt(outbox: Outbox, *accepted: int, **told: object) -> Receipt:
    return Receipt(agent_id="unit-1", outbox_id=outbox.outbox_id, accepted=accepted, **told)


def picture(name: str) -> OutboxPicture:
    return OutboxPicture(hash_of(name), name.encode())


def hash_of(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def test_events_are_numbered_and_kept_until_their_receipt(outbox: Outbox) -> None:
    assert [outbox.put(str(n), "passage", b"%d" % n) for n in range(3)] == [1, 2, 3]
    assert {entry.payload for entry in outbox.entries_to_send(set(), 10)} == {b"0", b"1", b"2"}
    assert outbox.apply(receipt(outbox, 1, 3)).accepted == 2
    assert [entry.seq for entry in outbox.entries_to_send(set(), 10)] == [2]
    assert (outbox.depth(), outbox.last_seq()) == (1, 3)


def test_numbers_are_never_given_twice(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    first = Outbox(path)
    first.put("a", "passage", b"")
    first.apply(receipt(first, 1))
    first.close()
    again = Outbox(path)
    assert again.outbox_id == first.outbox_id
    assert (again.put("b", "passage", b""), again.last_seq()) == (2, 2)
    again.close()


def test_the_same_message_is_put_once_even_after_its_receipt(outbox: Outbox) -> None:
    assert outbox.put("a", "passage", b"1") == 1
    assert outbox.put("a", "passage", b"1") is None
    outbox.apply(receipt(outbox, 1))
    assert outbox.put("a", "passage", b"1", [picture("p")]) is None
    assert (outbox.depth(), outbox.pictures_waiting()) == (0, 0)


def test_a_new_outbox_has_a_new_id(tmp_path: Path) -> None:
    outboxes = [Outbox(tmp_path / name) for name in ("one", "two")]
    assert len({outbox.outbox_id for outbox in outboxes}) == 2
    assert all(len(outbox.outbox_id) == 32 for outbox in outboxes)
    for outbox in outboxes:
        outbox.close()


def test_pictures_follow_their_event_and_go_when_they_are_held(outbox: Outbox) -> None:
    outbox.put("a", "passage", b"", [picture("p"), picture("q")])
    assert outbox.pictures_to_send(set(), 9) == []
    outbox.apply(receipt(outbox, 1))
    assert {p.jpeg for p in outbox.pictures_to_send(set(), 9)} == {b"p", b"q"}
    assert [p.jpeg for p in outbox.pictures_to_send({hash_of("p")}, 9)] == [b"q"]
    applied = outbox.apply(
        receipt(outbox, held_evidence=(hash_of("p"),), want_evidence=(hash_of("q"), hash_of("r")))
    )
    assert (applied.held, applied.wanted, applied.gone) == (1, {hash_of("q")}, {hash_of("r")})
    assert [p.jpeg for p in outbox.pictures_to_send(set(), 9)] == [b"q"]


def test_a_refused_event_goes_with_its_pictures_but_not_with_anothers(outbox: Outbox) -> None:
    outbox.put("a", "passage", b"", [picture("p"), picture("q")])
    outbox.put("b", "passage", b"", [picture("q")])
    told = receipt(outbox, 2, refused=(Refusal(seq=1, reason="undecodable"),))
    assert outbox.apply(told).refused == ((1, "undecodable"),)
    assert outbox.apply(told).refused == ()
    assert [p.jpeg for p in outbox.pictures_to_send(set(), 9)] == [b"q"]
    assert outbox.depth() == 0


def test_numbers_of_another_outbox_settle_nothing_here_but_hashes_do(outbox: Outbox) -> None:
    outbox.put("a", "passage", b"", [picture("p")])
    other = Receipt(
        agent_id="unit-1",
        outbox_id="f" * 32,
        accepted=(1,),
        refused=(Refusal(seq=1, reason=""),),
        held_evidence=(hash_of("p"),),
    )
    applied = outbox.apply(other)
    assert (applied.accepted, applied.refused, applied.held) == (0, (), 1)
    assert (outbox.depth(), outbox.pictures_waiting()) == (1, 0)


@pytest.mark.parametrize(
    ("room", "in_flight", "expected"),
    [
        (4, set(), {1, 2, 9, 10}),
        (3, {10, 1}, {2, 8, 9}),
        (99, {5}, set(range(1, 11)) - {5}),
        (0, set(), set()),
    ],
)
def test_the_oldest_and_the_newest_share_the_window(
    outbox: Outbox, room: int, in_flight: set[int], expected: set[int]
) -> None:
    for n in range(10):
        outbox.put(str(n), "traffic", b"")
    assert {entry.seq for entry in outbox.entries_to_send(in_flight, room)} == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sets(st.integers(1, 12)), max_size=8), st.integers(1, 5))
def test_every_event_is_sent_until_it_is_settled(
    tmp_path_factory: pytest.TempPathFactory, answers: list[set[int]], room: int
) -> None:
    outbox = Outbox(tmp_path_factory.mktemp("box") / "outbox.sqlite")
    for n in range(12):
        outbox.put(str(n), "passage", b"")
    left = set(range(1, 13))
    for answer in answers:
        outbox.apply(receipt(outbox, *answer))
        left -= answer
        sent = {entry.seq for entry in outbox.entries_to_send(set(), room)}
        assert sent <= left
        assert len(sent) == min(room, len(left))
    outbox.close()


CRASHES = """
import hashlib, os, sys
from pathlib import Path
from edge.outbox.outbox import Outbox, OutboxPicture, Step
from config.wire import Receipt
at = Step(sys.argv[2])
hash_of = hashlib.sha256(b"p").hexdigest()
outbox = Outbox(Path(sys.argv[1]), lambda step: os._exit(9) if step is at else None)
outbox.put("a", "passage", b"payload", [OutboxPicture(hash_of, b"p")])
outbox.apply(Receipt(agent_id="unit-1", outbox_id=outbox.outbox_id, accepted=(1,), held_evidence=(hash_of,)))
"""


@pytest.mark.parametrize(
    ("step", "depth", "pictures", "put_again"),
    [
        (Step.PICTURES_SYNCED, 0, 0, 1),
        (Step.PUT_WRITTEN, 0, 0, 1),
        (Step.PUT_COMMITTED, 1, 1, None),
        (Step.FILES_REMOVED, 1, 1, None),
        (Step.RECEIPT_WRITTEN, 1, 1, None),
        (Step.RECEIPT_COMMITTED, 0, 0, None),
    ],
)
def test_a_unit_that_dies_around_a_commit_has_all_or_nothing(
    tmp_path: Path, project_root: Path, step: Step, depth: int, pictures: int, put_again: int | None
) -> None:
    path = tmp_path / "outbox.sqlite"
    died = subprocess.run(
        [sys.executable, "-c", CRASHES, str(path), step],
        cwd=project_root,
        env={**os.environ, "PYTHONPATH": str(project_root)},
        check=False,
    )
    assert died.returncode == 9
    outbox = Outbox(path)
    assert (outbox.depth(), outbox.pictures_waiting()) == (depth, pictures)
    assert outbox.put("a", "passage", b"payload", [picture("p")]) == put_again
    outbox.close()


def test_an_outbox_of_newer_software_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    Outbox(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(OutboxError, match="newer software"):
        Outbox(path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutboxError, match="data_dir"):
        Outbox(tmp_path / "file" / "outbox.sqlite")


def test_two_units_cannot_share_an_outbox(outbox: Outbox, tmp_path: Path, project_root: Path) -> None:
    outbox.put("a", "passage", b"")
    opens = "import pathlib, sys; from edge.outbox.outbox import Outbox; Outbox(pathlib.Path(sys.argv[1]))"
    second = subprocess.run(
        [sys.executable, "-c", opens, str(tmp_path / "outbox.sqlite")],
        cwd=project_root,
        env={**os.environ, "PYTHONPATH": str(project_root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "OutboxInUse" in second.stderr
    assert "may run only once" in second.stderr
    with pytest.raises(OutboxInUse):
        waiting_in(tmp_path / "outbox.sqlite")
    assert outbox.put("b", "passage", b"") == 2


def test_a_look_into_an_outbox_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    assert waiting_in(path) is None
    assert not path.exists()
    outbox = Outbox(path)
    outbox.put("a", "passage", b"", [picture("p")])
    outbox.close()
    before = path.read_bytes()
    assert waiting_in(path) == (1, 1)
    assert path.read_bytes() == before
    path.write_bytes(b"no database" * 500)
    with pytest.raises(OutboxError, match="damaged"):
        waiting_in(path)
    assert path.read_bytes() == b"no database" * 500
