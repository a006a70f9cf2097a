"""Rule 6: a visible trailer on a vehicle up to 7.5 t forces review."""

from __future__ import annotations

import pytest

from config.law.weight import Verdict, WeightBasis, decide_weight


def verdict(category: str, weight_kg: int, basis: WeightBasis, *, trailer_seen: bool) -> Verdict:
    return decide_weight(
        category,
        weight_kg,
        trailer_seen=trailer_seen,
        limit_kg=7500,
        basis=basis,
        purpose="environmental",
    ).verdict


@pytest.mark.parametrize("basis", ["plated_maximum", "operating_weight"])
@pytest.mark.parametrize(("category", "weight_kg"), [("N2", 7500), ("N2", 3501), ("N1", 3500), ("N3", 7500)])
def test_a_trailer_on_what_is_not_over_alone_is_for_an_officer(
    category: str, weight_kg: int, basis: WeightBasis
) -> None:
    assert verdict(category, weight_kg, basis, trailer_seen=False) is Verdict.NOT_OVER
    assert verdict(category, weight_kg, basis, trailer_seen=True) is Verdict.OFFICER
