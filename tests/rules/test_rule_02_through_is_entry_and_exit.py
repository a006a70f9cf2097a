"""Rule 2: through is entry and exit, same VRM, a defined pair, a valid direction, in the route's window."""

from __future__ import annotations

import pytest

from tests.rules.village import LONGEST_S, SHORTEST_S, Village


@pytest.mark.parametrize("elapsed_s", [SHORTEST_S, (SHORTEST_S + LONGEST_S) / 2, LONGEST_S])
def test_both_edges_of_the_window_are_inside_it(elapsed_s: float) -> None:
    village = Village()
    village.enters("AA19AAA", 0)
    village.leaves("AA19AAA", elapsed_s)
    assert village.conclusions() == ["through"]


@pytest.mark.parametrize(
    ("elapsed_s", "conclusion"), [(SHORTEST_S - 0.001, "implausible"), (LONGEST_S + 0.001, "stayed")]
)
def test_outside_the_window_is_no_transit_through(elapsed_s: float, conclusion: str) -> None:
    village = Village()
    village.enters("AA19AAA", 0)
    village.leaves("AA19AAA", elapsed_s)
    assert village.conclusions() == [conclusion]


def test_an_entry_or_an_exit_alone_is_never_through() -> None:
    for one in (Village.enters, Village.leaves):
        village = Village()
        one(village, "AA19AAA", 0)
        assert village.conclusions() == ["unresolved"]


def test_another_vrm_at_the_exit_is_never_through() -> None:
    village = Village()
    village.enters("AA19AAA", 0)
    village.leaves("WX70YZV", SHORTEST_S)
    assert village.conclusions() == ["unresolved", "unresolved"]


def test_the_wrong_direction_past_a_camera_is_never_through() -> None:
    village = Village()
    village.enters("AA19AAA", 0)
    village.passes("AA19AAA", SHORTEST_S, village.exit_site, village.other_way(village.exit_direction))
    assert "through" not in village.conclusions()
