"""What of an outbox is to be sent next."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from config.wire import digest_of
from edge.outbox.file import OutboxDamaged
from edge.outbox.values import Entry


@dataclass(frozen=True)
class Ends:
    """Up to `room` of what waits and is not in flight, from both ends in turn."""

    in_flight: Collection[int] | Collection[str]
    room: int
    newest_first: bool = True


def entries_at_ends(connection: sqlite3.Connection, outbox_id: str, ends: Ends) -> list[Entry]:
    """Entries from both ends. Raises OutboxDamaged for one that has changed."""
    entries = []
    for seq in _at_ends(connection, "SELECT seq, seq FROM entries", "seq", ends):
        query = "SELECT kind, payload, digest FROM entries WHERE seq = ?"
        kind, payload, digest = connection.execute(query, (seq,)).fetchone()
        if digest_of(payload) != digest:
            raise OutboxDamaged(f"event {seq} has not the bytes that it was put with")
        entries.append(Entry(outbox_id, int(seq), kind, payload))
    return entries


def pictures_at_ends(connection: sqlite3.Connection, ends: Ends, most_bytes: int) -> list[str]:
    """Hashes of pictures that may be sent, none above `most_bytes`."""
    some = f"state = 'ready' AND size_bytes <= {most_bytes:d}"
    query = f"SELECT number, sha256 FROM pictures WHERE {some}"  # noqa: S608 - a number
    return [str(sha256) for sha256 in _at_ends(connection, query, "number", ends)]


def _at_ends(connection: sqlite3.Connection, query: str, order_by: str, ends: Ends) -> list[int | str]:
    """Keys (the second column) from both ends of a query's rows in turn, without those in flight."""
    if ends.room <= 0:
        return []
    most = ends.room + len(ends.in_flight)
    ways = ("DESC", "ASC") if ends.newest_first else ("ASC", "DESC")
    first, second = (
        [key for _, key in connection.execute(f"{query} ORDER BY {order_by} {way} LIMIT {most}")]
        for way in ways
    )
    in_turn = [key for both in zip(first, second, strict=True) for key in both if key not in ends.in_flight]
    return list(dict.fromkeys(in_turn))[: ends.room]
