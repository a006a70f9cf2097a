"""Counts over the frozen drawn plates: exact reads by width and kind, and what the confidence is worth."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from edge.plates.confidence import Calibration
from edge.plates.reads import as_glyphs
from edge.training.held_out import BANDS_PX
from edge.training.reading import Read
from edge.training.samples import Sample

CONFIDENCE_EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)

Scored = Sequence[tuple[Sample, Read]]


@dataclass
class Tally:
    """Raw counts: read exactly, read but for O/0 and I/1, not read at all, out of how many."""

    exact: int = 0
    same_glyphs: int = 0
    silent: int = 0
    of: int = 0

    def add(self, expected: str, *reads: str) -> None:
        """Count one plate; with several reads the best counts."""
        texts = [text for text in reads if text] or [""]
        self.of += 1
        self.exact += expected in texts
        self.same_glyphs += as_glyphs(expected) in map(as_glyphs, texts)
        self.silent += texts == [""]

    def __str__(self) -> str:
        forgiven = f"{self.same_glyphs:5d} but for O/0 and I/1"
        share = f" ({100 * self.exact / self.of:.2f} %)" if self.of else ""
        return f"{self.exact:5d} exact, {forgiven}, {self.silent:5d} silent, of {self.of}{share}"


def is_legible(plate: Sample) -> bool:
    """Whether a person can read the plate, by the rule of `edge.training.legible`."""
    return plate.legible is not None and plate.legible.enough


_KINDS: tuple[tuple[str, Callable[[Sample], bool]], ...] = (
    ("legible", is_legible),
    ("legible, one line", lambda plate: is_legible(plate) and plate.layout == "one_line"),
    ("legible, two lines", lambda plate: is_legible(plate) and plate.layout == "two_line"),
    ("legible, straightened", lambda plate: is_legible(plate) and plate.straightened),
    ("legible, loose box", lambda plate: is_legible(plate) and not plate.straightened),
    ("not legible by the rule", lambda plate: not is_legible(plate)),
    ("all", lambda _: True),
)


def by_band(scored: Scored) -> Iterator[tuple[str, Tally]]:
    """A line for each band of widths and kind of plate."""
    for low, high in BANDS_PX:
        for name, belongs in _KINDS:
            tally = Tally()
            for plate, read in scored:
                if low <= plate.width_px < high and belongs(plate):
                    tally.add(plate.text, read.text)
            yield f"{low:.0f} to {high:.0f} px, {name}", tally


@dataclass(frozen=True)
class ConfidenceBand:
    """Reads whose calibrated confidence lies from `low` to `high`: how many were right, and should be."""

    low: float
    high: float
    right: int
    of: int
    expected: float

    def __str__(self) -> str:
        return (
            f"{self.low:.3f} to {self.high:.3f}: {self.right:5d} right of {self.of:5d}, "
            f"{self.of - self.right:4d} wrong, {self.of - self.expected:7.1f} expected to be"
        )


def reliability(scored: Scored, calibration: Calibration) -> Iterator[ConfidenceBand]:
    """How often reads of each band of calibrated confidence are right; O/0 and I/1 are forgiven."""
    spoken = [
        (calibration.calibrated(read.confidence), as_glyphs(read.text) == as_glyphs(plate.text))
        for plate, read in scored
        if read.text
    ]
    for low, high in pairwise(CONFIDENCE_EDGES):
        inside = [(sure, right) for sure, right in spoken if low <= sure < high]
        if inside:
            sures, rights = zip(*inside, strict=True)
            yield ConfidenceBand(low, high, sum(rights), len(inside), sum(sures))
