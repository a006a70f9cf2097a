"""Rule 17: ambiguity is never resolved by itself; only O and 0, I and 1 share a glyph and are told apart."""

from __future__ import annotations

import pytest

from config.vrm import fit
from tests.rules.village import SHORTEST_S, Village


@pytest.mark.parametrize(("read", "vrm"), [("AB12OOO", "AB12OOO"), ("ABI2CDE", "AB12CDE"), ("AB0ZCDE", None)])
def test_only_a_shared_glyph_is_told_apart_by_its_place(read: str, vrm: str | None) -> None:
    assert fit(read).vrm == vrm


@pytest.mark.parametrize("read", ["8A19AAA", "AA1SAAA", "AA1ZAAA", "A519AAA"])
def test_a_look_alike_is_never_put_right(read: str) -> None:
    assert fit(read).vrm != "AA19AAA"
    assert fit(read).vrm in (None, read)


def test_marks_that_are_only_close_never_make_a_transit_through() -> None:
    village = Village()
    village.enters("BA19AAA", 0)
    village.leaves("8A19AAA", SHORTEST_S)
    assert "through" not in village.conclusions()
