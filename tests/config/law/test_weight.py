"""The weight decision against the table of domain.md section 4, row by row."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.law.weight import Purpose, Verdict, WeightBasis, decide_weight

OVER, NOT_OVER, NO_GOODS = Verdict.OVER, Verdict.NOT_OVER, Verdict.NOT_GOODS_VEHICLE
UNKNOWN, OFFICER = Verdict.UNKNOWN, Verdict.OFFICER


def _verdict(
    category: str | None,
    weight: int | None,
    trailer: bool = False,
    limit: int = 7500,
    structural: bool = False,
) -> Verdict:
    return decide_weight(
        category,
        weight,
        trailer_seen=trailer,
        limit_kg=limit,
        basis="operating_weight",
        purpose="structural" if structural else "environmental",
    ).verdict


@pytest.mark.parametrize(
    ("category", "weight", "trailer", "verdict"),
    [
        ("N3", 7501, False, OVER),
        ("N2", 44000, False, OVER),
        ("N3", 44000, True, OVER),
        ("N2G", 7501, False, OVER),
        (" n3 ", 18000, False, OVER),
        ("N2", 7500, False, NOT_OVER),
        ("N3", 1, False, NOT_OVER),
        ("N2", 7500, True, OFFICER),
        ("N3", 0, False, UNKNOWN),
        ("N2", None, False, UNKNOWN),
        ("N2", None, True, UNKNOWN),
        ("N1", 3500, False, NOT_OVER),
        ("N1", None, False, NOT_OVER),
        ("N1", 3500, True, OFFICER),
        ("M1", 2000, False, NO_GOODS),
        ("M2", 5000, False, NO_GOODS),
        ("M3", 18000, False, NO_GOODS),
        ("M3", None, False, NO_GOODS),
        ("L3E", None, False, NO_GOODS),
        ("T1", 9000, False, NO_GOODS),
        (None, 7501, False, OFFICER),
        ("", 18000, False, OFFICER),
        ("?", 18000, False, OFFICER),
        (None, 7500, False, UNKNOWN),
        ("?", 7500, False, UNKNOWN),
        (None, 0, False, UNKNOWN),
        (None, None, True, UNKNOWN),
    ],
)
def test_environmental_limit_of_7500_kg(
    category: str | None, weight: int | None, trailer: bool, verdict: Verdict
) -> None:
    assert _verdict(category, weight, trailer) is verdict


@pytest.mark.parametrize(
    ("category", "weight", "limit", "verdict"),
    [
        ("N3", 18000, 18000, NOT_OVER),
        ("N3", 18001, 18000, OVER),
        ("N3", 7501, 18000, NOT_OVER),
        ("N1", 3500, 3000, OVER),
        ("N1", 3000, 3000, NOT_OVER),
        ("N1", 3500, 3500, NOT_OVER),
        ("N1", 3501, 3500, NOT_OVER),  # a wrong entry: no N1 weighs as much
        ("N1", None, 3499, UNKNOWN),
        (None, 18000, 18000, UNKNOWN),
    ],
)
def test_limit_is_the_orders_own(
    category: str | None, weight: int | None, limit: int, verdict: Verdict
) -> None:
    assert _verdict(category, weight, limit=limit) is verdict


@pytest.mark.parametrize(
    ("category", "weight", "trailer", "verdict"),
    [
        ("M3", 7501, False, OVER),
        ("M3", 7500, False, NOT_OVER),
        ("M3", 0, False, UNKNOWN),
        ("M3", 7500, True, OFFICER),
        ("M2", 5000, False, NO_GOODS),
        ("M1", 7501, False, OFFICER),
        ("M1", 7500, False, NO_GOODS),
        ("T5", 12000, False, OFFICER),
        ("M1", None, False, NO_GOODS),
    ],
)
def test_structural_limit_binds_buses(
    category: str, weight: int | None, trailer: bool, verdict: Verdict
) -> None:
    assert _verdict(category, weight, trailer, structural=True) is verdict


@pytest.mark.parametrize(
    ("basis", "words"),
    [("operating_weight", "count together"), ("plated_maximum", "plate of the combination")],
)
def test_reason_for_a_trailer_names_the_orders_basis(basis: str, words: str) -> None:
    decision = decide_weight(
        "N2",
        7500,
        trailer_seen=True,
        limit_kg=7500,
        basis=basis,  # type: ignore[arg-type]  # parametrised with both literals
        purpose="environmental",
    )
    assert words in decision.reason
    assert "7,500 kg" in decision.reason


REASONS = [
    ("N3", 18000, False, "Category N3, revenue weight 18,000 kg: over the limit of 7,500 kg."),
    ("N2", 7500, False, "Category N2, revenue weight 7,500 kg: not over the limit of 7,500 kg."),
    ("N2", 0, False, "Category N2, but the register holds no revenue weight for it."),
    ("N1", None, False, "Category N1: at most 3,500 kg by definition."),
    ("M1", 2000, False, "Category M1 is not a goods vehicle."),
    (
        None,
        18000,
        False,
        "The register gives no category; revenue weight 18,000 kg is over the limit of 7,500 kg. "
        "The body type decides.",
    ),
    (None, 7000, False, "The register gives neither a category nor a weight that decides."),
    (
        "M1",
        9000,
        True,
        "Category M1, 9,000 kg, on a structural limit of 7,500 kg: sign 626.2A binds every vehicle.",
    ),
]


@pytest.mark.parametrize(("category", "weight", "structural", "reason"), REASONS)
def test_officer_and_court_read_why(
    category: str | None, weight: int | None, structural: bool, reason: str
) -> None:
    decision = decide_weight(
        category,
        weight,
        trailer_seen=False,
        limit_kg=7500,
        basis="plated_maximum",
        purpose="structural" if structural else "environmental",
    )
    assert decision.reason == reason


def test_what_orders_and_stored_reasons_name() -> None:
    """Orders are read by these words and cases keep them: a word that changes loses what was written."""
    for kind, words in (
        (Purpose, ("environmental", "structural")),
        (WeightBasis, ("plated_maximum", "operating_weight")),
        (Verdict, ("over", "not_over", "not_goods_vehicle", "unknown", "officer")),
    ):
        assert [str(msgspec.convert(word, kind)) for word in words] == list(words)


@given(
    category=st.sampled_from([None, "N1", "N2", "N3", "M1", "M2", "M3", "L", "T"]),
    weight=st.one_of(st.none(), st.integers(0, 60000)),
    trailer=st.booleans(),
    limit=st.integers(3500, 44000),
    structural=st.booleans(),
)
def test_over_needs_a_known_weight_above_the_limit(
    category: str | None, weight: int | None, trailer: bool, limit: int, structural: bool
) -> None:
    if _verdict(category, weight, trailer, limit, structural) is OVER:
        assert weight is not None
        assert weight > limit
        assert category in {"N2", "N3"} or (category == "M3" and structural)
