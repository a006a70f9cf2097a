"""Rule 5: only goods vehicles match environmental limits; buses (M3) match structural ones."""

from __future__ import annotations

import pytest

from config.law.weight import Purpose, Verdict, decide_weight


def verdict(category: str, purpose: Purpose) -> Verdict:
    return decide_weight(
        category,
        18_000,
        trailer_seen=False,
        limit_kg=7500,
        basis="plated_maximum",
        purpose=purpose,
    ).verdict


@pytest.mark.parametrize("category", ["M1", "M2", "M3", "L3", "T1"])
def test_what_carries_no_goods_is_no_breach_of_an_environmental_limit(category: str) -> None:
    assert verdict(category, "environmental") is Verdict.NOT_GOODS_VEHICLE


@pytest.mark.parametrize("purpose", ["environmental", "structural"])
def test_a_heavy_goods_vehicle_is_over_either(purpose: Purpose) -> None:
    assert verdict("N3", purpose) is Verdict.OVER


def test_a_bus_is_over_a_structural_limit() -> None:
    assert verdict("M3", "structural") is Verdict.OVER
