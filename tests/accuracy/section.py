"""What scoring one set of pictures gives: figures, and its misses with their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from edge.frames import Picture
from edge.plates.localise import PlateLocaliser
from edge.seen import SeenVehicle
from tests.accuracy.plates import Scored, counted, once_each

Box = tuple[int, int, int, int]
MARGIN = 0.04


@dataclass(frozen=True)
class Miss:
    """One thing that went wrong: what, where, what was wanted and given, and what the system saw (BGR)."""

    kind: str
    where: str
    wanted: str
    given: str
    said: Sequence[str]
    pictures: Sequence[Picture]


@dataclass(frozen=True)
class Section:
    """The figures of one set, raw counts by name, and its misses.

    `hgv_scores` are the HGV scores of vehicles of which it is known whether they are one.
    """

    name: str
    figures: dict[str, Any]
    misses: list[Miss] = field(default_factory=list)
    hgv_scores: list[tuple[float, bool]] = field(default_factory=list)


def plate_figures(plates: Sequence[Scored]) -> dict[str, Any]:
    """Counts of all plates, of each different one once, and split by what carries them and by lines."""
    parts = {
        "all": plates,
        "unique": once_each(plates),
        "hgv": [one for one in plates if one.label.owner == "hgv"],
        "light": [one for one in plates if one.label.owner == "light"],
        "one_line": [one for one in plates if one.label.lines == 1],
        "two_lines": [one for one in plates if one.label.lines == 2],
    }
    return {name: asdict(counted(part)) for name, part in parts.items() if part}


def cut_out(picture: Picture, box_px: Box) -> Picture:
    """The vehicle's box with a little around it."""
    x1, y1, x2, y2 = box_px
    height, width = picture.shape[:2]
    across, down = round(MARGIN * (x2 - x1)), round(MARGIN * (y2 - y1))
    return picture[max(0, y1 - down) : min(height, y2 + down), max(0, x1 - across) : min(width, x2 + across)]


def patches(localiser: PlateLocaliser, picture: Picture, box_px: Box) -> list[Picture]:
    """What is taken for a plate on a vehicle, straightened."""
    x1, y1, x2, y2 = box_px
    return [patch.picture for patch in localiser.find(picture[y1:y2, x1:x2])]


def sayings(vehicle: SeenVehicle) -> list[str]:
    """What the system knew of a vehicle: class, verdict on its plate, and every raw read."""
    plate = vehicle.reading.text if vehicle.reading else f"unread: {vehicle.plate_reason}"
    reads = [
        f"{read.text} {read.confidence:.2f} by {read.reader} (frame {read.frame_number})"
        for read in vehicle.raw_reads
    ]
    return [
        f"{vehicle.vehicle_class}, hgv {vehicle.hgv:.2f}, detector {vehicle.detector_score:.2f}, {plate}",
        *reads,
    ]
