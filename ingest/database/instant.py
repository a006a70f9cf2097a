"""The column type of every instant: aware UTC in, aware UTC out, on every backend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """A UTC instant. SQLite knows no time zones, so there it is stored as UTC and given its zone back.

    Raises ValueError (inside SQLAlchemy's StatementError) for a datetime without a zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """What makes an instant of ours one of the backend's; in one step, for every row has several."""
        return _text if dialect.name == "sqlite" else _utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored instant as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"an instant needs its time zone; {value.isoformat()} has none")
    return value.astimezone(UTC)


@lru_cache(maxsize=8192)  # a passage's rows have the same two instants six times
def _text(value: datetime | None) -> str | None:
    """As SQLAlchemy's DateTime writes it for SQLite: UTC, without saying so."""
    utc = value if value is not None and value.tzinfo is UTC else _utc(value)
    return None if utc is None else utc.isoformat(" ", "microseconds").removesuffix("+00:00")
