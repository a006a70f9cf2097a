"""Looking many rows up by their keys, of several columns, in one idiom on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import Dialect, Row, Table
from sqlalchemy.orm import Session

_KEYS_AT_ONCE = 500


def rows_by_key(
    session: Session,
    table: Table,
    key: tuple[str, ...],
    values: Collection[tuple[str, ...]],
    columns: tuple[str, ...],
) -> list[Row[Any]]:
    """Those rows of the table whose `key` columns, which are text, are one of `values`; `columns` of them.

    For many keys at a time, where writing the statement anew each time costs more than running it.
    """
    connection = session.connection()
    found: list[Row[Any]] = []
    left = iter(values)
    while some := list(islice(left, _KEYS_AT_ONCE)):
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
    return (
        f"SELECT {', '.join(map(quote, columns))} FROM {quote(table.name)} "  # noqa: S608  # names of our own tables
        f"WHERE ({', '.join(map(quote, key))}) IN (VALUES {', '.join([value] * values)})"
    )
