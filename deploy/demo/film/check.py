"""Check the clips against their ground truth, with the very networks that a camera unit uses.

    python -m deploy.demo.film.check [--clip entry]

For each vehicle: on how many frames the detector sees it as what it is, how large its plate gets, and on
how many frames the general reader reads the plate exactly. Exits with 1 when a lorry or bus is not seen as
one, or a lorry's plate is not readable. Runs in the project's own environment.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from edge.plates.general_reader import GeneralReader
from edge.sources.folder import still_frame
from edge.vehicles.detect import VehicleDetector
from edge.vehicles.detections import CLASSES, Detections, iou
from edge.vehicles.search import still_parts
from edge.weights import Weights

HERE = Path(__file__).parent
# What the detector may call each kind and still be right: a panel van is no COCO class of its own.
RIGHT = {
    "artic": ("truck",),
    "rigid": ("truck",),
    "bus": ("bus",),
    "car": ("car",),
    "van": ("car", "truck", "bus"),
}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
MATCH_IOU = 0.4
SURE = 0.5
NEAR_HEIGHT_PX = 130
PLATE_MARGIN = 0.12
LEAST_SHARE = 0.5
LEAST_EXACT_READS = 5
LEAST_WIDE_LOOKS, WIDE_PX = 5, 100.0
LEAST_LOOKS, FAIR_PX = 8, 70.0

Picture = NDArray[np.uint8]


@dataclass
class Tally:
    """What was counted for one vehicle over the frames in which it is in view."""

    clip: str
    kind: str
    hgv: bool
    plate: str
    in_view: int = 0
    near: int = 0
    seen: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CLASSES, 0))
    right: int = 0
    plate_widths_px: list[float] = field(default_factory=list)
    exact: int = 0
    unlike: list[str] = field(default_factory=list)

    def wide(self, least_px: float) -> int:
        """Looks at a plate at least so wide."""
        return sum(width >= least_px for width in self.plate_widths_px)

    def faults(self) -> list[str]:
        """What is not good enough, in words."""
        found = []
        if self.kind in ("artic", "rigid", "bus") and self.right < LEAST_SHARE * self.near:
            found.append(f"seen as {'/'.join(RIGHT[self.kind])} on {self.right} of {self.near} near frames")
        if self.hgv and self.exact < LEAST_EXACT_READS:
            found.append(f"plate read exactly on {self.exact} frames only")
        if self.hgv and (self.wide(WIDE_PX) < LEAST_WIDE_LOOKS or self.wide(FAIR_PX) < LEAST_LOOKS):
            found.append("plate not wide enough for long enough")
        return found


def pictures(path: Path) -> Iterator[Picture]:
    """The BGR pictures of a clip."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def tallies(
    name: str, truth: Mapping[str, Any], detector: VehicleDetector, reader: GeneralReader
) -> list[Tally]:
    """Count over one clip."""
    vehicles = truth["vehicles"]
    counted = [Tally(name, vehicle["kind"], vehicle["hgv"], vehicle["plate"]) for vehicle in vehicles]
    looks: dict[int, list[tuple[Tally, Mapping[str, Any]]]] = {}
    for tally, vehicle in zip(counted, vehicles, strict=True):
        for look in vehicle["looks"]:
            looks.setdefault(look["frame"], []).append((tally, look))
    width, height = truth["size_px"]
    parts = still_parts(width, height)
    for number, picture in enumerate(pictures(HERE / "clips" / f"{name}.mp4")):
        if number in looks:
            found = detector.detect(still_frame(picture, number, EPOCH, 0.0), parts)
            for tally, look in looks[number]:
                _count(tally, look, picture, found, reader)
    return counted


def _count(
    tally: Tally, look: Mapping[str, Any], picture: Picture, found: Detections, reader: GeneralReader
) -> None:
    tally.in_view += 1
    corners = look["plate_corners_px"]
    if corners is not None:
        _count_plate(tally, np.array(corners), picture, reader)
    _, top, _, bottom = look["box_px"]
    if bottom - top >= NEAR_HEIGHT_PX and not _leaving(look, picture):
        tally.near += 1
        _count_class(tally, look, found)


def _leaving(look: Mapping[str, Any], picture: Picture) -> bool:
    """Whether the vehicle is cut off by the left, right or lower edge."""
    left, _, right, bottom = look["box_px"]
    return bool(left <= 1 or right >= picture.shape[1] - 1 or bottom >= picture.shape[0] - 1)


def _count_class(tally: Tally, look: Mapping[str, Any], found: Detections) -> None:
    if not len(found):
        return
    overlaps = iou(found.boxes_px, np.array([look["box_px"]], np.float32))[:, 0]
    scores = found.class_scores[overlaps >= MATCH_IOU]
    for column, name in enumerate(CLASSES):
        tally.seen[name] += bool(len(scores) and scores[:, column].max() >= SURE)
    wanted = [CLASSES.index(name) for name in RIGHT[tally.kind]]
    tally.right += bool(len(scores) and scores[:, wanted].max() >= SURE)


def _count_plate(tally: Tally, corners: NDArray[np.float64], picture: Picture, reader: GeneralReader) -> None:
    width_px = float(np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3])) / 2
    tally.plate_widths_px.append(width_px)
    margin = PLATE_MARGIN * (corners[:, 1].max() - corners[:, 1].min())
    low = np.floor(np.maximum(corners.min(axis=0) - margin, 0)).astype(int)
    high = np.ceil(corners.max(axis=0) + margin).astype(int)
    text = reader.read_line(picture[low[1] : high[1], low[0] : high[0]]).of_marks().text
    if _same_glyphs(text) == _same_glyphs(tally.plate):
        tally.exact += 1
    elif width_px >= FAIR_PX:
        tally.unlike.append(text)


def _same_glyphs(text: str) -> str:
    """O and 0 share a glyph on a plate, and so do I and 1 (BS AU 145e)."""
    return text.replace("O", "0").replace("I", "1")


def _table(counted: Sequence[Tally]) -> Table:
    heads = (
        "clip",
        "vehicle",
        "in view",
        "near",
        "as it is",
        "car",
        "bus",
        "truck",
        "plate px",
        ">=100",
        ">=70",
        "read",
    )
    table = Table(*heads, title=f"near: >= {NEAR_HEIGHT_PX} px high, not cut off; seen: score >= {SURE}")
    for tally in counted:
        classes = [str(tally.seen[name]) for name in ("car", "bus", "truck")]
        widest = f"{max(tally.plate_widths_px, default=0):.0f}"
        looks = [str(tally.wide(WIDE_PX)), str(tally.wide(FAIR_PX)), str(tally.exact)]
        cells = [str(tally.in_view), str(tally.near), str(tally.right)]
        table.add_row(tally.clip, tally.kind, *cells, *classes, widest, *looks)
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 when something is not good enough."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clip", action="append")
    chosen = parser.parse_args(arguments)
    truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    weights = Weights()
    detector, reader = VehicleDetector(weights, threads=1), GeneralReader(weights, threads=1)
    names = chosen.clip or list(truth)
    counted = [tally for name in names for tally in tallies(name, truth[name], detector, reader)]
    out = Console(width=120)
    out.print(_table(counted))
    faults = [f"{tally.clip}: {tally.kind}: {fault}" for tally in counted for fault in tally.faults()]
    for fault in faults:
        out.print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
