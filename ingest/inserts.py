"""Inserting what is new and leaving what is there, in one idiom on SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Insert = sqlite.Insert | postgresql.Insert


def insert_into(session: Session, table: Table) -> Insert:
    """An INSERT for the session's backend, to which `on_conflict_do_nothing` and the like can be added."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
