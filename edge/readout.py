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
from edge.stages import Stages
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
    stages: Stages,
) -> Readout:
    """Read every look and vote; `looks` holds at least one, the best stands for a vehicle without plate.

    `readers` begin with the one that reads most on real pictures; the next, which knows British marks, is
    asked where the one before gives no reading. Their reads never vote together: a reader's mistakes repeat.
    """
    with stages.stage("find"):
        places = [(look, patch) for look in looks for patch in _own_patches(look, localiser)]
    shown: list[_Shown] = []
    reading: PlateReading | None = None
    reason: str | None = "no plate found"
    for reader in readers if grammar == "gb" else readers[:1]:
        with stages.stage("read"):
            own = [
                _Shown(look, patch, read)
                for look, patch in places
                for read in reader.read([patch], look.frame_number)
            ]
        shown += own
        reading, reason = vote([one.read for one in own], grammar, least_looks)
        if reading is not None:
            break
    read_frames = {one.look.frame_number for one in shown}
    outcomes.count("reads", len(read_frames))
    outcomes.count("reads_empty", len(looks) - len(read_frames))
    outcomes.count("plates_read" if reading else "plates_unread")
    raw_reads = tuple(one.read for one in shown)
    if reading is None:
        return Readout(None, reason, raw_reads, max(looks, key=lambda look: look.quality), None)
    best = _best_of(shown, reading)
    return Readout(reading, None, raw_reads, best.look, best.patch)


@dataclass(frozen=True)
class _Shown:
    """Where a read comes from."""

    look: Look
    patch: PlatePatch
    read: RawRead


def _own_patches(look: Look, localiser: PlateLocaliser) -> list[PlatePatch]:
    """The places in a look's crop that may be this vehicle's plate."""
    return [patch for patch in localiser.find(look.crop) if not _is_neighbours(patch, look)]


def _best_of(shown: Sequence[_Shown], reading: PlateReading) -> _Shown:
    """Where the voted text was read most surely and largest."""
    away = [confusable_distance(one.read.text, reading.text) for one in shown]
    nearest = [one for one, distance in zip(shown, away, strict=True) if distance == min(away)]
    return max(nearest, key=lambda one: one.read.confidence * one.patch.width_px)


def _is_neighbours(patch: PlatePatch, look: Look) -> bool:
    """Whether a plate found in the crop lies on another vehicle that stands in front of this one."""
    middle = patch.corners.mean(axis=0)
    x, y = float(middle[0]) + look.box_px[0], float(middle[1]) + look.box_px[1]
    lowest = look.box_px[3] + IN_FRONT * (look.box_px[3] - look.box_px[1])
    return any(
        box[0] <= x <= box[2] and box[1] <= y <= box[3] and box[3] > lowest for box in look.neighbours_px
    )
