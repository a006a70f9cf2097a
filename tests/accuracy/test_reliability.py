"""The table that says whether HGV scores mean what they say."""

from __future__ import annotations

import math

import pytest

from tests.accuracy.reliability import bands, surprise


def test_every_vehicle_is_in_one_band() -> None:
    scores = [(0.0, False), (0.049, False), (0.05, True), (0.5, True), (0.9999, True), (1.0, True)]
    told = list(bands(scores))
    assert sum(band.vehicles for band in told) == len(scores)
    assert [(band.low, band.vehicles, band.hgvs) for band in told] == [
        (0.0, 2, 0),
        (0.05, 1, 1),
        (0.5, 1, 1),
        (0.95, 2, 2),
    ]


def test_expected_is_what_the_scores_add_up_to() -> None:
    (band,) = bands([(0.81, True), (0.89, False)])
    assert band.expected == pytest.approx(1.7)


def test_surprise_is_that_of_a_coin_where_nothing_is_known() -> None:
    assert surprise([(0.5, True), (0.5, False)]) == pytest.approx(math.log(2))


def test_a_sure_mistake_surprises_more_than_a_doubtful_one() -> None:
    assert surprise([(1.0, False)]) > surprise([(0.7, False)]) > surprise([(0.1, False)])
