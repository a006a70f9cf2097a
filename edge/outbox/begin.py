"""How an outbox begins: made, brought up to date, rescued, or given a new id where its file is a copy."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

import structlog

from edge.outbox import rows as rows
from edge.outbox.file import OutboxDamaged, OutboxError, connected, trouble_with
from edge.outbox.home import Home, differs, home_of
from edge.outbox.pictures import PictureFiles, Sync, sync_folder
from edge.outbox.rescue import finish_putting_aside, put_aside, rescue
from edge.outbox.upgrade import bring_up_to_date, transaction
from edge.outbox.values import Earlier

_log = structlog.get_logger()

Opened = tuple[sqlite3.Connection, PictureFiles, str]


def opened(path: Path, sync: Sync = os.fsync) -> Opened:
    """The outbox in `path`, whatever state its file is in: connection, pictures and id. Raises OutboxError.

    A damaged file is put aside, and what it still holds goes on in a new one.
    """
    try:
        _make_to_last(path.parent, sync)
        files = PictureFiles(path.with_name(f"{path.stem}-pictures"), sync)
        finish_putting_aside(path)
        try:
            return _begun(path, files, sync)
        except OutboxDamaged as damage:
            _log.error("outbox_damaged", error=str(damage), next="put aside; what can be read goes on")
            put_aside(path)
            return _begun(path, files, sync)
    except OSError as error:
        raise OutboxError(f"the outbox {path} cannot be opened: {error}; check data_dir") from error


def _make_to_last(folder: Path, sync: Sync) -> None:
    """Make the folder if need be. Its name survives a power cut, also if an earlier start was cut short."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in {folder, *missing}:
        with suppress(PermissionError):  # above it is somebody else's, who made it
            sync_folder(made.parent, sync)


def _begun(path: Path, files: PictureFiles, sync: Sync) -> Opened:
    try:
        _sync_written(path, sync)
        connection = connected(path)
        try:
            bring_up_to_date(connection, files, home_of(path))
            sync_folder(path.parent, sync)
            rescue(path, connection, files)
            _begin_anew_where_copied(path, connection)
            _agree(connection, files)
            (outbox_id,) = connection.execute("SELECT outbox_id FROM outbox").fetchone()
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise trouble_with(path, error) from error
    return connection, files, str(outbox_id)


def _sync_written(path: Path, sync: Sync) -> None:
    """Make last what a process wrote that was killed before its sync: it reads as if it were committed."""
    for file in (path.with_name(f"{path.name}-wal"), path):
        if file.exists():
            sync_folder(file, sync)


def begin_anew(connection: sqlite3.Connection, home: Home) -> str:
    """Go on under a new id and new numbers, within the caller's transaction; the id."""
    (outbox_id,) = connection.execute("SELECT outbox_id FROM outbox").fetchone()
    last = rows.last_seq(connection)
    carried = rows.renumber(connection)
    rows.lose_outbox(connection, "outbox_copied", Earlier(outbox_id, last, carried))
    _log.error(
        "outbox_copied", earlier=outbox_id, carried=carried, next="see that no other unit has this card"
    )
    return rows.begin(connection, home)


def _begin_anew_where_copied(path: Path, connection: sqlite3.Connection) -> None:
    noted = Home(*connection.execute("SELECT machine, medium, inode FROM outbox").fetchone())
    found = home_of(path)
    if differs(noted, found) is not None:
        with transaction(connection):
            begin_anew(connection, found)


def _agree(connection: sqlite3.Connection, files: PictureFiles) -> None:
    """Have tables and files name the same pictures."""
    noted = {sha256 for (sha256,) in connection.execute("SELECT sha256 FROM pictures")}
    there = {sha256 for sha256, _ in files.by_age()}
    if noted - there:
        with transaction(connection):
            for sha256 in sorted(noted - there):
                rows.lose_picture(connection, sha256, "picture_damaged")
    files.keep_only(noted)
