"""Deleting and storing passages do not overlap, so that what is deleted cannot come back at the same moment.

Without this an ingester may look for a tombstone, find none, and wait with its insert for the deletion of the
very row to be committed; then it would insert it again. SQLite has one writer anyway.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK = "pg_advisory_xact_lock{}(hashtext('passages'), hashtext('deletion'))"


def hold_off_deletion(session: Session) -> None:
    """Have deletions wait until this transaction has ended; others that store go on beside it."""
    _lock(session, "_shared")


def hold_off_storing(session: Session) -> None:
    """Have everyone who stores passages wait until this transaction has ended."""
    _lock(session, "")


def _lock(session: Session, kind: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT {_LOCK.format(kind)}"))
