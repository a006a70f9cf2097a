"""The reader that ships reads plates it has never seen; thresholds are what it measured, less a margin."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge.plates.read import UkReader
from edge.training.held_out import all_held_out
from edge.training.measure import measure_nothing_there
from edge.training.photographs import measure_boxed
from edge.training.plates import Background, Layout, draw_plate
from edge.training.reading import read_of, reads_of_drawn, shipped_reader
from edge.training.score import is_legible
from edge.training.texts import random_text

SHIPPED = Path(__file__).parents[3] / "edge/models/uk_reader"
CLEAN_SEED = 4_711
WIDE_AT_LEAST, NARROW_AT_LEAST, SILENT_AT_LEAST = 0.97, 0.93, 0.97


@pytest.fixture(scope="module")
def reader() -> UkReader:
    return shipped_reader()


def clean_plates(seed: int, count: int, layout: Layout) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    rng = np.random.default_rng(seed)
    for number in range(count):
        text = random_text(rng)
        background: Background = "yellow" if number % 2 else "white"
        plate = draw_plate(text, layout=layout, background=background, px_per_mm=0.4)
        yield text, np.asarray(cv2.cvtColor(plate, cv2.COLOR_RGB2GRAY), np.uint8)


@pytest.mark.parametrize(("layout", "least"), [("one_line", 198), ("two_line", 197)])
def test_clean_plates_are_read(reader: UkReader, layout: Layout, least: int) -> None:
    expected, pictures = zip(*clean_plates(CLEAN_SEED, 200, layout), strict=True)
    reads = [read_of(reader, picture).text for picture in pictures]
    wrong = [pair for pair in zip(expected, reads, strict=True) if pair[0] != pair[1]]
    assert 200 - len(wrong) >= least, f"misread (drawn, read): {wrong}"


def test_frozen_drawings_are_read(reader: UkReader) -> None:
    scored = [pair for pair in reads_of_drawn(reader, all_held_out(600)) if is_legible(pair[0])]
    wide = [plate.text == read.text for plate, read in scored if plate.width_px >= 60]
    narrow = [plate.text == read.text for plate, read in scored if plate.width_px < 60]
    assert np.mean(wide) >= WIDE_AT_LEAST, f"{sum(wide)} of {len(wide)} read"
    assert np.mean(narrow) >= NARROW_AT_LEAST, f"{sum(narrow)} of {len(narrow)} read"


def test_what_is_no_plate_stays_silent(reader: UkReader) -> None:
    tally = measure_nothing_there(reader, seed=4_712, among=2000)
    assert tally.of > 150
    assert tally.silent >= SILENT_AT_LEAST * tally.of, str(tally)


def test_real_plates_boxed_by_hand_are_read(reader: UkReader, measuring_data: Path) -> None:
    tally = measure_boxed(reader, measuring_data)
    assert tally.of == 16
    assert tally.exact >= 15, str(tally)


def test_the_files_are_the_ones_whose_sums_ship() -> None:
    for line in (SHIPPED / "SHA256SUMS").read_text("ascii").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest() == digest
    assert (SHIPPED / "model.onnx").stat().st_size < 6_000_000


def test_the_card_names_the_file_that_ships() -> None:
    digest = hashlib.sha256((SHIPPED / "model.onnx").read_bytes()).hexdigest()
    assert digest in (SHIPPED / "README.md").read_text("utf-8")


def test_it_is_written_in_onnx_own_words() -> None:
    written = (SHIPPED / "model.onnx").read_bytes()
    assert b"LayerNormalization" in written
    assert b"ReduceProd" not in written, (
        "shapes are worked out at each read: was it exported without `transformers`?"
    )
