"""What a simulation counted. Figures of villages add up; nothing depends on who counted them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

LARGEST_SHARE_WRONG = 0.005
"""Of the proposed cases before an officer looked."""
WRONG_LETTERS_IN = 10_000
"""In so many letters at most one is wrong."""


@dataclass
class Figures:
    """Counts of one or more villages; `by` holds those that are split by a cause."""

    totals: Counter[str] = field(default_factory=Counter)
    by: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, what: str, cause: str | None = None) -> None:
        """Count one thing, and its cause where it has one."""
        self.totals[what] += 1
        if cause is not None:
            self.by.setdefault(what, Counter())[cause] += 1

    def add(self, others: Figures) -> None:
        """Add another's counts to these."""
        self.totals.update(others.totals)
        for what, causes in others.by.items():
            self.by.setdefault(what, Counter()).update(causes)

    def share_right(self) -> float:
        """The share of proposed cases that are right; 1.0 for none."""
        proposed = self.totals["proposed"]
        return 1.0 - self.totals["proposed_wrong"] / proposed if proposed else 1.0

    def wrong_in_ten_thousand(self) -> float:
        """Wrong letters in ten thousand."""
        letters = self.totals["letters"]
        return WRONG_LETTERS_IN * self.totals["wrong_letters"] / letters if letters else 0.0

    def found_share(self) -> float:
        """The share of breaches that got a letter."""
        breaches = self.totals["breaches"]
        return 1.0 - self.totals["missed"] / breaches if breaches else 1.0

    def bars(self) -> dict[str, bool]:
        """Each bar, and whether it holds."""
        return {
            "proposed_right": 1.0 - self.share_right() <= LARGEST_SHARE_WRONG,
            "wrong_letters": self.wrong_in_ten_thousand() <= 1.0,
            "never_to_be_written_to": self.totals["never_to_be_written_to"] == 0,
        }

    def as_json(self) -> dict[str, Any]:
        """The figures as plain values; the six that the command promises come first."""
        totals, by = self.totals, self.by
        return {
            "passages": totals["passages"],
            "proposed": totals["proposed"],
            "proposed_right": totals["proposed"] - totals["proposed_wrong"],
            "letters": totals["letters"],
            "wrong_letters": totals["wrong_letters"],
            "missed": _sorted(by.get("missed")),
            "breaches": totals["breaches"],
            "journeys": totals["journeys"],
            "share_right": round(self.share_right(), 6),
            "wrong_letters_in_10000": round(self.wrong_in_ten_thousand(), 3),
            "share_of_breaches_found": round(self.found_share(), 4),
            "proposed_wrong": _sorted(by.get("proposed_wrong")),
            "review": totals["review"],
            "review_wrong": _sorted(by.get("review_wrong")),
            "wrong_letters_by_cause": _sorted(by.get("wrong_letters")),
            "never_to_be_written_to": _sorted(by.get("never_to_be_written_to")),
            "transits": _sorted(by.get("transits")),
            "outcomes": _sorted(by.get("outcomes")),
            "decisions": _sorted(by.get("decisions")),
            "sights": _sorted(by.get("sights")),
            "register_asked_again": totals["register_asked_again"],
            "bars": self.bars(),
        }


def _sorted(counts: Counter[str] | None) -> dict[str, int]:
    return dict(sorted((counts or Counter()).items(), key=lambda item: (-item[1], item[0])))
