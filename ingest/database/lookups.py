"""Looking many rows up by their keys, of several columns, in one idiom on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Dialect, Row, Table
from sqlalchemy.orm import Session

from ingest.database.slices import slices


def rows_by_key(
    session: Session,
    table: Table,
    key: tuple[str, ...],
    values: Collection[tuple[str, ...]],
    columns: tuple[str, ...],
) -> list[Row[Any]]:
    """Those rows of the table whose `key` columns, which are text, are one of `values`; `columns` of them.

    For many keys at a time, where writing the statement anew each time costs more than running it. A join,
    because SQLite looks through the whole table for `(a, b) IN (VALUES ...)`.
    """
    connection = session.connection()
    found: list[Row[Any]] = []
    for some in slices(list(values)):
        statement = _statement(table, connection.dialect, key, len(some), columns)
        found += connection.exec_driver_sql(statement, tuple(chain.from_iterable(some))).all()
    return found


@lru_cache(maxsize=256)
def _statement(
    table: Table, dialect: Dialect, key: tuple[str, ...], values: int, columns: tuple[str, ...]
) -> str:
    quote = dialect.identifier_preparer.quote
    place = "?" if dialect.paramstyle == "qmark" else "%s"
    value = f"({', '.join([place] * len(key))})"
    name = quote(table.name)
    same = " AND ".join(f"{name}.{quote(column)} = wanted.{quote(column)}" for column in key)
    found = ", ".join(f"{name}.{quote(column)}" for column in columns)
    return (
        f"WITH wanted ({', '.join(map(quote, key))}) AS (VALUES {', '.join([value] * values)}) "  # noqa: S608  # names of our own tables
        f"SELECT {found} FROM wanted JOIN {name} ON {same}"
    )
