"""What a unit has to tell the centre, on disk until the centre says that it has it.

One SQLite file with full synchronous writes. A transaction holds an event, its pictures and the next
sequence number. PUBACK is not delivery: only a receipt takes anything out. A unit whose disk is made anew
gets a new outbox id, so that its numbers cannot be mistaken for the old ones.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Literal

from config.wire import Receipt
from edge.outbox_file import OutboxError, opened

Kind = Literal["passage", "traffic"]

# Ids by which a film that is played again puts nothing new; months of a busy unit, some 20 MB.
_KNOWN_IDS = 200_000


class Step(StrEnum):
    """The points around a commit at which a unit may die without anything being lost or sent twice."""

    PUT_WRITTEN = "put_written"
    PUT_COMMITTED = "put_committed"
    RECEIPT_WRITTEN = "receipt_written"
    RECEIPT_COMMITTED = "receipt_committed"


@dataclass(frozen=True)
class Entry:
    """An event that has no receipt yet."""

    seq: int
    kind: Kind
    payload: bytes


@dataclass(frozen=True)
class OutboxPicture:
    """An evidence picture by its hash."""

    sha256: str
    jpeg: bytes


@dataclass(frozen=True)
class Applied:
    """What a receipt changed here. `wanted` pictures are to be sent again now, `gone` ones are not here."""

    accepted: int
    refused: tuple[tuple[int, str], ...]
    held: int
    wanted: frozenset[str]
    gone: frozenset[str]


class Outbox:
    """The outbox in one file, safe to use from several threads. Raises OutboxError."""

    def __init__(self, path: Path, reached: Callable[[Step], None] = lambda step: None) -> None:
        self._path = path
        self._reached = reached
        self._lock = Lock()
        self._connection, self.outbox_id = opened(path)

    def put(
        self, message_id: str, kind: Kind, payload: bytes, pictures: Sequence[OutboxPicture] = ()
    ) -> int | None:
        """Keep an event and its pictures; its sequence number, or None where this id was put before."""
        with self._writing(Step.PUT_WRITTEN, Step.PUT_COMMITTED) as connection:
            known = connection.execute("SELECT 1 FROM known_ids WHERE message_id = ?", (message_id,))
            if known.fetchone():
                return None
            insert = "INSERT INTO entries (kind, message_id, payload) VALUES (?, ?, ?) RETURNING seq"
            seq = int(connection.execute(insert, (kind, message_id, payload)).fetchone()[0])
            for picture in pictures:
                connection.execute(
                    "INSERT INTO pictures VALUES (?, ?, 'waiting') ON CONFLICT DO NOTHING",
                    (picture.sha256, picture.jpeg),
                )
                connection.execute(
                    "INSERT INTO picture_references VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (seq, picture.sha256),
                )
            self._remember(connection, message_id)
            return seq

    def entries_to_send(self, in_flight: Collection[int], room: int) -> list[Entry]:
        """Up to `room` entries that are not in flight: the oldest and the newest share it.

        So a backlog drains without holding up what is seen now.
        """
        seqs = self._ends("SELECT seq FROM entries", "seq", in_flight, room)
        found = []
        with self._lock:
            for seq in seqs:
                query = "SELECT seq, kind, payload FROM entries WHERE seq = ?"
                found += [Entry(*row) for row in self._connection.execute(query, (seq,))]
        return found

    def pictures_to_send(self, in_flight: Collection[str], room: int) -> list[OutboxPicture]:
        """Up to `room` pictures, not in flight, whose events the centre has: the oldest and the newest."""
        query = "SELECT sha256 FROM pictures WHERE state = 'ready'"
        hashes = self._ends(query, "rowid", in_flight, room)
        found = []
        with self._lock:
            for sha256 in hashes:
                rows = self._connection.execute(
                    "SELECT sha256, jpeg FROM pictures WHERE sha256 = ?", (sha256,)
                )
                found += [OutboxPicture(*row) for row in rows]
        return found

    def apply(self, receipt: Receipt) -> Applied:
        """Take out what the receipt settles. Its numbers count only if it speaks of this outbox.

        An accepted event's pictures become ready to be sent; a refused event's pictures go with it. What a
        receipt says of a picture holds for any outbox: the hash names its bytes.
        """
        ours = receipt.outbox_id == self.outbox_id
        with self._writing(Step.RECEIPT_WRITTEN, Step.RECEIPT_COMMITTED) as connection:
            accepted = sum(_accept(connection, seq) for seq in receipt.accepted) if ours else 0
            refused = tuple(
                (refusal.seq, refusal.reason)
                for refusal in (receipt.refused if ours else ())
                if _refuse(connection, refusal.seq)
            )
            held = sum(_forget_picture(connection, sha256) for sha256 in receipt.held_evidence)
            wanted = {sha256 for sha256 in receipt.want_evidence if _make_ready(connection, sha256)}
        gone = frozenset(receipt.want_evidence) - wanted
        return Applied(accepted, refused, held, frozenset(wanted), gone)

    def depth(self) -> int:
        """How many events wait for their receipt."""
        return self._count("SELECT count(*) FROM entries")

    def pictures_waiting(self) -> int:
        """How many pictures the centre does not have yet."""
        return self._count("SELECT count(*) FROM pictures")

    def last_seq(self) -> int:
        """The highest sequence number ever given; 0 before the first."""
        return self._count("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'entries'")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _writing(self, written: Step, committed: Step) -> Iterator[sqlite3.Connection]:
        """One transaction, rolled back on any error."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._reached(written)
                    self._connection.execute("COMMIT")
                except BaseException:  # whatever ends it, a transaction half done must not stay open
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise OutboxError(f"the outbox {self._path} cannot be written: {error}") from error
        self._reached(committed)

    def _ends(
        self, query: str, column: str, in_flight: Collection[int] | Collection[str], room: int
    ) -> list[int | str]:
        """Keys from both ends of a query's rows in turn, without those in flight."""
        if room <= 0:
            return []
        most = room + len(in_flight)
        with self._lock:
            oldest, newest = (
                [key for (key,) in self._connection.execute(f"{query} ORDER BY {column} {way} LIMIT {most}")]
                for way in ("ASC", "DESC")
            )
        in_turn = [key for both in zip(newest, oldest, strict=True) for key in both if key not in in_flight]
        return list(dict.fromkeys(in_turn))[:room]

    def _remember(self, connection: sqlite3.Connection, message_id: str) -> None:
        insert = "INSERT INTO known_ids (message_id) VALUES (?) RETURNING number"
        number = connection.execute(insert, (message_id,)).fetchone()[0]
        connection.execute("DELETE FROM known_ids WHERE number <= ?", (number - _KNOWN_IDS,))

    def _count(self, query: str) -> int:
        with self._lock:
            return int(self._connection.execute(query).fetchone()[0])


