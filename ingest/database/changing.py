"""Statements that change rows, and how many they changed."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session


def rows_changed(session: Session, statement: Update | Delete) -> int:
    """Run the statement; the number of rows that it changed or deleted."""
    # A session's result is typed for any statement; only one that changes rows has their number.
    return cast("CursorResult[Any]", session.execute(statement)).rowcount
