"""The reader that ships reads plates it has never seen; thresholds are what it measured, less a margin."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from fast_plate_ocr import LicensePlateRecognizer
from numpy.typing import NDArray

from edge.training.measure import Tally, measure_boxed, measure_drawn, shipped_reader, texts_of
from edge.training.plates import Layout, draw_plate
from edge.training.texts import random_text

SHIPPED = Path(__file__).parents[3] / "edge/models/uk_reader"
CLEAN_SEED, HARD_SEED = 4_711, 4_712


@pytest.fixture(scope="module")
def reader() -> LicensePlateRecognizer:
    return shipped_reader()


def clean_plates(seed: int, count: int, layout: Layout) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    rng = np.random.default_rng(seed)
    for number in range(count):
        text = random_text(rng)
        background = "yellow" if number % 2 else "white"
        plate = draw_plate(text, layout=layout, background=background, px_per_mm=0.4)
        yield text, np.asarray(cv2.cvtColor(plate, cv2.COLOR_RGB2GRAY), np.uint8)


@pytest.mark.parametrize(("layout", "least"), [("one_line", 186), ("two_line", 170)])
def test_clean_plates_are_read(reader: LicensePlateRecognizer, layout: Layout, least: int) -> None:
    expected, pictures = zip(*clean_plates(CLEAN_SEED, 200, layout), strict=True)
    reads = texts_of(reader, pictures)
    wrong = [pair for pair in zip(expected, reads, strict=True) if pair[0] != pair[1]]
    assert 200 - len(wrong) >= least, f"misread (drawn, read): {wrong}"


def test_hard_drawings_are_read_and_what_is_no_plate_stays_silent(reader: LicensePlateRecognizer) -> None:
    tallies = measure_drawn(reader, HARD_SEED, 600)
    nothing = tallies.pop("nothing to read")
    exact, of = (sum(getattr(tally, name) for tally in tallies.values()) for name in ("exact", "of"))
    assert exact >= 0.7 * of, f"{exact} of {of} read"
    assert nothing.silent >= 0.85 * nothing.of, f"{nothing.silent} of {nothing.of} silent"


def test_real_plates_boxed_by_hand_are_read(reader: LicensePlateRecognizer, measuring_data: Path) -> None:
    tally = measure_boxed(reader, measuring_data)
    assert tally.of == 16
    assert tally.exact >= 13, str(tally)


def test_the_files_are_the_ones_whose_sums_ship() -> None:
    for line in (SHIPPED / "SHA256SUMS").read_text("ascii").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest() == digest
    assert (SHIPPED / "model.onnx").stat().st_size < 6_000_000


def test_the_card_names_the_file_that_ships() -> None:
    digest = hashlib.sha256((SHIPPED / "model.onnx").read_bytes()).hexdigest()
    assert digest in (SHIPPED / "README.md").read_text("utf-8")


def test_a_tally_tells_exact_same_glyph_and_silent_apart() -> None:
    tally = Tally()
    for expected, reads in (("AB12CDO", ["AB12CDO"]), ("AB12CDO", ["AB12CD0"]), ("", []), ("AB12CDE", [""])):
        tally.add(expected, reads)
    assert (tally.exact, tally.same_glyphs, tally.silent, tally.of) == (2, 3, 2, 4)
