"""Is a vehicle over an order's weight limit? The decision table of domain.md section 4 as one pure function.

Sources: Traffic Signs Manual ch. 3 (signs 622.1A and 626.2A), Road Traffic Act 1988 s. 20 (operating weight),
Regulation (EU) 2018/858 art. 4 as retained (categories M, N, O; N1 ends at 3,500 kg).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

N1_MAX_KG = 3500

Purpose = Literal["environmental", "structural"]
WeightBasis = Literal["plated_maximum", "operating_weight"]

_CATEGORY = re.compile(r"^(N[123]|M[123]|L\d?|T\d?)")
_GOODS = ("N1", "N2", "N3")


class Verdict(StrEnum):
    """What the register's answer says about the limit. UNKNOWN and OFFICER both go to an officer."""

    OVER = "over"
    NOT_OVER = "not_over"
    NOT_GOODS_VEHICLE = "not_goods_vehicle"
    UNKNOWN = "unknown"
    OFFICER = "officer"


@dataclass(frozen=True)
class WeightDecision:
    """A verdict and the sentence that a person is shown for it."""

    verdict: Verdict
    reason: str


def decide_weight(
    type_approval: str | None,
    revenue_weight_kg: int | None,
    *,
    trailer_seen: bool,
    limit_kg: int,
    basis: WeightBasis,
    purpose: Purpose,
) -> WeightDecision:
    """Judge one vehicle by its register entry against the order's own limit.

    Exactly the limit is not over it. A revenue weight of 0 or none is unknown. A trailer in the picture sends
    every vehicle that is not over by itself to an officer. Structural limits bind buses (M3) too.
    """
    category = category_of(type_approval)
    weight_kg = revenue_weight_kg or 0
    if category is None:
        return _without_category(weight_kg, limit_kg)
    if category not in _GOODS and not (category == "M3" and purpose == "structural"):
        return _no_goods_vehicle(category, weight_kg, limit_kg, purpose)
    if category == "N1" and limit_kg >= N1_MAX_KG:
        alone = WeightDecision(Verdict.NOT_OVER, f"Category N1: at most {_kg(N1_MAX_KG)} by definition.")
        return _with_trailer(alone, trailer_seen, basis)
    return _by_weight(category, weight_kg, limit_kg, trailer_seen, basis)


def category_of(type_approval: str | None) -> str | None:
    """The vehicle category at the start of a type approval ("N3", "N2G", "M1"), or None."""
    found = _CATEGORY.match((type_approval or "").strip().upper())
    return found[1] if found else None


def _by_weight(
    category: str, weight_kg: int, limit_kg: int, trailer_seen: bool, basis: WeightBasis
) -> WeightDecision:
    if weight_kg <= 0:
        return WeightDecision(
            Verdict.UNKNOWN, f"Category {category}, but the register holds no revenue weight for it."
        )
    if weight_kg > limit_kg:
        return WeightDecision(
            Verdict.OVER,
            f"Category {category}, revenue weight {_kg(weight_kg)}: over the limit of {_kg(limit_kg)}.",
        )
    alone = WeightDecision(
        Verdict.NOT_OVER,
        f"Category {category}, revenue weight {_kg(weight_kg)}: not over the limit of {_kg(limit_kg)}.",
    )
    return _with_trailer(alone, trailer_seen, basis)


def _with_trailer(alone: WeightDecision, trailer_seen: bool, basis: WeightBasis) -> WeightDecision:
    if not trailer_seen:
        return alone
    why = {
        "operating_weight": "the weights of vehicle and trailer count together",
        "plated_maximum": "the plate of the combination may show more than the vehicle's own entry",
    }[basis]
    return WeightDecision(Verdict.OFFICER, f"{alone.reason} A trailer is in the picture: {why}.")


def _no_goods_vehicle(category: str, weight_kg: int, limit_kg: int, purpose: Purpose) -> WeightDecision:
    if purpose == "structural" and weight_kg > limit_kg:
        return WeightDecision(
            Verdict.OFFICER,
            f"Category {category}, {_kg(weight_kg)}, on a structural limit of {_kg(limit_kg)}: "
            "sign 626.2A binds every vehicle.",
        )
    return WeightDecision(Verdict.NOT_GOODS_VEHICLE, f"Category {category} is not a goods vehicle.")


def _without_category(weight_kg: int, limit_kg: int) -> WeightDecision:
    if weight_kg > limit_kg:
        return WeightDecision(
            Verdict.OFFICER,
            f"The register gives no category; revenue weight {_kg(weight_kg)} is over the limit of "
            f"{_kg(limit_kg)}. The body type decides.",
        )
    return WeightDecision(Verdict.UNKNOWN, "The register gives neither a category nor a weight that decides.")


def _kg(weight_kg: int) -> str:
    return f"{weight_kg:,} kg"
