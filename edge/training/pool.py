"""Writes drawn samples as the folder of pictures and CSV that fast-plate-ocr's trainer reads."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edge.training.retaken import retaken
from edge.training.samples import Sample, sample

PAD = "_"
SHARE_RETAKEN = 0.35
_TOGETHER = 256
_SECOND_GLANCE = 0x2D

Chooser = Callable[[Sequence[Sample]], list[bool]]


@dataclass(frozen=True)
class Series:
    """Samples `first` to `first + count` of series `seed`, none of them with an `excluded` registration."""

    seed: int
    first: int
    count: int
    excluded: frozenset[str]
    hardness: float = 1.0

    def drawn(self) -> Iterator[dict[int, Sample]]:
        """The samples by number, some hundreds at a time; plates too far gone to learn from are left out."""
        end = self.first + self.count
        for first in range(self.first, end, _TOGETHER):
            numbers = range(first, min(first + _TOGETHER, end))
            samples = {number: self.picture(number) for number in numbers}
            yield {n: one for n, one in samples.items() if _worth_learning(one)}

    def picture(self, number: int) -> Sample:
        """Sample `number` as it is, or for a share of the plates as a second glance shows it."""
        one = sample(self.seed, number, self.excluded, self.hardness)
        rng = np.random.default_rng((self.seed, number, _SECOND_GLANCE))
        return retaken(one, rng) if one.text_box is not None and rng.random() < SHARE_RETAKEN else one


def every_one(samples: Sequence[Sample]) -> list[bool]:
    """Chooses all."""
    return [True] * len(samples)


def write_pool(folder: Path, series: Series, chosen: Chooser = every_one) -> Path:
    """Write those samples of the series that are `chosen` and return their CSV.

    The CSV appears last, so that a pool that was interrupted is seen to be unfinished and is drawn again.
    """
    annotations = folder / "annotations.csv"
    if annotations.exists():
        return annotations
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / "unfinished.csv"
    with unfinished.open("w", encoding="ascii", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(("image_path", "plate_text"))
        for samples in series.drawn():
            kept = chosen(list(samples.values()))
            for (number, one), keep in zip(samples.items(), kept, strict=True):
                if keep:
                    (folder / f"{number}.jpg").write_bytes(one.jpeg)
                    rows.writerow((f"{number}.jpg", one.text or PAD))
    return unfinished.rename(annotations)


def _worth_learning(one: Sample) -> bool:
    return not one.text or (one.legible is not None and one.legible.worth_learning)
