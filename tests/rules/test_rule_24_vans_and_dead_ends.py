"""Rule 24: a dead endpoint gives "no inference", never "stayed" and never "through"."""

from __future__ import annotations

from tests.rules.village import LONGEST_S, Village


def test_an_absence_that_no_camera_was_there_to_see_tells_nothing() -> None:
    for one in (Village.enters, Village.leaves):
        village = Village(sees=False)
        one(village, "AA19AAA", 0)
        assert village.conclusions() == ["no_inference"]


def test_a_long_time_inside_tells_nothing_where_the_cameras_were_dead_meanwhile() -> None:
    village = Village(sees=False)
    village.enters("AA19AAA", 0)
    village.leaves("AA19AAA", LONGEST_S + 1)
    assert village.conclusions() == ["no_inference"]
