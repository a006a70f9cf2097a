"""Measures the shipped finder beside the text detector on drawn pictures and on the measuring pictures.

    python -m edge.training.finder.measure

prints the figures of the model card as raw counts; nothing else of the measuring pictures is printed.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np

from edge.frames import Frame, Picture
from edge.looks import widened_box
from edge.plates.general_reader import GeneralReader
from edge.plates.quads import Quad, height_px, width_px
from edge.plates.read import UkReader
from edge.plates.reads import as_glyphs
from edge.sources.folder import read_picture, still_frame
from edge.training.finder.contender import LEAST_SCORE, PlateFinder
from edge.training.finder.film import FilmView, film_views
from edge.training.finder.hanging import SIDE_PX
from edge.training.finder.places import Places, compared
from edge.training.finder.scenes import Scene, scene
from edge.training.train import MEASURING_DATA
from edge.vehicles.detect import VehicleDetector
from edge.vehicles.detections import without_crowds
from edge.vehicles.search import search_regions
from edge.weights import Weights

MEASURING_SEED = 90_001
_WIDTH_BANDS_PX = (0, 20, 30, 45, 70, 110, 1000)
_SAME_PLACE = 0.5
_NO_TIME = datetime.min.replace(tzinfo=UTC)

Box = tuple[float, float, float, float]


@dataclass
class Found:
    """How many of how many plates were found, how many other places were named, and corner errors."""

    hit: int = 0
    of: int = 0
    false: int = 0
    pictures: int = 0
    corner_errors: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        errors = ""
        if self.corner_errors:
            middle, most = np.percentile(self.corner_errors, (50, 90))
            errors = f", corners off by {middle:.2f} plate heights (median), {most:.2f} (90 in 100)"
        return f"{self.hit:5d} of {self.of} found, {self.false} false in {self.pictures} pictures{errors}"


def measure_drawn(finder: PlateFinder, count: int, seed: int = MEASURING_SEED) -> dict[str, Found]:
    """Recall and corner errors by plate width in the network's input, false ones in all."""
    views, bands = film_views(), {"all": Found()}
    for number in range(count):
        drawn = four_scenes(seed, number, views)
        bands["all"].pictures += 1
        _match(drawn, [plate.corners for plate in finder.find(drawn.picture)], bands)
    return dict(sorted(bands.items()))


def four_scenes(seed: int, number: int, views: Sequence[FilmView]) -> Scene:
    """Four drawn pictures side by side and below: about as large as what the finder makes of a crop."""
    four = [scene(seed, 4 * number + i, views) for i in range(4)]
    shifts = [np.array(shift, np.float32) * SIDE_PX for shift in ((0, 0), (1, 0), (0, 1), (1, 1))]
    picture = np.vstack([np.hstack([four[i].picture, four[i + 1].picture]) for i in (0, 2)])
    moved = list(zip(four, shifts, strict=True))
    plates = tuple(quad + shift for one, shift in moved for quad in one.plates)
    ignored = tuple(quad + shift for one, shift in moved for quad in one.ignored)
    return Scene(picture, plates, ignored)


def _match(drawn: Scene, given: list[Quad], bands: dict[str, Found]) -> None:
    left = list(given)
    for quad in drawn.plates:
        upper = next(limit for limit in _WIDTH_BANDS_PX if width_px(quad) < limit)
        lower = _WIDTH_BANDS_PX[_WIDTH_BANDS_PX.index(upper) - 1]
        same = [other for other in left if overlap(box_of(quad), box_of(other)) > _SAME_PLACE]
        for found in (bands["all"], bands.setdefault(f"{lower:4d} to {upper:4d} px", Found())):
            found.of += 1
            found.hit += bool(same)
            found.corner_errors += [_corner_error(quad, other) for other in same[:1]]
        left = [other for other in left if not any(other is one for one in same)]
    nobodys = [box_of(quad) for quad in drawn.ignored]
    bands["all"].false += sum(all(overlap(box_of(q), box) < 0.1 for box in nobodys) for q in left)


def _corner_error(quad: Quad, other: Quad) -> float:
    return float(np.linalg.norm(quad - other, axis=1).mean()) / max(height_px(quad), 1.0)


def box_of(quad: Quad) -> Box:
    """The upright box around a quad: x1, y1, x2, y2."""
    (x1, y1), (x2, y2) = quad.min(axis=0).tolist(), quad.max(axis=0).tolist()
    return x1, y1, x2, y2


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return width * height / (areas - width * height)


def boxed_pictures(data: Path) -> Iterator[tuple[str, Picture, list[Box]]]:
    """Set, picture and boxes (in pixels) of the pictures whose plates are boxed by hand."""
    for labels in sorted((data / "eu_plates").glob("*.txt")):
        name, *numbers = labels.read_text("utf-8").split("\t")[:5]
        x, y, width, height = map(float, numbers)
        picture = np.asarray(cv2.imread(str(data / "eu_plates" / name)), np.uint8)
        yield "eu_plates", picture, [(x, y, x + width, y + height)]
    for labels in sorted((data / "gb_kaggle").glob("*.txt")):
        shown = np.asarray(cv2.imread(str(labels.with_suffix(".png"))), np.uint8)
        tall, wide = shown.shape[:2]
        boxes = [tuple(map(float, line.split()[1:5])) for line in labels.read_text("ascii").splitlines()]
        pixels: list[Box] = []
        for x, y, w, h in boxes:
            pixels.append(((x - w / 2) * wide, (y - h / 2) * tall, (x + w / 2) * wide, (y + h / 2) * tall))
        yield "gb_kaggle", shown, pixels


