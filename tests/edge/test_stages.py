"""The account of CPU seconds: every second in one stage, the outer one waiting while an inner runs."""

from __future__ import annotations

import time

import pytest

from edge.stages import Stages, Unmeasured


class Clock:
    """A clock of CPU seconds that goes on only when told."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    def spend(self, seconds: float) -> None:
        self.now_s += seconds


def test_an_inner_stage_is_taken_out_of_the_outer_one() -> None:
    clock = Clock()
    stages = Stages(clock)
    with stages.stage("follow"):
        clock.spend(1)
        with stages.stage("type"):
            clock.spend(2)
        clock.spend(4)
        with stages.stage("type"):
            clock.spend(8)
    assert stages.seconds == {"follow": 5, "type": 10}
    assert stages.calls == {"follow": 1, "type": 2}


def test_what_is_spent_outside_every_stage_goes_to_none() -> None:
    clock = Clock()
    stages = Stages(clock)
    clock.spend(3)
    with stages.stage("gate"):
        clock.spend(1)
    clock.spend(3)
    with stages.stage("gate"):
        clock.spend(1)
    assert stages.seconds == {"gate": 2}


def test_a_stage_that_fails_is_closed() -> None:
    clock = Clock()
    stages = Stages(clock)

    def fail() -> None:
        with stages.stage("find"):
            clock.spend(1)
            raise ValueError("no picture")

    with pytest.raises(ValueError, match="no picture"):
        fail()
    clock.spend(5)
    with stages.stage("read"):
        clock.spend(2)
    assert stages.seconds == {"find": 1, "read": 2}


def test_a_stage_that_costs_nothing_is_named_all_the_same() -> None:
    stages = Stages(Clock())
    with stages.stage("read"):
        pass
    assert stages.seconds == {"read": 0}


def test_the_processes_own_clock_counts_work() -> None:
    stages = Stages()
    began_s = time.process_time()
    with stages.stage("detect"):
        while time.process_time() - began_s < 0.02:
            sum(range(1000))
    assert 0 < stages.seconds["detect"] <= time.process_time() - began_s


def test_unmeasured_stages_read_no_clock_and_keep_nothing() -> None:
    stages = Unmeasured()
    with stages.stage("gate"), stages.stage("detect"):
        pass
    assert (stages.seconds, stages.calls) == ({}, {})
