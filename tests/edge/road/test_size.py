"""What a measured size says: it leans, it never decides."""

from __future__ import annotations

import pytest

from edge.road.measure import Estimate
from edge.road.size import MOST, size_says
from edge.road.trailer import combination_by_length

KINDS = [
    ("a car", 4.4, 1.5, -1.5, -1.5),
    ("a panel van", 5.9, 2.6, -1.4, -0.6),
    ("a Luton van", 7.2, 3.2, -0.2, 0.3),
    ("a 7.5 t rigid", 8.0, 3.4, 0.4, 1.2),
    ("a rigid of three axles", 10.5, 3.8, 1.2, 1.5),
    ("an articulated lorry", 16.5, 4.0, 1.5, 1.5),
    ("a coach, which size cannot tell from a lorry", 12.3, 3.7, 1.0, 1.5),
]


@pytest.mark.parametrize(("name", "length", "height", "least", "most"), KINDS, ids=[k[0] for k in KINDS])
def test_kinds_of_vehicle(name: str, length: float, height: float, least: float, most: float) -> None:
    says = size_says(Estimate(length, 0.05), Estimate(height, 0.02))
    assert least <= says.logit <= most
    assert f"length {length:.1f} m" in says.reason
    assert f"height {height:.1f} m" in says.reason


def test_size_never_outweighs_the_other_evidence() -> None:
    """Detector and type model reach a logit of 3 and more; size at most half of that."""
    for length in (1.0, 4.0, 18.0, 40.0):
        for height in (0.5, 1.5, 4.0, 9.0):
            assert abs(size_says(Estimate(length, 0.01), Estimate(height, 0.01)).logit) <= MOST <= 1.5


def test_what_is_not_known_says_nothing() -> None:
    assert size_says(None, None).logit == 0.0
    assert size_says(None, None).reason == "size not measured"
    only = size_says(None, Estimate(4.0, 0.1))
    assert 0 < only.logit < MOST
    assert "length" not in only.reason


def test_an_uncertain_size_says_less() -> None:
    weights = [size_says(Estimate(4.4, error), None).logit for error in (0.1, 1.5, 6.0)]
    assert weights == sorted(weights)
    assert weights[0] < -1.4
    assert weights[2] > -0.8


@pytest.mark.parametrize(
    ("length_m", "expected"),
    [
        (None, None),
        (Estimate(9.5, 0.5), None),
        (Estimate(14.9, 0.1), None),
        (Estimate(16.3, 1.5), None),
        (Estimate(16.3, 0.5), True),
        (Estimate(18.7, 1.2), True),
    ],
)
def test_only_what_is_surely_longer_than_a_coach_is_a_combination(
    length_m: Estimate | None, expected: bool | None
) -> None:
    assert combination_by_length(length_m) is expected
