"""What has come of an outbox's numbers, in whatever order they came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.storing.sequences import Received


@given(st.lists(st.lists(st.integers(1, 40))))
def test_exactly_the_numbers_that_did_not_come_are_missing(batches: list[list[int]]) -> None:
    received = Received(0, ())
    for batch in batches:
        received = received.with_seqs(batch)
    came = {seq for batch in batches for seq in batch}
    missing = [seq for first, last in received.missing for seq in range(first, last + 1)]
    assert received.highest_seq == max(came, default=0)
    assert len(missing) == len(set(missing))
    assert set(missing) == set(range(1, received.highest_seq + 1)) - came
