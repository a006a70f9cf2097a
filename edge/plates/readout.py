"""From the looks at one vehicle to its registration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.vrm import confusable_distance
from edge.looks import Look
from edge.outcomes import Outcomes
from edge.plates.localise import PlateLocaliser, PlatePatch
from edge.plates.read import PlateReader
from edge.plates.second_opinion import together
from edge.plates.vote import Grammar
from edge.seen import PlateReading, RawRead
from edge.stages import Stages

IN_FRONT = 0.02
"""A neighbour whose box ends lower by this part of the vehicle's height stands in front of it."""
LEAST_WIDTH_PX = 100
"""A vehicle narrower than this shows no plate that can be read: 520 mm of 2.5 m are then 21 pixels."""
TOO_FAR = "too far away to read"
ENOUGH_LOOKS, SURE = 3, 0.95
"""When so many looks agree so surely, a further one adds nothing."""


@dataclass(frozen=True)
class Readout:
    """The reading or the reason there is none, all reads, and the look and patch that show the plate best.

    A reading may carry a `reason` too: that a second reader reads it otherwise.
    """

    reading: PlateReading | None
    reason: str | None
    raw_reads: tuple[RawRead, ...]
    look: Look
    patch: PlatePatch | None


@dataclass(frozen=True)
class PlateEyes:
    """What plates are found and read with, and when a reading counts.

    `readers` begin with the one that reads any mark; the next knows British ones only. Where the grammar is
    British that one reads every look, and the other, which takes some ten times as long, the best one.
    """

    localiser: PlateLocaliser
    readers: tuple[PlateReader, ...]
    grammar: Grammar
    least_looks: int
    stages: Stages


@dataclass(frozen=True)
class _Place:
    """Where in which look a plate may be, and what each reader makes of it."""

    look: Look
    patch: PlatePatch
    reads: tuple[RawRead | None, ...]


def read_out(looks: Sequence[Look], eyes: PlateEyes, outcomes: Outcomes) -> Readout:
    """Read the looks, best first, until enough agree; `looks` holds at least one."""
    near = [look for look in looks if look.crop.shape[1] >= LEAST_WIDTH_PX]
    if not near:
        _count(looks, [], None, outcomes)
        return Readout(None, TOO_FAR, (), _best_look(looks), None)
    return _read_near(near, eyes, outcomes)


def _read_near(looks: Sequence[Look], eyes: PlateEyes, outcomes: Outcomes) -> Readout:
    places: list[_Place] = []
    reading: PlateReading | None = None
    reason: str | None = None
    for number, look in enumerate(sorted(looks, key=lambda look: -look.quality), start=1):
        places += _places(look, eyes, number == 1)
        if number < min(ENOUGH_LOOKS, len(looks)):
            continue
        reading, reason = together([place.reads for place in places], eyes.grammar, eyes.least_looks)
        if reading is not None and reading.looks >= ENOUGH_LOOKS and reading.confidence >= SURE:
            break
    _count(looks, places, reading, outcomes)
    raw_reads = tuple(read for place in places for read in place.reads if read)
    if reading is None:
        return Readout(None, reason, raw_reads, _best_look(looks), None)
    best = _best_of(places, reading)
    return Readout(reading, reason, raw_reads, best.look, best.patch)


def _best_look(looks: Sequence[Look]) -> Look:
    return max(looks, key=lambda look: look.quality)


def _places(look: Look, eyes: PlateEyes, best: bool) -> list[_Place]:
    """The places in a look's crop that may be this vehicle's plate, read; in the best look by all readers."""
    with eyes.stages.stage("find"):
        patches = [patch for patch in eyes.localiser.find(look.crop) if not _is_neighbours(patch, look)]
    return [_Place(look, patch, _reads(patch, look.frame_number, eyes, best)) for patch in patches]


def _reads(patch: PlatePatch, frame_number: int, eyes: PlateEyes, best: bool) -> tuple[RawRead | None, ...]:
    """What each reader that is asked makes of a patch; each has an account of its own."""
    general, *british = eyes.readers
    asked = [(general, "read")]
    if eyes.grammar == "gb":
        asked = [(general, "second")] * best + [(reader, "read") for reader in british]
    reads: list[RawRead | None] = []
    for reader, account in asked:
        with eyes.stages.stage(account):
            reads.append(reader.read(patch, frame_number))
    return tuple(reads)


def _count(
    looks: Sequence[Look], places: Sequence[_Place], reading: PlateReading | None, outcomes: Outcomes
) -> None:
    read_frames = {place.look.frame_number for place in places if any(place.reads)}
    outcomes.count("reads", len(read_frames))
    outcomes.count("reads_empty", len(looks) - len(read_frames))
    outcomes.count("plates_read" if reading else "plates_unread")


def _best_of(places: Sequence[_Place], reading: PlateReading) -> _Place:
    """Where the voted text was read most surely and largest."""
    shown = [(place, read) for place in places for read in place.reads if read]
    away = [confusable_distance(read.text, reading.text) for _, read in shown]
    nearest = [one for one, distance in zip(shown, away, strict=True) if distance == min(away)]
    return max(nearest, key=lambda one: one[1].confidence * one[0].patch.width_px)[0]


def _is_neighbours(patch: PlatePatch, look: Look) -> bool:
    """Whether a plate found in the crop lies on another vehicle that stands in front of this one."""
    middle = patch.corners.mean(axis=0)
    x, y = float(middle[0]) + look.box_px[0], float(middle[1]) + look.box_px[1]
    lowest = look.box_px[3] + IN_FRONT * (look.box_px[3] - look.box_px[1])
    return any(
        box[0] <= x <= box[2] and box[1] <= y <= box[3] and box[3] > lowest for box in look.neighbours_px
    )
