"""What a campaign of look-ups came to, by the service's own log and by the answers that are kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from enforcement.register.answers import RegisterAnswer
from enforcement.tables import RegisterAnswerRow
from tests.enforcement.register.enquirers import TERMS
from tests.enforcement.register.simulator import Asked, Entry

BARS = ("lost", "repeated_within_cache_time", "concluded_from_a_fault", "wrong_answers")
_ANSWERS = ("200", "404")


def reckoned(asked: Sequence[Asked], kept: Sequence[RegisterAnswerRow]) -> dict[str, Any]:
    """The figures of the service's log: what it met, and which of it broke a bar."""
    faults = Counter(one.met for one in asked if one.met not in _ANSWERS)
    return {
        "requests": len(asked),
        "faults": sum(faults.values()),
        "fault_share": round(sum(faults.values()) / len(asked), 4),
        "faults_by_kind": dict(sorted(faults.items())),
        "repeated_within_cache_time": _repeated(asked, kept),
        "concluded_from_a_fault": _from_faults(asked, kept),
    }


def wrong_answers(
    wanted: Sequence[str], answered: Mapping[int, RegisterAnswer], truth: Mapping[str, Entry | None]
) -> int:
    """Answers that are not what the service knows of the mark."""
    return sum(not _is_true(answer, truth[wanted[number]]) for number, answer in answered.items())


def holds(figures: Mapping[str, Any]) -> bool:
    """Whether a campaign kept to its bars."""
    return not any(figures[bar] for bar in BARS) and figures["faults"] > 0


def _repeated(asked: Sequence[Asked], kept: Sequence[RegisterAnswerRow]) -> int:
    """Requests that came after one whose answer was kept, for the same mark, while that answer held."""
    place = {one.correlation_id: number for number, one in enumerate(asked)}
    held: defaultdict[str, list[tuple[int, RegisterAnswerRow]]] = defaultdict(list)
    for row in kept:
        held[row.vrm].append((place[row.correlation_id], row))
    return sum(
        any(number > first and one.at < row.asked_at + _valid(row) for first, row in held[one.vrm])
        for number, one in enumerate(asked)
    )


def _valid(row: RegisterAnswerRow) -> timedelta:
    return TERMS.answer_valid if row.answer["found"] else TERMS.not_known_again


def _from_faults(asked: Sequence[Asked], kept: Sequence[RegisterAnswerRow]) -> int:
    """Answers that are kept although the service met that very request with a fault."""
    met = {one.correlation_id: one.met for one in asked}
    return sum(met.get(row.correlation_id) not in _ANSWERS for row in kept)


def _is_true(answer: RegisterAnswer, entry: Entry | None) -> bool:
    if entry is None:
        return not answer.found
    return answer.found and answer.revenue_weight_kg == entry["revenueWeight"]
