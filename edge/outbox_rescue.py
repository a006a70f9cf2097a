"""What a damaged outbox still holds goes on in a new one; the damaged file is put aside, for a person to see.

A power cut can tear a file on a card that says "written" before it is. What is read whole (its digest says
so) is carried over under new numbers; the rest is missing at the centre, which is told why.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import msgspec

from config.wire import digest_of
from edge.outbox_file import connected
from edge.outbox_pictures import PictureFiles, sync_folder
from edge.outbox_rows import add_entry, is_known, lose_outbox, refer, remember
from edge.outbox_upgrade import transaction
from edge.outbox_values import Earlier, Kind, OutboxPicture

_Row = tuple[Any, ...]
_Event = tuple[Kind, str, bytes]
_LOOK_BEHIND_A_BREAK = 10_000


@dataclass(frozen=True)
class Remains:
    """What could be read of a damaged outbox: events as kind, id and payload; pictures on their way."""

    outbox_id: str | None
    last_seq: int | None
    entries: tuple[_Event, ...]
    ready: frozenset[str]


class _Evidence(msgspec.Struct):
    sha256: str


class _Named(msgspec.Struct):
    evidence: tuple[_Evidence, ...] = ()


def put_aside(path: Path) -> None:
    """Rename a damaged file and its log; `rescue` looks for them under these names."""
    for end in ("", "-wal"):
        part = Path(f"{path}{end}")
        if part.exists():
            part.rename(f"{_pending(path)}{end}")
    Path(f"{path}-shm").unlink(missing_ok=True)
    sync_folder(path.parent)


def rescue(path: Path, connection: sqlite3.Connection, files: PictureFiles) -> bool:
    """Carry what was put aside over into a new outbox, and then give it its last name; whether there was any.

    Broken off at any point it is done again, or gone on with, at the next start.
    """
    pending = _pending(path)
    if not pending.exists():
        return False
    remains = _remains_of(pending, files)
    with transaction(connection):
        if remember(connection, f"rescued {pending.stat().st_ino}"):
            _adopt_pictures(connection, files, remains.ready)
            carried = _carry(connection, remains)
            earlier = Earlier(remains.outbox_id, remains.last_seq, carried)
            lose_outbox(connection, "outbox_damaged", earlier)
    _name_for_good(pending)
    return True


def _pending(path: Path) -> Path:
    return path.with_name(f"{path.name}.damaged")


def _name_for_good(pending: Path) -> None:
    number = 1
    while (kept := pending.with_name(f"{pending.name}-{number}")).exists():
        number += 1
    for end in ("-wal", ""):
        part = Path(f"{pending}{end}")
        if part.exists():
            part.rename(f"{kept}{end}")
    sync_folder(pending.parent)


def _remains_of(path: Path, files: PictureFiles) -> Remains:
    try:
        connection = connected(path)
    except sqlite3.Error:  # not even its head can be read
        return Remains(None, None, (), frozenset())
    try:
        ids = [text for (text,) in _read(connection, "outbox", "outbox_id") if _is_id(text)]
        entries = _entries(connection)
        given = [seq for name, seq in _read(connection, "sqlite_sequence", "name, seq") if name == "entries"]
        seqs = [seq for seq in [*given, *entries] if isinstance(seq, int)]
        _write_pictures_of_version_1(connection, files)
        ready = {text for text, state in _read(connection, "pictures", "sha256, state") if state == "ready"}
        return Remains(
            next(iter(ids), None), max(seqs, default=None), tuple(entries.values()), frozenset(ready)
        )
    finally:
        connection.close()


def _entries(connection: sqlite3.Connection) -> dict[int, _Event]:
    """The events that are whole, by their numbers."""
    whole: dict[int, _Event] = {}
    told = [(*row, None) for row in _read(connection, "entries", "seq, kind, message_id, payload")]
    for row in [*told, *_read(connection, "entries", "seq, kind, message_id, payload, digest")]:
        seq, kind, message_id, payload, digest = row
        if isinstance(payload, bytes) and isinstance(message_id, str) and kind in get_args(Kind):
            if (digest_of(payload) == digest) if digest is not None else _is_json(payload):
                whole[seq] = (kind, message_id, payload)
            elif digest is not None:
                whole.pop(seq, None)
    return whole


def _read(connection: sqlite3.Connection, table: str, columns: str) -> list[_Row]:
    """The rows of a table that can be read: from either end, and one by one where it breaks off."""
    found: dict[int, _Row] = {}
    query = f"SELECT rowid, {columns} FROM {table}"  # noqa: S608 - our own names
    below, whole = _note_rows(connection, f"{query} ORDER BY rowid ASC", found)
    if not whole:
        above, _ = _note_rows(connection, f"{query} ORDER BY rowid DESC", found)
        for rowid in range(below + 1, above or below + _LOOK_BEHIND_A_BREAK):
            _note_rows(connection, f"{query} WHERE rowid = {rowid}", found)
    return [found[rowid] for rowid in sorted(found)]


def _note_rows(connection: sqlite3.Connection, query: str, found: dict[int, _Row]) -> tuple[int, bool]:
    """Add what a query gives; the last row's id, and whether the query came to its end."""
    last = 0
    try:
        for rowid, *row in connection.execute(query):
            found[rowid] = tuple(row)
            last = rowid
    except sqlite3.Error:  # the page is damaged, or the table is not there
        return last, False
    return last, True


def _carry(connection: sqlite3.Connection, remains: Remains) -> int:
    """Put the events again, under new numbers; how many."""
    here = {sha256 for (sha256,) in connection.execute("SELECT sha256 FROM pictures")}
    new = [entry for entry in remains.entries if not is_known(connection, entry[1])]
    for kind, message_id, payload in new:
        seq = add_entry(connection, message_id, kind, payload)
        for sha256 in _pictures_named_in(payload) & here:
            refer(connection, seq, sha256)
            connection.execute("UPDATE pictures SET state = 'waiting' WHERE sha256 = ?", (sha256,))
    return len(new)


def _adopt_pictures(connection: sqlite3.Connection, files: PictureFiles, ready: frozenset[str]) -> None:
    """Note every picture on the disk. One of which nothing is known stays until the centre asks for it."""
    connection.executemany(
        "INSERT INTO pictures (sha256, size_bytes, state) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (sha256, size_bytes, "ready" if sha256 in ready else "unclaimed")
            for sha256, size_bytes in files.by_age()
        ],
    )


def _write_pictures_of_version_1(connection: sqlite3.Connection, files: PictureFiles) -> None:
    for sha256, jpeg in _read(connection, "pictures", "sha256, jpeg"):
        if isinstance(jpeg, bytes) and hashlib.sha256(jpeg).hexdigest() == sha256:
            files.write([OutboxPicture(sha256, jpeg)])


def _pictures_named_in(payload: bytes) -> set[str]:
    try:
        return {evidence.sha256 for evidence in msgspec.json.decode(payload, type=_Named).evidence}
    except msgspec.MsgspecError:
        return set()


def _is_json(payload: bytes) -> bool:
    try:
        msgspec.json.decode(payload)
    except msgspec.MsgspecError:
        return False
    return True


def _is_id(text: object) -> bool:
    return isinstance(text, str) and re.fullmatch("[0-9a-f]{32}", text) is not None
