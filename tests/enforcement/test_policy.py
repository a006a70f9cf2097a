"""The policy file: the pilot's is right, and a mistake names itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import FileMistake
from enforcement.policy import load_policy

PILOT = Path(__file__).parents[2] / "config" / "pilot" / "policy.yaml"


def test_pilot_policy_can_be_read() -> None:
    policy = load_policy(PILOT, "demo")
    assert policy.days_to_reply == 28
    assert [step.action for step in policy.ladders[0].steps] == [
        "first_letter",
        "warning_letter",
        "prosecution",
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("authority: demo", "authority: other", "the settings say 'demo'"),
        ("days_to_reply: 28", "days_to_reply: 280", "60"),
        ("days_to_reply: 28", "days_to_answer: 28", "days_to_answer|days_to_reply"),
        ("breach: 3", "breach: 4", "1, 2, 3"),
        ("unconfirmed_months: 12", "unconfirmed_months: 13", "12"),
        (
            "ladders:\n",
            "ladders:\n  - {effective_from: 2025-01-01, look_back_months: 12, count_by: [vrm],"
            " steps: [{breach: 1, action: first_letter}]}\n",
            "must end",
        ),
    ],
)
def test_mistake_is_named(tmp_path: Path, before: str, after: str, expected: str) -> None:
    text = PILOT.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "policy.yaml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(FileMistake, match=expected):
        load_policy(path, "demo")
