"""A look into an outbox that changes nothing: how much waits, and whether the file is whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from edge.outbox import rows as rows
from edge.outbox.file import OutboxError, connected, trouble_with, version_of


def waiting_in(path: Path) -> tuple[int, int] | None:
    """How many events and pictures wait there for the centre; None before the unit's first start.

    Raises OutboxError: OutboxDamaged for a file that the unit would put aside at its start.
    """
    if not path.exists():
        return None
    try:
        with closing(connected(path)) as connection:
            if version_of(connection) == 0:
                return None
            return rows.count(connection, "entries"), rows.count(connection, "pictures")
    except sqlite3.Error as error:
        raise trouble_with(path, error) from error
    except OutboxError as error:
        told = f"the outbox {path} is damaged: {error}"
        raise OutboxError(f"{told}; its next start puts it aside and carries on what can be read") from error
