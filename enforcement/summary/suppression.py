"""Hiding small cells so that nobody can be picked out, and what would give them away.

A partition is a list of counts that add up to one total that is published with them. Source: the practice of
official statistics (primary and secondary suppression); the threshold of 5 is domain.md section 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_SHOWN = 5
HIDDEN = "hidden"


@dataclass(frozen=True)
class Partition:
    """Counts and their total as they may be published; None is hidden."""

    cells: tuple[int | None, ...]
    total: int | None

    def words(self) -> tuple[str, ...]:
        """The cells as they are printed."""
        return tuple(shown(cell) for cell in self.cells)


def shown(count: int | None) -> str:
    """A count as it is printed."""
    return HIDDEN if count is None else f"{count:,}"


def suppressed(counts: Sequence[int]) -> Partition:
    """`counts` with every cell under five hidden, and with it whatever would let it be worked out.

    What is hidden is always several cells that add up to five or more, so that neither a cell nor their sum
    can be had from the total; where that cannot be, the whole partition is hidden. The cells that are hidden
    besides the small ones follow them in order, whatever their size: a choice by size would tell of it.
    """
    size, total = len(counts), sum(counts)
    hidden = {index for index, count in enumerate(counts) if count < FEWEST_SHOWN}
    while hidden and not _protected([counts[index] for index in hidden]):
        if len(hidden) == size:
            return Partition((None,) * size, None)
        last = max(hidden)
        hidden.add(next(i % size for i in range(last + 1, last + 1 + size) if i % size not in hidden))
    return Partition(tuple(None if i in hidden else count for i, count in enumerate(counts)), total)


def _protected(hidden: Sequence[int]) -> bool:
    """Whether the sum of the hidden cells leaves each of them open; all at four would be the largest sum."""
    all_at_most = all(count == FEWEST_SHOWN - 1 for count in hidden)
    return len(hidden) > 1 and sum(hidden) >= FEWEST_SHOWN and not all_at_most
