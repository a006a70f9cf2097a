"""The plates that readers are judged on stay the ones that were frozen."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge.training.held_out import BANDS_PX, COUNT, SEED, WIDTH_PX, held_out
from edge.training.samples import Sample, decoded, sample
from edge.training.texts import labelled_registrations

FIRST = 300
SHA256_OF_TEXTS = "01239f9341bddb0fee544c5d2637dccddea3c6e280ab290c0d8deaa8d82aa33b"
PICTURES = Path(__file__).with_name("held_out_first.npy")
"""The first frozen plates, each averaged over 8 x 16 cells: bytes differ a little between processors."""


@pytest.fixture(scope="module")
def first() -> list[Sample]:
    return [held_out(number) for number in range(FIRST)]


def averaged(plate: Sample) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(decoded(plate), (16, 8), interpolation=cv2.INTER_AREA), np.uint8)


def test_registrations_are_the_frozen_ones(first: list[Sample]) -> None:
    texts = "\n".join(f"{plate.text} {plate.layout} {plate.width_px:.3f}" for plate in first)
    assert hashlib.sha256(texts.encode("ascii")).hexdigest() == SHA256_OF_TEXTS


def test_pictures_are_the_frozen_ones(first: list[Sample]) -> None:
    frozen = np.load(PICTURES)
    apart = [
        np.abs(averaged(plate).astype(int) - then).max() for plate, then in zip(first, frozen, strict=True)
    ]
    assert frozen.shape == (FIRST, 8, 16)
    assert max(apart) <= 8, f"plate {int(np.argmax(apart))} is drawn otherwise than it was"


def test_widths_fill_both_bands_and_nothing_else(first: list[Sample]) -> None:
    assert COUNT == 20_000
    assert BANDS_PX[0][0] == WIDTH_PX[0]
    assert BANDS_PX[1][1] == WIDTH_PX[1]
    assert all(WIDTH_PX[0] <= plate.width_px <= WIDTH_PX[1] for plate in first)
    assert all(sum(low <= p.width_px < high for p in first) > 0.3 * FIRST for low, high in BANDS_PX)


def test_most_are_legible_and_the_wide_ones_nearly_all(first: list[Sample]) -> None:
    wide = [p.legible is not None and p.legible.enough for p in first if p.width_px >= 60]
    narrow = [p.legible is not None and p.legible.enough for p in first if p.width_px < 60]
    assert np.mean(wide) > 0.85
    assert 0.3 < np.mean(narrow) < np.mean(wide)


def test_no_training_series_repeats_them(first: list[Sample]) -> None:
    ours = {plate.jpeg for plate in first}
    assert ours.isdisjoint(sample(seed, number).jpeg for seed in (1, 2, SEED) for number in range(100))


def test_none_is_labelled_in_the_measuring_pictures(first: list[Sample], measuring_data: Path) -> None:
    assert labelled_registrations(measuring_data).isdisjoint(plate.text for plate in first)
