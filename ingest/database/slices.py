"""Rows cut for statements of many rows: as few statements as possible, of few different sizes.

On SQLite each run of a statement gives Python's lock away and waits to get it back, and each new size has to
be prepared; the driver keeps those that it knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

# The widest table has some 24 columns, and a statement at most 32,766 values on SQLite.
_MOST, _COARSE, _FINE = 1024, 256, 64


def slices(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The rows in order, in parts of a multiple of 256, then of 64, then the rest."""
    start = 0
    while left := len(rows) - start:
        size = next((min(left, _MOST) // step * step for step in (_COARSE, _FINE) if left >= step), left)
        yield rows[start : start + size]
        start += size
