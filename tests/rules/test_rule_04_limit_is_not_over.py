"""Rule 4: 7500 kg is not over, 7501 is; 0 and null are unknown and go to an officer."""

from __future__ import annotations

import pytest

from config.law.weight import Verdict, decide_weight


def verdict(weight_kg: int | None, *, limit_kg: int = 7500, category: str | None = "N2") -> Verdict:
    return decide_weight(
        category,
        weight_kg,
        trailer_seen=False,
        limit_kg=limit_kg,
        basis="plated_maximum",
        purpose="environmental",
    ).verdict


@pytest.mark.parametrize("category", ["N2", "N3"])
@pytest.mark.parametrize("limit_kg", [7500, 18_000])
def test_the_limit_itself_is_not_over_it(category: str, limit_kg: int) -> None:
    assert verdict(limit_kg, limit_kg=limit_kg, category=category) is Verdict.NOT_OVER
    assert verdict(limit_kg + 1, limit_kg=limit_kg, category=category) is Verdict.OVER
    assert verdict(1, limit_kg=limit_kg, category=category) is Verdict.NOT_OVER


@pytest.mark.parametrize("weight_kg", [0, None])
@pytest.mark.parametrize("category", ["N2", "N3", None])
def test_no_weight_is_unknown(weight_kg: int | None, category: str | None) -> None:
    assert verdict(weight_kg, category=category) is Verdict.UNKNOWN


def test_a_weight_without_a_category_is_for_an_officer() -> None:
    assert verdict(44_000, category=None) is Verdict.OFFICER
