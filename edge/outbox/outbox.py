"""What a unit has to tell the centre, on disk until the centre says that it has it.

One SQLite file with full synchronous writes. A transaction holds an event, the names of its pictures and the
next sequence number. PUBACK is not delivery: only a receipt takes anything out, except that the oldest
pictures go where the disk has no more room; that, too, is an event. An outbox that is made anew, has been
copied, or was damaged has a new id, so that its numbers cannot be mistaken for earlier ones.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from config.wire import Receipt, Storage
from edge.outbox import rows as rows
from edge.outbox.begin import begin_anew
from edge.outbox.file import DiskFull, OutboxError
from edge.outbox.home import home_of
from edge.outbox.pictures import Sync
from edge.outbox.room import Room
from edge.outbox.store import Store
from edge.outbox.values import Applied, Entry, Kind, OutboxPicture, OutboxState, Step, Untold
from edge.outbox.waiting import Ends, entries_at_ends, pictures_at_ends

__all__ = ["Applied", "Entry", "Kind", "Outbox", "OutboxPicture", "OutboxState", "Step", "Untold"]

T = TypeVar("T")

MOST_BYTES = 4_000_000_000
_LARGEST_PICTURE_BYTES = 1_500_000
# What the tables may grow by with one event, generously.
_TABLES_NEED_BYTES = 64_000


class Outbox:
    """The outbox in one file and a folder beside it, safe to use from several threads. Raises OutboxError.

    `most_bytes` is what it may take on the disk. `reached` is told each step and `sync` makes a file last;
    both are for tests that end the process or cut the power there.
    """

    def __init__(
        self,
        path: Path,
        reached: Callable[[Step], None] = lambda step: None,
        *,
        most_bytes: int = MOST_BYTES,
        sync: Sync = os.fsync,
    ) -> None:
        self._store = Store(path, reached, sync)
        self._room = Room(most_bytes)

    @property
    def outbox_id(self) -> str:
        """The id under which the next event goes."""
        return self._store.outbox_id

    @property
    def storage(self) -> Storage:
        """How the disk took the last that was written."""
        return self._store.storage

    def put(
        self, message_id: str, kind: Kind, payload: bytes, pictures: Sequence[OutboxPicture] = ()
    ) -> int | None:
        """Keep an event and its pictures; its sequence number, or None where this id was put before.

        On a full disk the oldest pictures go for it, at last its own; only then it raises DiskFull.
        """
        need_bytes = len(payload) + sum(len(picture.jpeg) for picture in pictures) + _TABLES_NEED_BYTES
        with self._store.lock:
            try:
                return self._with_room(lambda: self._put(message_id, kind, payload, pictures, ()), need_bytes)
            except DiskFull:
                if not pictures:
                    raise
            self._store.remove_unnamed(pictures)
            return self._with_room(lambda: self._put(message_id, kind, payload, (), pictures), need_bytes)

    def entries_to_send(
        self, in_flight: Collection[int], room: int, *, newest_first: bool = True
    ) -> list[Entry]:
        """Up to `room` entries that are not in flight: the newest and the oldest share it.

        So a backlog drains without holding up what is seen now.
        """
        order = Ends(in_flight, room, newest_first)
        return self._store.read(lambda c: entries_at_ends(c, self._store.outbox_id, order))

    def pictures_to_send(
        self,
        in_flight: Collection[str],
        room: int,
        most_bytes: int = _LARGEST_PICTURE_BYTES,
        *,
        newest_first: bool = True,
    ) -> list[OutboxPicture]:
        """Up to `room` pictures, not in flight, whose events the centre has: the oldest and the newest.

        None above `most_bytes`. One that is not whole on the disk any more is lost, and that is noted.
        """
        with self._store.lock:
            order = Ends(in_flight, room, newest_first)
            hashes = self._store.read(lambda c: pictures_at_ends(c, order, most_bytes))
            found = [
                OutboxPicture(sha256, jpeg) for sha256 in hashes if (jpeg := self._store.read_picture(sha256))
            ]
            damaged = set(hashes) - {picture.sha256 for picture in found}
            if damaged:
                with suppress(OutboxError):  # noted the next time, where the disk is full or read-only now
                    self._lose(damaged)
            return found

    def apply(self, receipt: Receipt) -> Applied:
        """Take out what the receipt settles. Its numbers count only if it speaks of this outbox.

        An accepted event's pictures become ready to be sent; a refused event's stay until they are asked for.
        What a receipt says of a picture holds for any outbox: the hash names its bytes.
        """
        with self._store.lock:
            try:
                return self._apply(receipt)
            except DiskFull:  # what the centre holds may go first, and makes room to write that down
                self._store.remove_pictures(receipt.held_evidence)
            return self._with_room(lambda: self._apply(receipt), _TABLES_NEED_BYTES)

    def untold(self, most: int) -> list[Untold]:
        """The oldest losses that no event tells yet."""
        return self._store.read(lambda c: rows.untold(c, most))

    def tell(self, message_id: str, payload: bytes, told: Iterable[Untold]) -> int:
        """Keep the event that tells of losses, which are then told; its sequence number."""

        def write(connection: sqlite3.Connection) -> int:
            connection.executemany("DELETE FROM losses WHERE number = ?", [(one.number,) for one in told])
            return rows.add_entry(connection, message_id, "loss", payload)

        return self._store.write(write, Step.LOSS_WRITTEN, Step.LOSS_COMMITTED)

    def forget_unclaimed(self, before: datetime) -> int:
        """Take out pictures from before an instant that no event of ours names and nobody asked for."""
        unclaimed = self._store.read(rows.unclaimed_pictures)
        old = self._store.files.from_before(before.timestamp(), unclaimed)

        def write(connection: sqlite3.Connection) -> int:
            return sum(rows.forget_picture(connection, sha256) for sha256 in sorted(old))

        forgotten = self._store.write(write, Step.LOSS_WRITTEN, Step.LOSS_COMMITTED) if old else 0
        self._store.remove_pictures(old)
        return forgotten

    def state(self) -> OutboxState:
        """How full it is."""
        used_bytes = self._store.read(rows.used_bytes)
        return OutboxState(self.depth(), self.pictures_waiting(), used_bytes, self._room.most_bytes)

    def depth(self) -> int:
        """How many events wait for their receipt."""
        return self._store.read(lambda c: rows.count(c, "entries"))

    def pictures_waiting(self) -> int:
        """How many pictures the centre does not have yet; without those that nobody has asked for."""
        return self._store.read(lambda c: rows.count(c, "pictures WHERE state <> 'unclaimed'"))

    def pictures_above(self, most_bytes: int) -> int:
        """How many pictures are longer than a broker takes."""
        return self._store.read(lambda c: rows.count(c, f"pictures WHERE size_bytes > {most_bytes:d}"))

    def last_seq(self) -> int:
        """The highest sequence number ever given; 0 before the first."""
        return self._store.read(rows.last_seq)

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def _put(
        self,
        message_id: str,
        kind: Kind,
        payload: bytes,
        kept: Sequence[OutboxPicture],
        lost: Sequence[OutboxPicture],
    ) -> int | None:
        if self._store.read(lambda c: rows.is_known(c, message_id)):
            return None
        self._store.write_pictures(kept)
        self._store.reached(Step.PICTURES_SYNCED)

        def write(connection: sqlite3.Connection) -> tuple[int, list[str]]:
            seq = rows.add_entry(connection, message_id, kind, payload)
            for picture in kept:
                rows.add_picture(connection, seq, picture)
            for picture in lost:
                rows.lose_picture(connection, picture.sha256, "disk_full")
            return seq, self._room.keep_within(connection)

        seq, given_up = self._store.write(write, Step.PUT_WRITTEN, Step.PUT_COMMITTED)
        self._room.noted()
        self._store.remove_pictures(given_up)
        return seq

    def _apply(self, receipt: Receipt) -> Applied:
        path = self._store.path

        def write(connection: sqlite3.Connection) -> tuple[Applied, str]:
            ours = receipt.outbox_id == self._store.outbox_id
            applied = rows.settle(connection, receipt, ours=ours)
            outbox_id = self._store.outbox_id
            return applied, begin_anew(connection, home_of(path)) if applied.begun_anew else outbox_id

        applied, outbox_id = self._store.write(write, Step.RECEIPT_WRITTEN, Step.RECEIPT_COMMITTED)
        self._store.outbox_id = outbox_id
        self._store.remove_pictures(receipt.held_evidence)
        return applied

    def _lose(self, hashes: Iterable[str]) -> None:
        def write(connection: sqlite3.Connection) -> None:
            for sha256 in sorted(hashes):
                full = self._room.was_given_up(sha256)
                rows.lose_picture(connection, sha256, "disk_full" if full else "picture_damaged")

        self._store.write(write, Step.LOSS_WRITTEN, Step.LOSS_COMMITTED)

    def _with_room(self, work: Callable[[], T], need_bytes: int) -> T:
        """Do the work; on a full disk again without SQLite's log, then without more and more pictures."""
        try:
            return work()
        except DiskFull:
            self._store.write_log_back()
        while True:
            try:
                return work()
            except DiskFull:
                if not self._give_up_oldest(need_bytes):
                    raise

    def _give_up_oldest(self, least_bytes: int) -> bool:
        """Take the oldest pictures off a full disk; whether there were any."""
        oldest = self._store.read(lambda c: self._room.give_up(c, least_bytes))
        self._store.remove_pictures(oldest)
        return bool(oldest)