def measure_boxed(finders: dict[str, Places], data: Path) -> dict[str, Found]:
    """Boxes found at an overlap of a half, by any of the places that a finder names."""
    results: dict[str, Found] = {}
    for where, picture, boxes in boxed_pictures(data):
        for name, places in finders.items():
            found = results.setdefault(f"{where}, {name}", Found())
            given = [box_of(patch.corners) for patch in places(picture)]
            found.pictures += 1
            found.of += len(boxes)
            found.hit += sum(any(overlap(box, g) > _SAME_PLACE for g in given) for box in boxes)
            found.false += sum(all(overlap(box, g) < 0.1 for box in boxes) for g in given)
    return dict(sorted(results.items()))


@dataclass
class Reads:
    """Plates read exactly (O and 0, I and 1 alike) with hindsight over a photograph's places."""

    by_uk: int = 0
    by_general: int = 0
    by_either: int = 0
    of: int = 0
    places: int = 0
    crops: int = 0
    spent_ms: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        ms = f"{np.median(self.spent_ms):.1f} ms a crop (90 in 100: {np.percentile(self.spent_ms, 90):.1f})"
        return (
            f"{self.by_uk} read by the British reader, {self.by_general} by the general one, "
            f"{self.by_either} by either, of {self.of}; {self.places} places in {self.crops} crops; {ms}"
        )


class ReadingTrial:
    """Crops go in with what can be read on them; each finder's places are read by both shipped readers."""

    def __init__(self, weights: Weights, finders: dict[str, Places]) -> None:
        self._uk, self._general = UkReader(weights, 1), GeneralReader(weights, 1)
        self._finders = finders
        self.results = {name: Reads() for name in finders}

    def add(self, crops: Sequence[Picture], expected: Sequence[str]) -> None:
        """One photograph: the crops of its vehicles and the plates that a person reads on it."""
        for name, places in self._finders.items():
            result, patches = self.results[name], []
            for crop in crops:
                began = time.process_time()
                patches += places(crop)
                result.spent_ms.append((time.process_time() - began) * 1000)
            uk = {as_glyphs(read.text) for patch in patches if (read := self._uk.read(patch, 0))}
            general = {as_glyphs(read.text) for patch in patches if (read := self._general.read(patch, 0))}
            wanted = [as_glyphs(text) for text in expected]
            result.by_uk += sum(text in uk for text in wanted)
            result.by_general += sum(text in general for text in wanted)
            result.by_either += sum(text in uk | general for text in wanted)
            result.of += len(wanted)
            result.places += len(patches)
            result.crops += len(crops)


def vehicle_crops(detector: VehicleDetector, frame: Frame) -> list[Picture]:
    """The crops of the vehicles in a photograph, cut as the pipeline cuts looks."""
    size = (frame.width_px, frame.height_px)
    boxes = without_crowds(detector.detect(frame, search_regions(*size))).boxes_px.tolist()
    return [frame.colour.part(widened_box((x1, y1, x2, y2), *size)) for x1, y1, x2, y2 in boxes]


def measure_stills(weights: Weights, finders: dict[str, Places], data: Path) -> dict[str, Reads]:
    """Both readers behind each finder over the photographs of lorries and cars."""
    detector, trial = VehicleDetector(weights, 1), ReadingTrial(weights, finders)
    with (data / "stills.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            frame = still_frame(read_picture(data / "stills" / row["file"]), 0, _NO_TIME, 0.0)
            expected = [text for text in row["plates_read_by_eye"].split(";") if text]
            trial.add(vehicle_crops(detector, frame), expected)
    return trial.results


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.finder.measure", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="how many drawn pictures")
    parser.add_argument("--models", type=Path, help="another folder of weights")
    parser.add_argument("--least-score", type=float, default=LEAST_SCORE)
    parser.add_argument("--measuring-data", type=Path, default=MEASURING_DATA)
    given = parser.parse_args()
    weights = Weights(given.models)
    for name, found in measure_drawn(PlateFinder(1, given.least_score), given.count).items():
        print(f"drawn, {name:15s} {found}")
    if not given.measuring_data.is_dir():
        print(f"no measuring pictures in {given.measuring_data}: measured on drawn ones only")
        return
    finders = compared(weights, 1, given.least_score)
    for name, found in measure_boxed(finders, given.measuring_data).items():
        print(f"{name:30s} {found}")
    for name, reads in measure_stills(weights, finders, given.measuring_data).items():
        print(f"stills, {name:22s} {reads}")


if __name__ == "__main__":
    main()
