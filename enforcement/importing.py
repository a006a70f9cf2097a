"""Whose records a file may change."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from config.errors import FileMistake


def refuse_other_authority(file: Path, authority: str, named: Iterable[str]) -> None:
    """Raise FileMistake where a file names another authority than the settings do."""
    others = sorted(set(named) - {authority})
    if others:
        raise FileMistake(file, 0, f"authority is '{others[0]}', but the settings say '{authority}'")
