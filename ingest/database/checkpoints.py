"""Moving SQLite's log into its file beside the writer, instead of in the writer's own commits.

Each commit appends the pages that it changed to the log. Thousands of passages a second change the same pages
of the indexes again and again: moved every few seconds, each is written to the file once. Nothing waits for
it, because the log itself is synced at each commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Event, Thread

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

_EVERY_S = 2.0
# What is written meanwhile is moved too; once nothing is left, the next commit begins the log anew.
_MOST_PASSES = 8

_log = structlog.get_logger()


@contextmanager
def checkpoints_beside(engine: Engine) -> Iterator[None]:
    """Move the log in a thread while the context lasts; does nothing for a database that is not SQLite."""
    if engine.dialect.name != "sqlite":
        yield
        return
    stop = Event()
    mover = Thread(target=_move_until, args=(engine, stop), name="checkpoints", daemon=True)
    mover.start()
    try:
        yield
    finally:
        stop.set()
        mover.join()


def _move_until(engine: Engine, stop: Event) -> None:
    while not stop.wait(_EVERY_S):
        try:
            _move(engine)
        except (DBAPIError, sqlite3.Error) as error:  # the writer does it too, once the log is long
            _log.warning("log_not_moved", error=str(error), next="tried again")


def _move(engine: Engine) -> None:
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        for _ in range(_MOST_PASSES):
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
            row = cursor.fetchone()
            if row is None or row[1] == row[2]:  # pages in the log, and those of them that were moved
                return
