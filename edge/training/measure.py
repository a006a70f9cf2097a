"""Measures the shipped reader on drawn plates it has never seen and on the measuring pictures.

    python -m edge.training.measure

prints the figures of the model card as raw counts. The measuring pictures are looked for beside the project;
without them only drawn plates are measured. Nothing but counts is printed.
"""

import argparse
import csv
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from fast_plate_ocr import LicensePlateRecognizer
from numpy.typing import NDArray

from edge.detect import VehicleDetector
from edge.general_reader import GeneralReader
from edge.localise import PlateLocaliser, PlatePatch
from edge.training.samples import Sample, decoded, sample
from edge.training.train import MEASURING_DATA, PLATE_CONFIG
from edge.weights import Weights

Picture = NDArray[np.uint8]

MEASURING_SEED = 90_001
_WIDTH_BANDS_PX = (0, 23, 60, 80, 110, 150, 1000)
_SAME_GLYPH = str.maketrans("OI", "01")
_AROUND_VEHICLE = 0.05


@dataclass
class Tally:
    """Raw counts: read exactly, read but for O/0 and I/1, not read at all, out of how many."""

    exact: int = 0
    same_glyphs: int = 0
    silent: int = 0
    of: int = 0

    def add(self, expected: str, reads: Iterable[str]) -> None:
        """Count one plate; with several reads the best counts."""
        texts = [text for text in reads if text] or [""]
        self.of += 1
        self.exact += expected in texts
        self.same_glyphs += expected.translate(_SAME_GLYPH) in [t.translate(_SAME_GLYPH) for t in texts]
        self.silent += texts == [""]

    def __str__(self) -> str:
        forgiven = f"{self.same_glyphs:5d} but for O/0 and I/1"
        return f"{self.exact:5d} exact, {forgiven}, {self.silent:5d} silent, of {self.of}"


def shipped_reader() -> LicensePlateRecognizer:
    """The reader that ships, on the processor."""
    network = PLATE_CONFIG.with_name("model.onnx")
    return LicensePlateRecognizer(onnx_model_path=network, plate_config_path=PLATE_CONFIG, device="cpu")


def texts_of(reader: LicensePlateRecognizer, pictures: Sequence[Picture]) -> list[str]:
    """What the reader makes of grey pictures of any size."""
    return [read.plate for read in reader.run(list(pictures))] if pictures else []


def measure_drawn(reader: LicensePlateRecognizer, seed: int, count: int) -> dict[str, Tally]:
    """Tallies over `count` drawn pictures: legible ones by width and layout, and those that hold nothing."""
    tallies: dict[str, Tally] = {}
    for first in range(0, count, 64):
        drawn = [sample(seed, number) for number in range(first, min(first + 64, count))]
        for picture, text in zip(drawn, texts_of(reader, [decoded(d) for d in drawn]), strict=True):
            tallies.setdefault(_band(picture), Tally()).add(picture.text, [text])
    return dict(sorted(tallies.items()))


def _band(picture: Sample) -> str:
    if not picture.text:
        return "nothing to read"
    upper = next(limit for limit in _WIDTH_BANDS_PX if picture.width_px < limit)
    lower = _WIDTH_BANDS_PX[_WIDTH_BANDS_PX.index(upper) - 1]
    return f"{picture.layout} {lower:4d} to {upper:4d} px"


def measure_boxed(reader: LicensePlateRecognizer, data: Path) -> Tally:
    """Tally over the small pictures whose plates are boxed by hand: the largest box of each."""
    tally = Tally()
    with (data / "gb_kaggle/labels.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            picture = _grey(np.asarray(cv2.imread(str(data / "gb_kaggle" / row["file"])), np.uint8))
            boxes = (data / "gb_kaggle" / row["file"]).with_suffix(".txt").read_text("ascii").splitlines()
            box = max((tuple(map(float, line.split()[1:5])) for line in boxes), key=lambda b: b[2] * b[3])
            tally.add(row["plate_read_by_eye"], texts_of(reader, [_boxed(picture, box)]))
    return tally


def _grey(bgr: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)


def _boxed(picture: Picture, box: tuple[float, ...]) -> Picture:
    height, width = picture.shape
    x, y, w, h = box
    top, bottom = max(0, round((y - h / 2) * height)), round((y + h / 2) * height)
    left, right = max(0, round((x - w / 2) * width)), round((x + w / 2) * width)
    return picture[top:bottom, left:right]


def measure_stills(reader: LicensePlateRecognizer, data: Path) -> dict[str, Tally]:
    """Tallies over the photographs, for this reader and the general one, on all places the localiser names.

    The best of all reads of a photograph counts, chosen with hindsight: this measures readers, not choices.
    """
    weights = Weights()
    detector, localiser = VehicleDetector(weights, 2), PlateLocaliser(weights, 2)
    general = GeneralReader(weights, 2)
    ours, theirs = Tally(), Tally()
    with (data / "stills.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            expected = [text for text in row["plates_read_by_eye"].split(";") if text]
            if not expected:
                continue
            picture = np.asarray(cv2.imread(str(data / "stills" / row["file"])), np.uint8)
            patches = _patches(picture, detector, localiser)
            own = texts_of(reader, [_grey(p.picture) for p in patches])
            other = [read.text for read in general.read(patches, 0)]
            for text in expected:
                ours.add(text, own)
                theirs.add(text, other)
    return {"this reader": ours, "general reader": theirs}


def _patches(picture: Picture, detector: VehicleDetector, localiser: PlateLocaliser) -> list[PlatePatch]:
    """Places in each vehicle that is found, and in the whole picture."""
    patches = list(localiser.find(picture))
    for x0, y0, x1, y1 in detector.detect(picture).boxes_px.tolist():
        across, down = _AROUND_VEHICLE * (x1 - x0), _AROUND_VEHICLE * (y1 - y0)
        top, left = max(0, int(y0 - down)), max(0, int(x0 - across))
        crop = picture[top : int(y1 + down) + 1, left : int(x1 + across) + 1]
        patches += localiser.find(np.ascontiguousarray(crop))
    return patches


def ms_per_plate(reader: LicensePlateRecognizer, count: int = 200) -> float:
    """Milliseconds for one plate at a time, resizing included."""
    picture = decoded(sample(MEASURING_SEED, 0))
    reader.run_one(picture)
    began = time.perf_counter()
    for _ in range(count):
        reader.run_one(picture)
    return (time.perf_counter() - began) / count * 1000


def main(arguments: list[str] | None = None) -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.measure", description=__doc__)
    parser.add_argument("--seed", type=int, default=MEASURING_SEED, help="series of the drawn plates")
    parser.add_argument("--count", type=int, default=4000, help="how many drawn plates")
    parser.add_argument("--measuring-data", type=Path, default=MEASURING_DATA)
    given = parser.parse_args(arguments)
    reader = shipped_reader()
    for name, tally in measure_drawn(reader, given.seed, given.count).items():
        print(f"drawn, {name:28s} {tally}")
    if not given.measuring_data.is_dir():
        print(f"no measuring pictures in {given.measuring_data}: measured on drawn plates only")
        return
    print(f"gb_kaggle, boxed by hand             {measure_boxed(reader, given.measuring_data)}")
    for name, tally in measure_stills(reader, given.measuring_data).items():
        print(f"stills, {name:28s} {tally}")
    print(f"{ms_per_plate(reader):.1f} ms a plate")


if __name__ == "__main__":
    main()
