"""Rule 15: a camera beyond tolerance, or an error that could change the verdict, invalidates the pair."""

from __future__ import annotations

import pytest

from tests.rules.village import LONGEST_S, SHORTEST_S, Village

MIDDLE_S = (SHORTEST_S + LONGEST_S) / 2


@pytest.mark.parametrize("bad", ["entry", "exit"])
def test_a_clock_beyond_tolerance_gives_no_inference(bad: str) -> None:
    village = Village()
    village.enters("AA19AAA", 0, clock_ok=bad != "entry")
    village.leaves("AA19AAA", MIDDLE_S, clock_ok=bad != "exit")
    assert village.conclusions() == ["no_inference"]


@pytest.mark.parametrize("elapsed_s", [SHORTEST_S + 0.5, LONGEST_S - 0.5, SHORTEST_S - 0.5, LONGEST_S + 0.5])
def test_an_error_of_both_clocks_together_that_could_change_the_verdict_gives_no_inference(
    elapsed_s: float,
) -> None:
    village = Village()
    village.enters("AA19AAA", 0, clock_within_s=0.3)
    village.leaves("AA19AAA", elapsed_s, clock_within_s=0.3)
    assert village.conclusions() == ["no_inference"]


def test_an_error_that_cannot_change_the_verdict_does_no_harm() -> None:
    village = Village()
    village.enters("AA19AAA", 0, clock_within_s=0.3)
    village.leaves("AA19AAA", SHORTEST_S + 0.7, clock_within_s=0.3)
    assert village.conclusions() == ["through"]


def test_a_clock_of_which_nobody_knows_how_far_it_is_off_gives_no_inference() -> None:
    village = Village()
    village.enters("AA19AAA", 0, clock_within_s=None)
    village.leaves("AA19AAA", MIDDLE_S)
    assert village.conclusions() == ["no_inference"]
