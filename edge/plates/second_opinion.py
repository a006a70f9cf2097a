"""What becomes of a vehicle's looks when a second, independent reader reads the best of them.

At a place that two readers read both readers' odds count together (`edge.plates.fused`); then the looks vote.
Where the second reader reads another mark than the looks agree on, that is told.
"""

from __future__ import annotations

from collections.abc import Sequence

from config.vrm import confusable_distance
from edge.plates.fused import cut_short, fused
from edge.plates.vote import RIVAL, Grammar, vote
from edge.seen import PlateReading, RawRead

OTHERWISE = "a second reader reads it otherwise"


def together(
    places: Sequence[tuple[RawRead | None, ...]], grammar: Grammar, least_looks: int
) -> tuple[PlateReading | None, str | None]:
    """The reading by what one or two readers make of each place, and a word where they differ.

    `least_looks` frames must have read it.
    """
    reads = [read for place in places for read in _of_one_place([one for one in place if one])]
    reading, reason = vote(reads, grammar, least_looks)
    if reading is None:
        return None, reason
    said = [read for place in places for read in place if read]
    alike = tuple(read for read in said if confusable_distance(read.text, reading.text) == 0)
    own = PlateReading(reading.text, reading.confidence, reading.looks, alike)
    agreed = {read.reader for read in alike} == {read.reader for read in said}
    return own, None if agreed else OTHERWISE


def _of_one_place(reads: Sequence[RawRead]) -> list[RawRead]:
    """What counts of the reads of one place: two as one, or the far surer; it holds one mark at most.

    Where one of them may have seen a part of the mark only, neither counts.
    """
    if len(reads) < 2:
        return list(reads)
    if cut_short(*reads):
        return []
    both = fused(*reads)
    if both is not None:
        return [both]
    surer, less_sure = sorted(reads, key=lambda read: -read.confidence)
    return [surer] if less_sure.confidence < RIVAL * surer.confidence else []
