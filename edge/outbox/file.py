"""The outbox's SQLite file: how it is opened and made, and which trouble with it is which.

Every commit is synced before it counts (`synchronous=FULL`; EXTRA adds the folder's sync when a rollback
journal is deleted, and in WAL mode there is none). `psow=0` fills each commit up to the next sector of the
disk, so that a write that a power cut tears cannot reach back into the commit before it. One process owns the
file (`locking_mode=EXCLUSIVE`): so two units cannot share an outbox, and there is no index in shared memory,
whose file would end the process where a file system turns read-only under it.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from edge.errors import EdgeError

SCHEMA_VERSION = 2
_BUSY_TIMEOUT_S = 1.0
_LONGEST_LOG_BYTES = 16_000_000

TABLES = (
    "CREATE TABLE outbox (outbox_id TEXT NOT NULL, machine TEXT, medium TEXT, inode INTEGER)",
    """CREATE TABLE entries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        message_id TEXT NOT NULL UNIQUE,
        payload BLOB NOT NULL,
        digest TEXT NOT NULL
    )""",
    """CREATE TABLE pictures (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL UNIQUE,
        size_bytes INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'ready', 'unclaimed'))
    )""",
    "CREATE INDEX pictures_by_state ON pictures (state, number)",
    """CREATE TABLE picture_references (
        seq INTEGER NOT NULL,
        sha256 TEXT NOT NULL REFERENCES pictures (sha256),
        PRIMARY KEY (seq, sha256)
    ) WITHOUT ROWID""",
    "CREATE INDEX references_by_picture ON picture_references (sha256)",
    "CREATE TABLE known_ids (number INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL UNIQUE)",
    """CREATE TABLE losses (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        cause TEXT NOT NULL,
        sha256 TEXT,
        earlier_outbox_id TEXT,
        earlier_last_seq INTEGER,
        carried INTEGER
    )""",
)


class OutboxError(EdgeError):
    """The outbox cannot be opened, read or written; the text says what to do."""


class DiskFull(OutboxError):
    """There is no room on the disk for what is to be written."""


class OutboxInUse(OutboxError):
    """Another process has the file."""


class OutboxDamaged(OutboxError):
    """The file's content is not what an outbox has written."""


def connected(path: Path) -> sqlite3.Connection:
    """A connection to a file of which nothing is known yet. Raises sqlite3.Error."""
    connection = sqlite3.connect(
        f"file:{quote(str(path.resolve()))}?psow=0",
        uri=True,
        timeout=_BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for pragma in (
            "locking_mode=EXCLUSIVE",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"journal_size_limit={_LONGEST_LOG_BYTES}",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def version_of(connection: sqlite3.Connection) -> int:
    """The schema version of an undamaged outbox; 0 for an empty file. Raises OutboxDamaged, sqlite3.Error."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if version == 0 and objects:
        raise OutboxDamaged("it holds tables that are not an outbox's")
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise OutboxDamaged(str(found))
    return int(version)


def trouble_with(path: Path, error: sqlite3.Error) -> OutboxError:
    """The error of the outbox that an error of SQLite is."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return OutboxDamaged(f"the outbox {path} is damaged: {error}")
    if code == sqlite3.SQLITE_FULL:
        return DiskFull(f"the outbox {path} cannot be written: {error}; make room on its disk")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return OutboxInUse(f"the outbox {path} is in use by another process; a unit may run only once")
    return OutboxError(f"the outbox {path} cannot be read or written: {error}; check its disk and rights")
