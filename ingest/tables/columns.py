"""What columns of ingest's tables are made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, text

from ingest.database.instant import Instant

METADATA = MetaData()

ROW_ID = BigInteger().with_variant(Integer, "sqlite")


def name(title: str, *, key: bool = False, absent: bool = False) -> Column[str]:
    """A name, hash or code of at most 64 characters."""
    return Column(title, String(64), primary_key=key, nullable=absent)


def instant(title: str, *, absent: bool = False) -> Column[Any]:
    """A UTC instant."""
    return Column(title, Instant, nullable=absent)


def number(title: str) -> Column[int]:
    """A count, or a number in a sequence."""
    return Column(title, BigInteger, nullable=False)


def index_where(condition: str, title: str, *columns: str) -> Index:
    """An index that holds only the rows of a condition, on both backends."""
    return Index(title, *columns, sqlite_where=text(condition), postgresql_where=text(condition))
