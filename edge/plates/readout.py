"""From the looks at one vehicle to its registration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from config.vrm import confusable_distance
from edge.looks import Look
from edge.outcomes import Outcomes
from edge.plates.localise import PlateLocaliser, PlatePatch
from edge.plates.read import PlateReader
from edge.plates.second_opinion import confirmed, together
from edge.plates.vote import Grammar, vote
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

    `readers` begin with the one that reads most on real pictures; the next, which knows British marks, is
    asked about all places where the first gives no reading, and otherwise about the final patch alone. Their
    reads never vote together: a reader's mistakes repeat.
    """

    localiser: PlateLocaliser
    readers: tuple[PlateReader, ...]
    grammar: Grammar
    least_looks: int
    stages: Stages


@dataclass(frozen=True)
class _Place:
    """Where in which look a plate may be."""

    look: Look
    patch: PlatePatch


@dataclass(frozen=True)
class _Shown:
    """Where a read comes from."""

    place: _Place
    read: RawRead


def read_out(looks: Sequence[Look], eyes: PlateEyes, outcomes: Outcomes) -> Readout:
    """Read the looks, best first, until enough agree; `looks` holds at least one."""
    near = [look for look in looks if look.crop.shape[1] >= LEAST_WIDTH_PX]
    if not near:
        _count(looks, [], None, outcomes)
        return Readout(None, TOO_FAR, (), _best_look(looks), None)
    return _read_near(near, eyes, outcomes)


def _read_near(looks: Sequence[Look], eyes: PlateEyes, outcomes: Outcomes) -> Readout:
    first, *others = eyes.readers if eyes.grammar == "gb" else eyes.readers[:1]
    places, shown, reading, reason = _first_reading(looks, first, eyes)
    for reader in others:
        if len(looks) == 1:
            own = _read(reader, places, eyes)
            reading, reason = together(_pairs(places, shown, own), eyes.grammar)
        elif reading is None:
            own = _read(reader, places, eyes)
            reading, reason = vote([one.read for one in own], eyes.grammar, eyes.least_looks)
        else:
            own = _read(reader, [_best_of(shown, reading).place], eyes)
            reading, reason = confirmed(reading, [one.read for one in own], eyes.grammar)
        shown = shown + own
    _count(looks, shown, reading, outcomes)
    raw_reads = tuple(one.read for one in shown)
    if reading is None:
        return Readout(None, reason, raw_reads, _best_look(looks), None)
    best = _best_of(shown, reading).place
    return Readout(reading, reason, raw_reads, best.look, best.patch)


def _best_look(looks: Sequence[Look]) -> Look:
    return max(looks, key=lambda look: look.quality)


def _first_reading(
    looks: Sequence[Look], reader: PlateReader, eyes: PlateEyes
) -> tuple[list[_Place], list[_Shown], PlateReading | None, str | None]:
    """What the first reader makes of the looks, and every place where a plate may be."""
    places: list[_Place] = []
    shown: list[_Shown] = []
    reading: PlateReading | None = None
    reason: str | None = None
    for number, look in enumerate(sorted(looks, key=lambda look: -look.quality), start=1):
        with eyes.stages.stage("find"):
            own = [_Place(look, patch) for patch in _own_patches(look, eyes.localiser)]
        places += own
        shown += _read(reader, own, eyes)
        if number < min(ENOUGH_LOOKS, len(looks)):
            continue
        reading, reason = vote([one.read for one in shown], eyes.grammar, eyes.least_looks)
        if reading is not None and reading.looks >= ENOUGH_LOOKS and reading.confidence >= SURE:
            break
    return places, shown, reading, reason


def _read(reader: PlateReader, places: Iterable[_Place], eyes: PlateEyes) -> list[_Shown]:
    with eyes.stages.stage("read"):
        return [
            _Shown(place, read)
            for place in places
            for read in reader.read([place.patch], place.look.frame_number)
        ]


def _pairs(
    places: Sequence[_Place], one: Sequence[_Shown], other: Sequence[_Shown]
) -> list[tuple[RawRead | None, RawRead | None]]:
    """What both readers make of each place."""
    by_place = [{id(shown.place): shown.read for shown in reads} for reads in (one, other)]
    return [(by_place[0].get(id(place)), by_place[1].get(id(place))) for place in places]


def _count(
    looks: Sequence[Look], shown: Sequence[_Shown], reading: PlateReading | None, outcomes: Outcomes
) -> None:
    read_frames = {one.place.look.frame_number for one in shown}
    outcomes.count("reads", len(read_frames))
    outcomes.count("reads_empty", len(looks) - len(read_frames))
    outcomes.count("plates_read" if reading else "plates_unread")


def _own_patches(look: Look, localiser: PlateLocaliser) -> list[PlatePatch]:
    """The places in a look's crop that may be this vehicle's plate."""
    return [patch for patch in localiser.find(look.crop) if not _is_neighbours(patch, look)]


def _best_of(shown: Sequence[_Shown], reading: PlateReading) -> _Shown:
    """Where the voted text was read most surely and largest."""
    away = [confusable_distance(one.read.text, reading.text) for one in shown]
    nearest = [one for one, distance in zip(shown, away, strict=True) if distance == min(away)]
    return max(nearest, key=lambda one: one.read.confidence * one.place.patch.width_px)


def _is_neighbours(patch: PlatePatch, look: Look) -> bool:
    """Whether a plate found in the crop lies on another vehicle that stands in front of this one."""
    middle = patch.corners.mean(axis=0)
    x, y = float(middle[0]) + look.box_px[0], float(middle[1]) + look.box_px[1]
    lowest = look.box_px[3] + IN_FRONT * (look.box_px[3] - look.box_px[1])
    return any(
        box[0] <= x <= box[2] and box[1] <= y <= box[3] and box[3] > lowest for box in look.neighbours_px
    )
