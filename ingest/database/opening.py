"""Opening the database and the ingest branch of its schema.

SQLite runs in WAL with full synchronous writes, and a transaction takes the write lock when it begins, so
that two processes wait for each other instead of failing halfway. `reading` gives transactions that never
block the writer.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from ingest.database.branch import SchemaBranch
from ingest.errors import RecordsError, SchemaRefused

VERSION_TABLE = "ingest_schema_version"
_BUSY_TIMEOUT_MS = 30_000
_ASKED_EVERY_S = 0.001
# A thousand passages touch pages all over the indexes: they are to be written to the log once a batch. From
# there the ingester moves them to the file beside its work; a commit does so only where the log grew long.
_CACHE_KIB = 64 * 1024
_CHECKPOINT_PAGES = 60_000

_BRANCH = SchemaBranch(
    "ingest", Path(__file__).parents[1] / "migrations", VERSION_TABLE, "hgv-ingest migrate", SchemaRefused
)


def open_database(url: str) -> Engine:
    """The database behind `url` (`sqlite:////path/file` or `postgresql+psycopg://...`), reached once.

    Raises RecordsError where it cannot be reached.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        # An error's text goes to logs: it must never carry the values, which may be registrations.
        engine = create_engine(parsed, hide_parameters=True)
        _hide_rows_in_errors(engine)
        if engine.dialect.name == "sqlite":
            _set_up_sqlite(engine)
        with engine.connect():
            pass
    except (SQLAlchemyError, ArgumentError, ImportError, OSError) as error:
        scheme, found, _ = url.partition("://")  # the rest may hold a password
        shown = scheme if found else "no address such as sqlite:///FILE"
        raise RecordsError(
            f"the database ({shown}) cannot be opened: {error}; check 'database_url' and that it runs"
        ) from error
    return engine


def reading(engine: Engine) -> Engine:
    """The same database for work that only reads: its transactions leave the writer alone."""
    return engine.execution_options(reads_only=True)


def migrate(engine: Engine, version: str = "head") -> None:
    """Bring the ingest branch to a version, the newest. Raises SchemaRefused for one newer than this."""
    _BRANCH.migrate(engine, version)


def check_schema(engine: Engine) -> None:
    """Refuse a database whose ingest branch is missing, older or newer. Raises SchemaRefused."""
    _BRANCH.check(engine)


def _hide_rows_in_errors(engine: Engine) -> None:
    """PostgreSQL adds the row that has failed to its message, as a detail in the server's language."""

    @event.listens_for(engine, "handle_error")
    def hide(context: ExceptionContext) -> None:
        told = getattr(context.original_exception, "diag", None)
        detail = told.message_detail if told is not None else None
        for error in (context.original_exception, context.sqlalchemy_exception):
            if detail and error is not None and error.args:
                error.args = (str(error.args[0]).replace(detail, "hidden"), *error.args[1:])


def _set_up_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # transactions begin where `begin` says so
        for pragma in (
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what retention deletes is overwritten, whatever SQLite was built with
            f"cache_size=-{_CACHE_KIB}",
            f"wal_autocheckpoint={_CHECKPOINT_PAGES}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("reads_only", False):
            connection.exec_driver_sql("BEGIN")
        else:
            _begin_to_write(connection)


def _begin_to_write(connection: Connection) -> None:
    """Take the write lock, asking for it each millisecond while another has it.

    SQLite's own waiting grows to a tenth of a second at a time. Beside an ingester that is always at work it
    misses nearly every gap, and a revocation or an officer's decision would wait for half a minute.
    """
    raw: Any = connection.connection.dbapi_connection
    ends_at_s = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while _is_locked(raw) and time.monotonic() < ends_at_s:
            time.sleep(_ASKED_EVERY_S)
        if not raw.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # says what is wrong, as any statement does
    finally:
        raw.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")


def _is_locked(raw: Any) -> bool:
    """Try to begin; whether another has the lock."""
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False