def _accept(connection: sqlite3.Connection, seq: int) -> int:
    deleted = connection.execute("DELETE FROM entries WHERE seq = ?", (seq,)).rowcount
    connection.execute(
        "UPDATE pictures SET state = 'ready' WHERE sha256 IN "
        "(SELECT sha256 FROM picture_references WHERE seq = ?)",
        (seq,),
    )
    return deleted


def _refuse(connection: sqlite3.Connection, seq: int) -> bool:
    deleted = connection.execute("DELETE FROM entries WHERE seq = ?", (seq,)).rowcount
    connection.execute("DELETE FROM picture_references WHERE seq = ?", (seq,))
    connection.execute("DELETE FROM pictures WHERE sha256 NOT IN (SELECT sha256 FROM picture_references)")
    return bool(deleted)


def _forget_picture(connection: sqlite3.Connection, sha256: str) -> int:
    connection.execute("DELETE FROM picture_references WHERE sha256 = ?", (sha256,))
    return connection.execute("DELETE FROM pictures WHERE sha256 = ?", (sha256,)).rowcount


def _make_ready(connection: sqlite3.Connection, sha256: str) -> bool:
    update = "UPDATE pictures SET state = 'ready' WHERE sha256 = ?"
    return bool(connection.execute(update, (sha256,)).rowcount)
