"""What a damaged outbox still holds goes on in a new one; the damaged file is put aside, for a person to see.

A power cut can tear a file on a card that says "written" before it is. What is read whole (its digest says
so) is carried over under new numbers; the rest is missing at the centre, which is told why.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from pathlib import Path

import msgspec

from edge.outbox_pictures import PictureFiles, sync_folder
from edge.outbox_remains import Remains, remains_of
from edge.outbox_rows import add_entry, is_known, lose_outbox, refer, remember
from edge.outbox_upgrade import transaction
from edge.outbox_values import Earlier

# Among the known ids: the files that were rescued, so that none is twice.
_RESCUED = "rescued "


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
    remains = remains_of(pending)
    files.write(remains.pictures)
    with transaction(connection):
        if remember(connection, f"{_RESCUED}{pending.stat().st_ino}"):
            _adopt_pictures(connection, files, remains.ready)
            carried = _carry(connection, remains)
            for message_id in remains.known_ids:
                if not message_id.startswith(_RESCUED):
                    remember(connection, message_id)
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
