"""Insert-or-ignore in the words of either database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from enforcement.tables import Base


def insert_new(session: Session, row_type: type[Base], **values: Any) -> bool:
    """Insert a row unless its primary key is taken; False where it is."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    keys = inspect(row_type).primary_key
    inserted = session.execute(
        dialect.insert(row_type).values(**values).on_conflict_do_nothing(index_elements=keys).returning(*keys)
    )
    return inserted.first() is not None
