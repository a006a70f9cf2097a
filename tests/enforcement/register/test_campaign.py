"""The campaign in short, on every database; `python -m tests.enforcement.register.campaign` is the whole."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.enforcement.register.campaign import run_campaign
from tests.enforcement.register.reckoning import holds


def test_no_look_up_is_lost_repeated_or_concluded_from_a_fault(database: Engine) -> None:
    figures = run_campaign(database, look_ups=100, fault_share=0.2, seed=7, workers=3)
    assert holds(figures), figures
    assert 0.1 < figures["fault_share"] < 0.3
    without_request = ("kept", "paused")
    assert figures["requests"] == sum(
        count for how, count in figures["ended"].items() if how not in without_request
    )
