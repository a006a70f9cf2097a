"""The motion gate: open on motion, shut on an empty road whatever the light does."""

from __future__ import annotations

import numpy as np
import pytest

from edge.vehicles.gate import HOLD_S, MotionGate

ROAD = np.random.default_rng(7).integers(60, 120, (360, 640)).astype(np.uint8)


def with_car(x: int) -> np.ndarray:
    picture = ROAD.copy()
    picture[200:260, x : x + 90] = 220
    return picture


def noisy(strength: float, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, strength, ROAD.shape)
    return np.clip(ROAD + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("name", "second", "opens"),
    [
        ("the same picture", ROAD, False),
        ("sensor noise", noisy(6, 1), False),
        ("a cloud darkens everything", (ROAD * 0.75).astype(np.uint8) + 10, False),
        ("a car has come", with_car(100), True),
    ],
)
def test_gate_opens_on_motion_only(name: str, second: np.ndarray, opens: bool) -> None:
    gate = MotionGate()
    gate.look(ROAD, 0.0)
    after_hold_s = HOLD_S + 0.1
    assert gate.look(second, after_hold_s).open is opens, name


def test_gate_stays_open_for_the_hold_and_then_shuts() -> None:
    gate = MotionGate()
    gate.look(ROAD, 0.0)
    gate.look(with_car(100), 10.0)
    assert gate.look(with_car(100), 10.0 + HOLD_S).open
    assert not gate.look(with_car(100), 10.1 + HOLD_S).open


def test_gate_looks_at_its_region_only() -> None:
    gate = MotionGate((0.5, 0.0, 1.0, 1.0))
    gate.look(ROAD, 0.0)
    assert not gate.look(with_car(100), 5.0).open
    assert gate.look(with_car(400), 10.0).open


def test_gate_opens_when_the_picture_changes_size() -> None:
    gate = MotionGate()
    gate.look(ROAD, 0.0)
    assert gate.look(np.zeros((480, 480), np.uint8), 60.0).open
