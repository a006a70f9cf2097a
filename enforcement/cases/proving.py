"""Whether the weight of a case is proven, and by which paper an officer proves it where it is not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from enforcement.cases.states import Kind

LONGEST_DOCUMENT = 100
LONGEST_NUMBER = 100

PROOF_MISSING = (
    "The register does not show that this vehicle is over the limit, and pictures do not show a weight. Get "
    "proof of the weight and write down which document it is and its number or date, or reject this case."
)


@dataclass(frozen=True)
class WeightProof:
    """The document that shows the weight, such as a weighbridge ticket, and its number or date."""

    document: str
    number: str


def weight_proof(document: str, number: str) -> WeightProof | None:
    """The proof as an officer wrote it down, cut to the lengths that are kept; None where a part is empty."""
    proof = WeightProof(document.strip()[:LONGEST_DOCUMENT], number.strip()[:LONGEST_NUMBER])
    return proof if proof.document and proof.number else None


def weight_unproven(kind: Kind, reason_codes: Collection[str]) -> bool:
    """Whether the register leaves open that a case's vehicle is over the limit, or in the class of it."""
    if kind is Kind.SPEED:
        return "class_unknown" in reason_codes
    return "weight_over" not in reason_codes


def proof_words(facts: dict[str, Any]) -> str:
    """The proof in the facts of a decision as one line; empty where it has none."""
    proof = facts.get("weight_proof")
    return f"{proof['document']}, {proof['number']}" if proof else ""
