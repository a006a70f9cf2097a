"""The outbox's SQLite file: opening it, making it, and refusing one that this software does not know."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from uuid import uuid4

from edge.errors import EdgeError

SCHEMA_VERSION = 1
_BUSY_TIMEOUT_S = 30.0

_TABLES = (
    "CREATE TABLE outbox (outbox_id TEXT NOT NULL)",
    """CREATE TABLE entries (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        message_id TEXT NOT NULL UNIQUE,
        payload BLOB NOT NULL
    )""",
    """CREATE TABLE pictures (
        sha256 TEXT PRIMARY KEY,
        jpeg BLOB NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'ready'))
    )""",
    """CREATE TABLE picture_references (
        seq INTEGER NOT NULL,
        sha256 TEXT NOT NULL REFERENCES pictures (sha256),
        PRIMARY KEY (seq, sha256)
    ) WITHOUT ROWID""",
    "CREATE INDEX references_by_picture ON picture_references (sha256)",
    "CREATE TABLE known_ids (number INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL UNIQUE)",
)


class OutboxError(EdgeError):
    """The outbox cannot be opened, read or written; the text says what to do."""


def opened(path: Path) -> tuple[sqlite3.Connection, str]:
    """A connection that writes through to the disk, and the outbox's id; made where there is none.

    Raises OutboxError for a file that is damaged or of an unknown version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        raise OutboxError(f"the outbox {path} cannot be opened: {error}; check data_dir") from error
    try:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection, _outbox_id(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise OutboxError(
            f"{path} is not a usable outbox: {error}; keep the file, and move it away for a new one"
        ) from error
    except OutboxError:
        connection.close()
        raise


def _outbox_id(connection: sqlite3.Connection, path: Path) -> str:
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version not in (0, SCHEMA_VERSION):
        raise OutboxError(
            f"the outbox {path} is of version {version}, this software knows {SCHEMA_VERSION}; "
            "install the newer software"
        )
    if version == 0:
        for table in _TABLES:
            connection.execute(table)
        connection.execute("INSERT INTO outbox VALUES (?)", (uuid4().hex,))
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    (outbox_id,) = connection.execute("SELECT outbox_id FROM outbox").fetchone()
    connection.execute("COMMIT")
    return str(outbox_id)
