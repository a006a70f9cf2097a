"""Small cells are hidden, and nothing that is published lets one be worked out."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.summary.suppression import FEWEST_SHOWN, Partition, suppressed


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ([12, 30, 5], (12, 30, 5), 47),
        ([12, 30, 4], (None, 30, None), 46),
        ([3, 4, 30], (None, None, 30), 37),
        ([1, 2, 30, 9], (None, None, None, 9), 42),
        ([0, 30, 9, 0], (None, None, 9, None), 39),
        ([5, 5, 3], (None, 5, None), 13),
        ([4, 4, 30], (None, None, None), 38),
        ([4, 40], (None, None), 44),
        ([4, 4], (None, None), None),
        ([4], (None,), None),
        ([5], (5,), 5),
        ([0, 0, 0], (None, None, None), None),
        ([1, 1, 1], (None, None, None), None),
        ([2, 3], (None, None), 5),
    ],
)
def test_what_is_hidden(counts: list[int], cells: tuple[int | None, ...], total: int | None) -> None:
    assert suppressed(counts) == Partition(cells, total)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=31))
def test_no_small_cell_is_shown_and_no_shown_cell_is_changed(counts: list[int]) -> None:
    published = suppressed(counts)
    assert all(cell is None or cell >= FEWEST_SHOWN for cell in published.cells)
    assert all(cell in (None, count) for cell, count in zip(published.cells, counts, strict=True))
    assert published.total in (None, sum(counts))
    if all(count >= FEWEST_SHOWN for count in counts):
        assert published == Partition(tuple(counts), sum(counts))


@pytest.mark.parametrize("size", [2, 3, 4])
def test_no_hidden_cell_can_be_worked_out(size: int) -> None:
    """Whoever knows the method sees, for each hidden cell, several lists of counts that look the same."""
    seen: dict[Partition, list[set[int]]] = {}
    largest_total = 26
    for counts in product(range(largest_total + 1), repeat=size):
        if sum(counts) > largest_total:
            continue
        values = seen.setdefault(suppressed(counts), [set() for _ in counts])
        for value, those in zip(counts, values, strict=True):
            those.add(value)
    for published, values in seen.items():
        for cell, those in zip(published.cells, values, strict=True):
            assert cell is not None or len(those) > 1, (published, values)
