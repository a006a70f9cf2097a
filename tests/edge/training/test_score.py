"""Counting reads of drawn plates, and how far their confidence can be trusted."""

import math

import numpy as np
import pytest

from edge.plates.confidence import Calibration, log_odds
from edge.training.calibrate import fitted_line
from edge.training.legible import Legibility
from edge.training.reading import Read
from edge.training.samples import Sample
from edge.training.score import Tally, by_band, reliability

CLEAR, FAINT = Legibility(20, 12, 0.95), Legibility(20, 12, 0.2)


def plate(text: str, width_px: float, legible: Legibility = CLEAR, straightened: bool = True) -> Sample:
    return Sample(b"", text, width_px, "one_line", straightened, legible)


def test_a_tally_tells_exact_same_glyph_and_silent_apart() -> None:
    tally = Tally()
    for expected, reads in (("AB12CDO", ["AB12CDO"]), ("AB12CDO", ["AB12CD0"]), ("", []), ("AB12CDE", [""])):
        tally.add(expected, *reads)
    assert (tally.exact, tally.same_glyphs, tally.silent, tally.of) == (2, 3, 2, 4)


def test_plates_are_counted_in_their_band_and_kinds() -> None:
    scored = [
        (plate("AB12CDE", 40), Read("AB12CDE", 0.9)),
        (plate("AB12CDE", 60), Read("AB12CDF", 0.9)),
        (plate("AB12CDE", 100, FAINT), Read("", 0.0)),
        (plate("AB12CDE", 159, straightened=False), Read("AB12CDE", 0.9)),
    ]
    counts = {name: (tally.exact, tally.of) for name, tally in by_band(scored)}
    assert counts["30 to 60 px, legible"] == (1, 1)
    assert counts["60 to 160 px, legible"] == (1, 2)
    assert counts["60 to 160 px, legible, straightened"] == (0, 1)
    assert counts["60 to 160 px, legible, loose box"] == (1, 1)
    assert counts["60 to 160 px, not legible by the rule"] == (0, 1)
    assert counts["60 to 160 px, all"] == (1, 3)
    assert counts["60 to 160 px, legible, two lines"] == (0, 0)


def test_reliability_counts_right_reads_by_how_sure_they_are() -> None:
    as_given = Calibration(slope=1.0, offset=0.0)
    scored = [
        (plate("AB12CDO", 80), Read("AB12CD0", 0.995)),
        (plate("AB12CDE", 80), Read("AB12CDF", 0.995)),
        (plate("AB12CDE", 80), Read("AB12CDE", 0.6)),
        (plate("AB12CDE", 80), Read("", 0.0)),
    ]
    bands = {band.low: band for band in reliability(scored, as_given)}
    assert set(bands) == {0.5, 0.995}
    assert (bands[0.995].right, bands[0.995].of) == (1, 2)
    assert bands[0.995].expected == pytest.approx(1.99)
    assert (bands[0.5].right, bands[0.5].of) == (1, 1)


def test_the_fit_finds_the_line_that_reads_were_made_with() -> None:
    rng, slope, offset = np.random.default_rng(8), 0.7, -1.1
    confidences = 1 / (1 + np.exp(-rng.uniform(-3, 9, 40_000)))
    truth = Calibration(slope, offset)
    reads = [(Read("A1", c), bool(rng.random() < truth.calibrated(c))) for c in confidences.tolist()]
    found_slope, found_offset = fitted_line(reads)
    assert found_slope == pytest.approx(slope, abs=0.05)
    assert found_offset == pytest.approx(offset, abs=0.1)


def test_silent_reads_do_not_move_the_fit() -> None:
    reads = [
        (Read("A1", 0.99), True),
        (Read("A1", 0.9), True),
        (Read("A1", 0.8), False),
        (Read("A1", 0.95), False),
    ]
    assert fitted_line(reads) == fitted_line([*reads, (Read("", 0.0), False)])


def test_reads_that_are_all_right_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="wrong"):
        fitted_line([(Read("A1", 0.9), True), (Read("A1", 0.99), True)])


def test_log_odds_of_certainty_are_finite() -> None:
    assert log_odds(0.5) == 0
    assert log_odds(1.0) == pytest.approx(math.log(1e6), abs=0.01)
    assert log_odds(0.0) == pytest.approx(-math.log(1e6), abs=0.01)
