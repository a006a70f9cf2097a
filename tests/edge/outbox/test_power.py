"""The power is cut at each of the outbox's writes in turn: whatever was promised before is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from config.wire import Receipt, Refusal, digest_of
from edge.outbox.outbox import Outbox, OutboxPicture
from tests.edge.outbox.recorded_disk import RecordedDisk, files_after_cut

# Nothing of what was not synced, all of it, and parts of it.
SHARES = ((1, 0.0), (2, 1.0), (3, 0.5), (4, 0.9))


EVIDENCE = {1: (1,), 2: (2, 3), 3: (), 4: (4,), 5: (5,), 6: (6,), 7: (7,), 8: (8,)}
HELD = (1,)
"""Which pictures belong to which event, and which of them the centre has in the end."""


def picture(number: int) -> OutboxPicture:
    jpeg = b"%d " % number * 2000
    return OutboxPicture(hashlib.sha256(jpeg).hexdigest(), jpeg)


def payload(number: int) -> bytes:
    return b'{"event": %d}' % number


@dataclass
class Promises:
    """What the outbox has said, and after how many operations of the disk."""

    disk: RecordedDisk
    outbox_id: str = ""
    put: list[tuple[int, int, int]] = field(default_factory=list)  # operations, event, its number
    settled: list[tuple[int, set[int]]] = field(default_factory=list)

    def now(self) -> int:
        return len(self.disk.ops)


@pytest.fixture
def folder() -> Iterator[Path]:
    """On a file system in memory where there is one: hundreds of outboxes are opened."""
    base = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with TemporaryDirectory(dir=base) as name:
        yield Path(name)


def life(path: Path, said: Promises) -> None:
    """What an outbox may go through: events, receipts of all kinds, a disk cap, restarts."""
    outbox = Outbox(path, most_bytes=65_000, sync=said.disk.sync)

    def put(event: int) -> None:
        pictures = [picture(number) for number in EVIDENCE[event]]
        seq = outbox.put(f"event {event}", "passage", payload(event), pictures)
        assert seq is not None
        said.put.append((said.now(), event, seq))

    def apply(**told: object) -> None:
        outbox.apply(Receipt(agent_id="unit-1", outbox_id=outbox.outbox_id, **told))  # type: ignore[arg-type]  # by name

    put(1)
    put(2)
    apply(accepted=(1,), digests=(digest_of(payload(1)),))
    said.settled.append((said.now(), {1}))
    outbox.close()
    outbox = Outbox(path, most_bytes=65_000, sync=said.disk.sync)
    apply(held_evidence=(picture(1).sha256,), want_evidence=(picture(2).sha256, picture(9).sha256))
    put(3)
    put(4)
    apply(refused=(Refusal(seq=3, reason="undecodable"),), accepted=(2,))
    said.settled.append((said.now(), {2, 3}))
    for event in range(5, 9):
        put(event)  # over the cap: the oldest pictures go
    said.outbox_id = outbox.outbox_id
    untold = outbox.untold(99)
    assert len(untold) >= 3
    outbox.tell("a" * 32, b"{}", untold)
    outbox.close()


def broken(outbox: Outbox, said: Promises, at: int) -> Iterator[str]:
    """What is not as it was promised before the power was cut after `at` operations."""
    entries = {entry.seq: entry.payload for entry in outbox.entries_to_send(set(), 99)}
    settled = set().union(*(events for when, events in said.settled if when <= at))
    may_be_settled = set().union(*(events for _, events in said.settled))
    for when, event, seq in said.put:
        if when <= at and event not in may_be_settled and entries.get(seq) != payload(event):
            yield f"event {event} was put under {seq}, and is not there"
        if event in settled and seq in entries:
            yield f"event {event} was settled, and is there again"
        if when <= at and outbox.put(f"event {event}", "passage", payload(event)) is not None:
            yield f"event {event} was put twice"
    yield from broken_pictures(outbox, said, at)
    given = {seq for when, _, seq in said.put if when <= at}
    if given and outbox.outbox_id != said.outbox_id:
        yield "the file was not usable any more"
    if given and outbox.last_seq() < max(given):
        yield f"number {max(given)} would be given again"


def broken_pictures(outbox: Outbox, said: Promises, at: int) -> Iterator[str]:
    """Pictures that are neither here nor held by the centre, nor told to be lost, or here and not whole."""
    untold = {one.sha256 for one in outbox.untold(99)}
    told = any(entry.kind == "loss" for entry in outbox.entries_to_send(set(), 99))
    put = {picture(number).sha256 for when, event, _ in said.put if when <= at for number in EVIDENCE[event]}
    held = {picture(number).sha256 for number in HELD}
    applied = outbox.apply(Receipt(agent_id="unit-1", outbox_id="f" * 32, want_evidence=tuple(sorted(put))))
    if not told and applied.gone - held - untold:
        yield f"{len(applied.gone - held - untold)} pictures are gone in silence"
    sent = {one.sha256 for one in outbox.pictures_to_send(set(), 99)}
    if not applied.wanted <= sent:
        yield f"{len(applied.wanted - sent)} pictures are not whole"


def test_whatever_write_the_power_is_cut_at_all_promises_are_kept(folder: Path) -> None:
    path = folder / "outbox.sqlite"
    disk = RecordedDisk(folder)
    said = Promises(disk)
    with disk.recording():
        life(path, said)
    assert {op.what for op in disk.ops} >= {"create", "write", "sync", "names"}
    assert len(disk.ops) > 100
    found: list[str] = []
    for at in range(len(disk.ops), -1, -1):
        for seed, share in SHARES:
            lay_out(folder, files_after_cut(disk.ops[:at], at * 10 + seed, share))
            outbox = Outbox(path, most_bytes=10**9)
            found += [f"cut at {at} ({share} of the rest): {what}" for what in broken(outbox, said, at)]
            outbox.close()
    assert found == []


def lay_out(folder: Path, files: dict[Path, bytes]) -> None:
    """Have the folder hold these files only; one that is there keeps its place on the disk."""
    for path in [path for path in folder.rglob("*") if path.is_file() and path not in files]:
        path.unlink()
    for path, content in files.items():
        path.parent.mkdir(exist_ok=True)
        path.touch()
        with path.open("r+b") as file:
            file.truncate()
            file.write(content)
