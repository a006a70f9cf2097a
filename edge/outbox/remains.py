"""What a damaged outbox, of this version or the last, still holds: a row is known by its form and digest."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

import msgspec

from config.wire import digest_of
from edge.outbox.file import connected
from edge.outbox.pages import Record, Value, records_in
from edge.outbox.values import Kind, OutboxPicture

Event = tuple[Kind, str, bytes]

_TABLES = ("outbox", "entries", "pictures", "known_ids", "sqlite_sequence")


@dataclass
class Remains:
    """What could be read: events (kind, id, payload) by number, hashes of pictures on their way.

    `known_ids` are those that were put before; `pictures` are those that version 1 kept in its table.
    """

    outbox_id: str | None = None
    last_seq: int | None = None
    events: dict[int, Event] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)
    known_ids: list[str] = field(default_factory=list)
    pictures: list[OutboxPicture] = field(default_factory=list)


def remains_of(path: Path) -> Remains:
    """All that is whole in a file, by its tables where they can be walked, else page by page."""
    remains = Remains()
    try:
        with closing(connected(path)) as connection:
            for record in _records_by_table(connection):
                _note(record, remains)
    except sqlite3.Error:
        for record in records_in(path):
            _note(record, remains)
    return remains


def _records_by_table(connection: sqlite3.Connection) -> Iterator[Record]:
    for table in _TABLES:
        for rowid, *values in connection.execute(f"SELECT rowid, * FROM {table}"):  # noqa: S608 - our own names
            yield rowid, tuple(values)


def _note(record: Record, remains: Remains) -> None:
    rowid, values = record
    match values:
        case (_, str(kind), str(message_id), bytes(payload), *digest) if kind in get_args(Kind):
            if digest == [digest_of(payload)] or (not digest and _is_json(payload)):
                remains.events[rowid] = (kind, message_id, payload)  # type: ignore[assignment]  # a Kind, as asked
                remains.last_seq = max(rowid, remains.last_seq or 0)
        case ("entries", int(seq)):
            remains.last_seq = max(seq, remains.last_seq or 0)
        case (None | int(), str(message_id)):
            remains.known_ids.append(message_id)
        case (str(sha256), bytes(jpeg), str(state)) if hashlib.sha256(jpeg).hexdigest() == sha256:
            remains.pictures.append(OutboxPicture(sha256, jpeg))
            remains.ready |= {sha256} if state == "ready" else set()
        case (_, str(sha256), int(), "ready"):
            remains.ready.add(sha256)
        case (str(outbox_id), *_) if _could_be_outbox(outbox_id, values):
            remains.outbox_id = outbox_id


def _could_be_outbox(outbox_id: str, values: tuple[Value, ...]) -> bool:
    return len(values) in (1, 4) and re.fullmatch("[0-9a-f]{32}", outbox_id) is not None


def _is_json(payload: bytes) -> bool:
    with suppress(msgspec.MsgspecError):
        msgspec.json.decode(payload)
        return True
    return False
