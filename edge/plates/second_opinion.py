"""What becomes of a reading when a second, independent reader looks at the same plate.

Several agreeing looks outweigh a second reader, who is then only heard. A single look has nobody else: there
both readers' odds count together (`edge.plates.fused`), and whether they read the same is told.
"""

from __future__ import annotations

from collections.abc import Sequence

from config.vrm import confusable_distance
from edge.plates.fused import fused
from edge.plates.vote import RIVAL, Grammar, vote
from edge.seen import PlateReading, RawRead

FEW_LOOKS = 2
"""Up to so many agreeing looks a second reader's other mark is reason enough to publish none."""
WEIGHTY = 0.75
"""How sure the second reader must be of its mark to be heard."""
OTHERWISE = "a second reader reads it otherwise"
DISAGREE = "two readers disagree"


def confirmed(
    reading: PlateReading, second: Sequence[RawRead], grammar: Grammar
) -> tuple[PlateReading | None, str | None]:
    """The reading, with a reason where the second reader reads another mark; or None where that weighs more.

    What the second reader cannot read, or is unsure of, says nothing. Neither mark replaces the other.
    """
    other, _ = vote(second, grammar, 1)
    if other is None or confusable_distance(other.text, reading.text) == 0:
        return reading, None
    if reading.looks <= FEW_LOOKS and other.confidence >= WEIGHTY:
        return None, DISAGREE
    return reading, OTHERWISE


def _of_one_place(one: RawRead | None, other: RawRead | None) -> list[RawRead]:
    """What counts of two reads of one place: both as one, or the far surer; it holds one mark at most."""
    if one is None or other is None:
        return [read for read in (one, other) if read]
    both = fused(one, other)
    if both is not None:
        return [both]
    surer, less_sure = sorted((one, other), key=lambda read: -read.confidence)
    return [surer] if less_sure.confidence < RIVAL * surer.confidence else []


def together(
    places: Sequence[tuple[RawRead | None, RawRead | None]], grammar: Grammar
) -> tuple[PlateReading | None, str | None]:
    """The reading of one look by what two readers make of each place, and a word where they differ."""
    reads: list[RawRead] = []
    for one, other in places:
        reads += _of_one_place(one, other)
    reading, reason = vote(reads, grammar, 1)
    if reading is None:
        return None, reason
    said = [read for pair in places for read in pair if read]
    alike = [read for read in said if confusable_distance(read.text, reading.text) == 0]
    own = PlateReading(reading.text, reading.confidence, 1, tuple(alike))
    return own, None if len({read.reader for read in alike}) > 1 else OTHERWISE
