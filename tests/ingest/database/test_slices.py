"""Rows cut for statements: all of them, in order, in few sizes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.database.slices import slices


@given(st.integers(0, 6000))
def test_all_rows_come_in_order_in_few_statements(count: int) -> None:
    parts = list(slices(range(count)))
    assert [row for part in parts for row in part] == list(range(count))
    assert len(parts) <= count // 1024 + 3
    assert all(parts)


def test_statements_are_of_few_sizes_and_not_too_long() -> None:
    sizes = {len(part) for count in range(6000) for part in slices(range(count))}
    assert max(sizes) == 1024
    assert len(sizes) < 80
