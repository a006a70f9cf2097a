"""Inserting what is new and leaving what is there, in one idiom on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Insert = sqlite.Insert | postgresql.Insert

# Rows in one statement. Each run of a statement costs the same again, on SQLite also a turn at Python's lock;
# the widest table takes 64 times 24 values, of which both backends allow some 32,000.
_ROWS_AT_ONCE = 64


def insert_into(session: Session, table: Table) -> Insert:
    """An INSERT for the session's backend, to which `on_conflict_do_nothing` and the like can be added."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_new(
    session: Session, table: Table, rows: Sequence[Mapping[str, Any]], returning: tuple[str, ...] = ()
) -> list[Row[Any]]:
    """Insert the rows that are not there yet; the `returning` columns, which are text, of those inserted.

    For many rows at a time: the statement is written once for each number of rows and kept by the driver.
    All rows have the same columns.
    """
    if not rows:
        return []
    connection = session.connection()
    columns = _columns(table, connection.dialect, tuple(rows[0]))
    inserted: list[Row[Any]] = []
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        values = tuple(
            row[name] if convert is None else convert(row[name]) for row in some for name, convert in columns
        )
        statement = _statement(table, connection.dialect, tuple(some[0]), len(some), returning)
        result = connection.exec_driver_sql(statement, values)
        if returning:
            inserted += result.all()
    return inserted


@lru_cache(maxsize=64)
def _columns(
    table: Table, dialect: Dialect, names: tuple[str, ...]
) -> list[tuple[str, Callable[[Any], Any] | None]]:
    """The columns by name, each with what makes its value one that the driver takes."""
    return [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]


@lru_cache(maxsize=1024)
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
