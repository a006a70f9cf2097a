"""What a damaged outbox still holds goes on in a new one; the damaged file is put aside, for a person to see.

A power cut can tear a file on a card that says "written" before it is. What is read whole (its digest says
so) is carried over under new numbers; the rest is missing at the centre, which is told why.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from pathlib import Path

import msgspec

from edge.outbox.pictures import PictureFiles, sync_folder
from edge.outbox.remains import Remains, remains_of
from edge.outbox.rows import add_entry, is_known, lose_outbox, refer, remember
from edge.outbox.upgrade import transaction
from edge.outbox.values import Earlier

# Among the known ids: the files that were rescued, so that none is twice.
_RESCUED = "rescued "
# At the end of the names of files that were put aside and whose content is not carried over yet.
_WAITING = ".waiting"
_LOG = "-wal"


class _Evidence(msgspec.Struct):
    sha256: str


class _Named(msgspec.Struct):
    evidence: tuple[_Evidence, ...] = ()


def put_aside(path: Path) -> None:
    """Rename a damaged file and its log, the log first; `rescue` finds them under these names."""
    number = 1
    while list(path.parent.glob(f"{path.name}.damaged-{number}*")):
        number += 1
    waiting = path.with_name(f"{path.name}.damaged-{number}{_WAITING}")
    log = Path(f"{path}{_LOG}")
    if log.exists():
        log.rename(f"{waiting}{_LOG}")
        sync_folder(path.parent)
    if path.exists():
        path.rename(waiting)
    Path(f"{path}-shm").unlink(missing_ok=True)
    sync_folder(path.parent)


def finish_putting_aside(path: Path) -> None:
    """Let a file follow its log, where a power cut has come between: without it, it looks older."""
    for log in path.parent.glob(f"{path.name}.damaged-*{_WAITING}{_LOG}"):
        waiting = log.with_name(log.name.removesuffix(_LOG))
        if path.exists() and not waiting.exists():
            path.rename(waiting)
            sync_folder(path.parent)


def rescue(path: Path, connection: sqlite3.Connection, files: PictureFiles) -> None:
    """Carry what was put aside over into a new outbox, and then give it its last name.

    Broken off at any point it is done again, or gone on with, at the next start.
    """
    for waiting in sorted(path.parent.glob(f"{path.name}.damaged-*{_WAITING}")):
        _rescue(waiting, connection, files)
        kept = waiting.with_name(waiting.name.removesuffix(_WAITING))
        for end in (_LOG, ""):
            part = Path(f"{waiting}{end}")
            if part.exists():
                part.rename(f"{kept}{end}")
        sync_folder(path.parent)


def _rescue(waiting: Path, connection: sqlite3.Connection, files: PictureFiles) -> None:
    remains = remains_of(waiting)
    files.write(remains.pictures)
    with transaction(connection):
        if remember(connection, f"{_RESCUED}{waiting.stat().st_ino}"):
            _adopt_pictures(connection, files, remains.ready)
            carried = _carry(connection, remains)
            for message_id in remains.known_ids:
                if not message_id.startswith(_RESCUED):
                    remember(connection, message_id)
            earlier = Earlier(remains.outbox_id, remains.last_seq, carried)
            lose_outbox(connection, "outbox_damaged", earlier)


def _carry(connection: sqlite3.Connection, remains: Remains) -> int:
    """Put the events again, under new numbers; how many."""
    here = {sha256 for (sha256,) in connection.execute("SELECT sha256 FROM pictures")}
    new = [event for _, event in sorted(remains.events.items()) if not is_known(connection, event[1])]
    for kind, message_id, payload in new:
        seq = add_entry(connection, message_id, kind, payload)
        for sha256 in _pictures_named_in(payload) & here:
            refer(connection, seq, sha256)
            connection.execute("UPDATE pictures SET state = 'waiting' WHERE sha256 = ?", (sha256,))
    return len(new)


def _adopt_pictures(connection: sqlite3.Connection, files: PictureFiles, ready: Collection[str]) -> None:
    """Note every picture on the disk. One of which nothing is known stays until the centre asks for it."""
    connection.executemany(
        "INSERT INTO pictures (sha256, size_bytes, state) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [
            (sha256, size_bytes, "ready" if sha256 in ready else "unclaimed")
            for sha256, size_bytes in files.by_age()
        ],
    )


def _pictures_named_in(payload: bytes) -> set[str]:
    try:
        return {evidence.sha256 for evidence in msgspec.json.decode(payload, type=_Named).evidence}
    except msgspec.MsgspecError:
        return set()
