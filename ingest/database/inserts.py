"""Inserting what is new and leaving what is there, in one idiom on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Dialect, LargeBinary, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ingest.database.lookups import rows_by_key
from ingest.database.slices import slices

Insert = sqlite.Insert | postgresql.Insert
Key = tuple[str, ...]


def insert_into(session: Session, table: Table) -> Insert:
    """An INSERT for the session's backend, to which `on_conflict_do_nothing` and the like can be added."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_new(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...] = ()
) -> set[Key]:
    """Insert the rows that are not there yet; the `key` columns, which are text, of those inserted.

    For many rows at a time: the statement is written once for each number of rows and kept by the driver.
    All rows have the same columns.
    """
    if not rows:
        return set()
    if not key or session.get_bind().dialect.name == "postgresql":
        return {tuple(row) for row in _insert(session, table, rows, key)}
    # SQLite has one writer, so what is not there now is inserted; its RETURNING takes a turn at Python's lock
    # for each row.
    asked = {tuple(row[name] for name in key) for row in rows}
    known = {tuple(row) for row in rows_by_key(session, table, key, asked, key)}
    _insert(session, table, rows, ())
    return asked - known


def _insert(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], returning: tuple[str, ...]
) -> list[Row[Any]]:
    connection = session.connection()
    columns = _columns(table, connection.dialect, tuple(rows[0]))
    inserted: list[Row[Any]] = []
    for some in slices(rows):
        values: list[Any] = []
        for row in some:
            values += columns.of(row)
        statement = _statement(table, connection.dialect, tuple(some[0]), len(some), returning)
        result = connection.exec_driver_sql(statement, tuple(values))
        if returning:
            inserted += result.all()
    return inserted


class _Columns:
    """Takes a row's values out in order, as the driver wants them."""

    def __init__(self, table: Table, dialect: Dialect, names: tuple[str, ...]) -> None:
        self._values = itemgetter(*names)
        types = [table.c[name].type for name in names]
        converters = [
            # Both drivers take bytes as they are.
            None if isinstance(kind, LargeBinary) else kind.dialect_impl(dialect).bind_processor(dialect)
            for kind in types
        ]
        self._converted = [(at, convert) for at, convert in enumerate(converters) if convert is not None]

    def of(self, row: Mapping[str, Any]) -> list[Any]:
        """The row's values. All tables have several columns."""
        values = list(self._values(row))
        for at, convert in self._converted:
            values[at] = convert(values[at])
        return values


_columns = lru_cache(maxsize=64)(_Columns)


@lru_cache(maxsize=256)
def _statement(
    table: Table, dialect: Dialect, names: tuple[str, ...], rows: int, returning: tuple[str, ...]
) -> str:
    quote = dialect.identifier_preparer.quote
    place = "?" if dialect.paramstyle == "qmark" else "%s"
    row = f"({', '.join([place] * len(names))})"
    return (
        f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, names))}) VALUES {', '.join([row] * rows)} "  # noqa: S608  # names of our own tables
        f"ON CONFLICT DO NOTHING{' RETURNING ' if returning else ''}{', '.join(map(quote, returning))}"
    )
