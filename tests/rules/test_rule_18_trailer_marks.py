"""Rule 18: a trailer mark is never looked up or treated as the vehicle."""

from __future__ import annotations

import msgspec

from config.vrm import Format, fit, format_of
from config.wire import Plate
from ingest import records
from tests.ingest.units import passage

TRAILER = "C1234567"


def test_a_trailers_mark_is_no_vrm() -> None:
    assert format_of(TRAILER) is Format.TRAILER
    assert fit(TRAILER).vrm is None
    assert "trailer" in (fit(TRAILER).reason or "")


def test_a_passage_with_only_a_trailers_mark_pairs_with_nothing() -> None:
    seen = passage("one", plate=Plate(text="AA19AAA", confidence=0.99, looks=4))
    trailer = msgspec.structs.replace(seen, plate=Plate(text=TRAILER, confidence=0.99, looks=4))
    assert records.seen_of(seen, 10.0, doubted=False) is not None
    assert records.seen_of(trailer, 10.0, doubted=False) is None
