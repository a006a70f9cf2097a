"""One read out of two readers' reads of the same patch.

The readers were made from different pictures by different people, so what one doubts the other often knows:
their odds of each character are multiplied. Only a still, or a vehicle seen in one look, is read like this:
where several looks can agree, they are the better witnesses.
"""

from __future__ import annotations

from config.vrm import confusable_distance
from edge.plates.align import aligned
from edge.plates.reads import as_glyphs
from edge.plates.vote import ALIKE
from edge.seen import RawRead

BOTH = "both"
"""The reader's name of a read that was made of two."""
SURE_OF_MORE = 0.6
"""Odds from which a character that only the longer read has is there."""
UNTOLD = 0.01
"""The odds of a character that a reader does not even mention."""


def fused(one: RawRead, other: RawRead) -> RawRead | None:
    """The characters that both together think likeliest; None where they do not read the same mark.

    Of reads of different length the surer one stands: what the other adds or leaves out has no odds. A
    character's confidence is its share of the product; a doubt of two texts stays one of the result.
    """
    if confusable_distance(one.text, other.text) > ALIKE:
        return None
    if len(one.text) != len(other.text):
        return max(one, other, key=lambda read: read.confidence)
    places = [_odds(one, i, other) for i in range(len(one.text))]
    best = [max(odds, key=lambda c: odds[c]) for odds in places]
    sure = tuple(odds[c] for odds, c in zip(places, best, strict=True))
    doubts = tuple(
        tuple(sorted(((c, p) for c, p in odds.items() if c != kept), key=lambda each: -each[1]))
        for odds, kept in zip(places, best, strict=True)
    )
    text = "".join(_spelled(glyph, i, one, other) for i, glyph in enumerate(best))
    return RawRead(text, min(sure), sure, BOTH, one.frame_number, doubts)


def cut_short(one: RawRead, other: RawRead) -> bool:
    """Whether they read the same mark, but one is sure of a character that the other lacks."""
    shorter, longer = sorted((one, other), key=lambda read: len(read.text))
    if confusable_distance(shorter.text, longer.text) > ALIKE:
        return False
    places = aligned(shorter.text, longer.text)
    more = [sure for sure, at in zip(longer.character_confidences, places, strict=True) if at is None]
    return max(more, default=0.0) >= SURE_OF_MORE


def _odds(one: RawRead, place: int, other: RawRead) -> dict[str, float]:
    """Each glyph's share of the product of both readers' odds at one place."""
    said = [_told(read, place) for read in (one, other)]
    weighed = {glyph: said[0].get(glyph, UNTOLD) * said[1].get(glyph, UNTOLD) for glyph in said[0] | said[1]}
    total = sum(weighed.values())
    return {glyph: weight / total for glyph, weight in weighed.items()}


def _told(read: RawRead, place: int) -> dict[str, float]:
    """The odds of each glyph that a read mentions at a place; O and 0 are one, I and 1 another."""
    doubts = read.doubts[place] if read.doubts else ()
    told: dict[str, float] = {}
    for character, odds in ((read.text[place], read.character_confidences[place]), *doubts):
        glyph = as_glyphs(character)
        told[glyph] = max(told.get(glyph, 0.0), odds)
    return told


def _spelled(glyph: str, place: int, one: RawRead, other: RawRead) -> str:
    """The glyph as the reader that read it so spells it; the grammar settles what it stands for."""
    for read in (one, other):
        if as_glyphs(read.text[place]) == glyph:
            return read.text[place]
    return glyph
