"""What every register keeps to, whoever answers behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from enforcement.errors import MarkNotAsked, RegisterUnavailable
from enforcement.register.answers import Register

# The vehicles that a register under test knows: mark, type approval, revenue weight, make.
HEAVY = ("AA19BBB", "N3", 44000, "DAF")
BARE = ("AA19CCC", None, None, None)
ZERO = ("AA19DDD", "N2", 0, "MAKER, AND SON")
KNOWN = (HEAVY, BARE, ZERO)
LATEST = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Subject:
    """A register that knows `KNOWN`, as of `LATEST` or earlier, and a way to make its source fail."""

    register: Register
    fail: Callable[[], object]


class RegisterContract:
    """Subclasses give the fixture `subject`."""

    def test_answers_with_what_it_knows(self, subject: Subject) -> None:
        answer = subject.register.look_up("AA19BBB")
        assert (answer.vrm, answer.found) == ("AA19BBB", True)
        assert (answer.vrm, answer.type_approval, answer.revenue_weight_kg, answer.make) == HEAVY
        assert answer.source

    def test_keeps_unknown_apart_from_zero(self, subject: Subject) -> None:
        bare, zero = (subject.register.look_up(vrm) for vrm in ("AA19CCC", "AA19DDD"))
        assert (bare.found, bare.type_approval, bare.revenue_weight_kg) == (True, None, None)
        assert (zero.found, zero.revenue_weight_kg) == (True, 0)

    def test_vehicle_that_it_does_not_know(self, subject: Subject) -> None:
        answer = subject.register.look_up("AB12CDE")
        assert (answer.vrm, answer.found, answer.revenue_weight_kg) == ("AB12CDE", False, None)
        assert answer.not_found_because is None

    def test_answer_carries_its_date(self, subject: Subject) -> None:
        for vrm in ("AA19BBB", "AB12CDE"):
            as_of = subject.register.look_up(vrm).as_of
            assert as_of.utcoffset() is not None
            assert as_of <= LATEST

    def test_the_same_question_has_the_same_answer(self, subject: Subject) -> None:
        first, second = (subject.register.look_up("AA19BBB") for _ in range(2))
        assert first == second

    def test_source_that_fails_implies_nothing(self, subject: Subject) -> None:
        subject.fail()
        for vrm in ("AA19BBB", "AB12CDE"):
            with pytest.raises(RegisterUnavailable):
                subject.register.look_up(vrm)

    @pytest.mark.parametrize("mark", ["C1234567", "WGM4821K", "12AB34"])
    def test_trailers_and_foreign_marks_are_not_looked_up(self, subject: Subject, mark: str) -> None:
        with pytest.raises(MarkNotAsked):
            subject.register.look_up(mark)
