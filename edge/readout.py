"""From the looks at one vehicle to its registration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.vrm import confusable_distance
from edge.localise import PlateLocaliser, PlatePatch
from edge.looks import Look
from edge.outcomes import Outcomes
from edge.read import PlateReader
from edge.seen import PlateReading, RawRead
from edge.vote import Grammar, vote

IN_FRONT = 0.02
"""A neighbour whose box ends lower by this part of the vehicle's height stands in front of it."""


@dataclass(frozen=True)
class Readout:
    """The reading or the reason there is none, all reads, and the look and patch that show the plate best."""

    reading: PlateReading | None
    reason: str | None
    raw_reads: tuple[RawRead, ...]
    look: Look
    patch: PlatePatch | None


def read_out(
    looks: Sequence[Look],
    localiser: PlateLocaliser,
    readers: Sequence[PlateReader],
    grammar: Grammar,
    least_looks: int,
    outcomes: Outcomes,
) -> Readout:
    """Read every look and vote; `looks` holds at least one, the best stands for a vehicle without plate."""
    shown: list[tuple[Look, PlatePatch, RawRead]] = []
    for look in looks:
        patches = [patch for patch in localiser.find(look.crop) if not _is_neighbours(patch, look)]
        found = [
            (patch, read)
            for patch in patches
            for reader in readers
            for read in reader.read([patch], look.frame_number)
        ]
        outcomes.count("reads" if found else "reads_empty")
        shown += [(look, patch, read) for patch, read in found]
    reading, reason = vote([read for _, _, read in shown], grammar, least_looks)
    outcomes.count("plates_read" if reading else "plates_unread")
    raw_reads = tuple(read for _, _, read in shown)
    if reading is None:
        return Readout(None, reason, raw_reads, max(looks, key=lambda look: look.quality), None)
    agreeing = [one for one in shown if confusable_distance(one[2].text, reading.text) == 0]
    look, patch, _ = max(agreeing, key=lambda one: one[2].confidence * one[1].width_px)
    return Readout(reading, None, raw_reads, look, patch)


def _is_neighbours(patch: PlatePatch, look: Look) -> bool:
    """Whether a plate found in the crop lies on another vehicle that stands in front of this one."""
    middle = patch.corners.mean(axis=0)
    x, y = float(middle[0]) + look.box_px[0], float(middle[1]) + look.box_px[1]
    lowest = look.box_px[3] + IN_FRONT * (look.box_px[3] - look.box_px[1])
    return any(
        box[0] <= x <= box[2] and box[1] <= y <= box[3] and box[3] > lowest for box in look.neighbours_px
    )
