"""Under which Act the keeper is asked who drove, and until when: policy, because the law leaves it open."""

from __future__ import annotations

from typing import Any

from enforcement.cases.states import Kind
from enforcement.errors import EnforcementError
from enforcement.letters.subject import Subject
from enforcement.letters.terms import LetterTerms, RequestAct
from enforcement.letters.wording import plain_weekday


class TermsMissing(EnforcementError):
    """The policy file does not say what a letter needs; the text names what to add."""


def asked_under(subject: Subject) -> dict[str, Any]:
    """The fields `act`, `days` and `answer_by` of a request. Raises TermsMissing without a provision."""
    step = subject.step
    if step.served_on is None or step.answer_by is None:
        raise TermsMissing(f"case {step.case_id} has no day by which the keeper must answer")
    return {
        "act": _act(subject.policy.letters, subject.case.kind).provision,
        "days": str((step.answer_by - step.served_on).days),
        "answer_by": plain_weekday(step.answer_by),
    }


def _act(terms: LetterTerms, kind: str) -> RequestAct:
    act = terms.speed_request if kind == Kind.SPEED else terms.weight_request
    if act is None:
        raise TermsMissing(
            f"the policy file does not say under which Act a keeper is asked; add letters: {kind}_request: "
            "with provision and source"
        )
    return act
