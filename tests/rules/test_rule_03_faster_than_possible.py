"""Rule 3: elapsed below the physical minimum is a mispair or misread, never a breach."""

from __future__ import annotations

import pytest

from tests.rules.village import SHORTEST_S, Village


@pytest.mark.parametrize("elapsed_s", [0.001, 1.0, SHORTEST_S / 2, SHORTEST_S - 0.001])
def test_faster_than_the_road_can_be_driven_is_no_breach(elapsed_s: float) -> None:
    village = Village()
    village.enters("AA19AAA", 0)
    village.leaves("AA19AAA", elapsed_s)
    (transit,) = village.transits()
    assert transit.conclusion == "implausible"
    assert "misread or mispair" in transit.reasons[0].text
