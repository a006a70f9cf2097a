"""A training in steps: its rate, and its batches, fresh ones among those seen before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from edge.training.steps import LAST_RATE, PEAK_RATE, Batch, Course, batches, learning_rate, picked


def test_the_learning_rate_rises_shortly_and_falls_to_almost_nothing() -> None:
    rates = [learning_rate(share / 100) for share in range(101)]
    assert rates[0] < 0.1 * PEAK_RATE
    assert max(rates) > 0.9 * PEAK_RATE
    assert rates[5:] == sorted(rates[5:], reverse=True)
    assert rates[-1] == pytest.approx(LAST_RATE)


@dataclass(frozen=True)
class Numbered:
    """Batches of four pictures that show their batch's number."""

    def __call__(self, number: int) -> Batch:
        return np.full((4, 2, 2, 1), number, np.uint8), np.full((4, 1), number, np.float32)


def mixed(held: object, rng: np.random.Generator) -> Batch:
    return picked(held, rng, 4)  # type: ignore[arg-type]  # the held batches of `batches`


@pytest.mark.parametrize("first", [0, 6])
def test_fresh_batches_come_in_order_and_the_others_from_before(first: int) -> None:
    course = Course(steps=12, fresh_every=3, seed=1)
    given = list(batches(course, Numbered(), mixed, first))
    assert len(given) == 12 - first
    for step, (pictures, wanted) in enumerate(given, first):
        numbers = pictures[:, 0, 0, 0].astype(int)
        assert numbers.tolist() == wanted[:, 0].astype(int).tolist(), "answers stay with their pictures"
        assert (numbers <= step // 3).all()
        assert step % 3 or (numbers == step // 3).all()
