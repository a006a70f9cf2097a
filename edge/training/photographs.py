"""Counts over the measuring photographs, which lie beside the project; nothing but counts comes out."""

import csv
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.plates.general_reader import GeneralReader
from edge.plates.localise import PlateLocaliser, PlatePatch
from edge.plates.read import UkReader
from edge.sources.folder import still_frame
from edge.sources.opening import EPOCH
from edge.training.reading import read_of
from edge.training.score import Tally
from edge.vehicles.detect import VehicleDetector
from edge.vehicles.search import still_parts
from edge.weights import Weights

Picture = NDArray[np.uint8]

_AROUND_VEHICLE = 0.05


def measure_boxed(reader: UkReader, data: Path) -> Tally:
    """Tally over the small pictures whose plates are boxed by hand: the largest box of each."""
    tally = Tally()
    with (data / "gb_kaggle/labels.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            picture = _grey(np.asarray(cv2.imread(str(data / "gb_kaggle" / row["file"])), np.uint8))
            boxes = (data / "gb_kaggle" / row["file"]).with_suffix(".txt").read_text("ascii").splitlines()
            box = max((tuple(map(float, line.split()[1:5])) for line in boxes), key=lambda b: b[2] * b[3])
            tally.add(row["plate_read_by_eye"], read_of(reader, _boxed(picture, box)).text)
    return tally


def measure_stills(reader: UkReader, data: Path) -> dict[str, Tally]:
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
            own = [read_of(reader, _grey(patch.picture)).text for patch in patches]
            other = [read.text for patch in patches if (read := general.read(patch, 0))]
            for text in expected:
                ours.add(text, *own)
                theirs.add(text, *other)
    return {"this reader": ours, "general reader": theirs}


def _patches(picture: Picture, detector: VehicleDetector, localiser: PlateLocaliser) -> list[PlatePatch]:
    """Places in each vehicle that is found, and in the whole picture."""
    patches = list(localiser.find(picture))
    frame = still_frame(picture, 0, EPOCH, 0.0)
    parts = still_parts(frame.width_px, frame.height_px)
    for x0, y0, x1, y1 in detector.detect(frame, parts).boxes_px.tolist():
        across, down = _AROUND_VEHICLE * (x1 - x0), _AROUND_VEHICLE * (y1 - y0)
        top, left = max(0, int(y0 - down)), max(0, int(x0 - across))
        crop = picture[top : int(y1 + down) + 1, left : int(x1 + across) + 1]
        patches += localiser.find(np.ascontiguousarray(crop))
    return patches


def _grey(bgr: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)


def _boxed(picture: Picture, box: tuple[float, ...]) -> Picture:
    height, width = picture.shape
    x, y, w, h = box
    top, bottom = max(0, round((y - h / 2) * height)), round((y + h / 2) * height)
    left, right = max(0, round((x - w / 2) * width)), round((x + w / 2) * width)
    return picture[top:bottom, left:right]
