"""Opens outboxes of earlier versions: what they hold goes on under the same id and numbers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from config.wire import digest_of
from edge.outbox.file import SCHEMA_VERSION, TABLES, OutboxError, version_of
from edge.outbox.home import Home
from edge.outbox.pictures import PictureFiles
from edge.outbox.rows import begin
from edge.outbox.values import OutboxPicture


def bring_up_to_date(connection: sqlite3.Connection, files: PictureFiles, home: Home) -> None:
    """Make the tables in an empty file, or those of this version out of the last one's.

    Raises OutboxDamaged, OutboxError for a file of newer software, sqlite3.Error and OSError.
    """
    version = version_of(connection)
    if version == 0:
        with transaction(connection):
            _make_tables(connection)
            begin(connection, home)
    elif version == 1:
        _write_pictures(connection, files)
        with transaction(connection):
            _from_version_1(connection, home)
        connection.execute("VACUUM")  # the file was as large as all its pictures
    elif version != SCHEMA_VERSION:
        raise OutboxError(
            f"the outbox is of version {version}, this software knows {SCHEMA_VERSION}; "
            "install the newer software"
        )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction, rolled back whatever ends it early."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:  # whatever ends it, a transaction half done must not stay open
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _make_tables(connection: sqlite3.Connection) -> None:
    for table in TABLES:
        connection.execute(table)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _write_pictures(connection: sqlite3.Connection, files: PictureFiles) -> None:
    """Version 1 held the pictures in its table. Written again by the next start if this one is broken off."""
    for (row,) in connection.execute("SELECT rowid FROM pictures ORDER BY rowid").fetchall():
        sha256, jpeg = connection.execute(
            "SELECT sha256, jpeg FROM pictures WHERE rowid = ?", (row,)
        ).fetchone()
        files.write([OutboxPicture(sha256, jpeg)])


def _from_version_1(connection: sqlite3.Connection, home: Home) -> None:
    """Its tables, made anew with what they held. Foreign keys are checked at the end only."""
    connection.execute("PRAGMA defer_foreign_keys = ON")
    ((outbox_id,),) = connection.execute("SELECT outbox_id FROM outbox").fetchall()
    (last,) = connection.execute(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'entries'"
    ).fetchone()
    for name in ("outbox", "entries", "pictures", "picture_references", "known_ids"):
        connection.execute(f"ALTER TABLE {name} RENAME TO old_{name}")
    connection.execute("DROP INDEX references_by_picture")
    _make_tables(connection)
    connection.create_function("digest_of", 1, digest_of, deterministic=True)
    for copied in (
        "entries SELECT seq, kind, message_id, payload, digest_of(payload) FROM old_entries",
        "pictures SELECT rowid, sha256, length(jpeg), state FROM old_pictures",
        "picture_references SELECT seq, sha256 FROM old_picture_references",
        "known_ids SELECT number, message_id FROM old_known_ids",
    ):
        connection.execute(f"INSERT INTO {copied}")
    for name in ("outbox", "entries", "picture_references", "pictures", "known_ids"):
        connection.execute(f"DROP TABLE old_{name}")
    begin(connection, home)
    connection.execute("UPDATE outbox SET outbox_id = ?", (outbox_id,))
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'entries'")
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('entries', ?)", (last,))
