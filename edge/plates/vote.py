"""Many reads of one vehicle's lettering become one registration, or none and the reason.

Reads that resemble each other are one mark; its reads are aligned to the commonest length and vote character
by character, each with its own confidence. The grammar comes after the vote, and what it cannot settle stays
unread: a confident character is never changed (domain.md sections 5 and 9, rule 17). Where a text fits no
format and its reads doubt a character, a second guess stands if it is the only one that makes a registration;
the reading's confidence says how much that is worth, and the raw reads stay as they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from config.vrm import Format, confusable_distance, fit
from edge.plates.align import aligned
from edge.plates.reads import as_glyphs
from edge.seen import PlateReading, RawRead

Grammar = Literal["gb", "none"]
SHORTEST, LONGEST = 2, 9
ALIKE = 2.0
"""Reads up to this confusable distance apart are reads of the same mark."""
LEAST_CONFIDENCE, LEAST_ALONE = 0.6, 0.7
"""How sure the weakest character must be; a single look has none to agree with it and must be surer."""
WEAK_FORMATS = {Format.DATELESS: 0.3, Format.TRADE: 0.2, Format.DIPLOMATIC: 0.3, Format.NORTHERN_IRISH: 0.6}
"""What a mark of these formats counts against another on the vehicle: badges like "164L" fit them too."""
LEAST_CHARACTERS = {Format.DATELESS: 5, Format.TRADE: 6}
"""Marks shorter than this are left unread: model badges and numbers on a side have the same form."""
RIVAL = 0.6
"""A second mark that weighs this part of the first makes the vehicle's reading ambiguous."""

SURE = 0.9
"""Mean odds from which a character is confident."""
LIKELY_ENOUGH = 0.1
"""Mean odds that a second guess needs."""
FITS_NO_FORMAT = 0.06
"""Share of foreign lorries (Burford, domain.md section 1), against which the grammar's word is weighed."""
TELLING = (Format.CURRENT, Format.PREFIX, Format.SUFFIX)
"""Formats that little but a registration fits."""

_Ballot = dict[str, list[float]]


@dataclass(frozen=True)
class Mark:
    """One text that was read on a vehicle, after the vote over its reads."""

    text: str
    confidence: float
    looks: int
    weight: float
    reads: tuple[RawRead, ...]
    odds: tuple[Mapping[str, float], ...] = ()
    """For each character of `text` the mean odds of what the reads take it for."""


def vote(
    reads: Sequence[RawRead], grammar: Grammar, least_looks: int
) -> tuple[PlateReading | None, str | None]:
    """The reading that `reads` agree on, or None and why. `least_looks` frames must have read it."""
    marks = [_voted(group) for group in _groups(reads)]
    if not marks:
        return None, "no plate found"
    fitting = [mark for mark in (_spelled(mark, grammar) for mark in marks) if mark is not None]
    if not fitting:
        return None, "no lettering fits the grammar of a plate"
    best, *others = sorted(fitting, key=lambda mark: -mark.weight)
    least = LEAST_CONFIDENCE if best.looks > 1 else LEAST_ALONE
    if best.confidence < least:
        return None, f"too uncertain: {best.confidence:.2f} at the weakest character"
    if any(o.weight >= RIVAL * best.weight and o.confidence >= LEAST_CONFIDENCE for o in others):
        return None, "two marks are read on one vehicle"
    if best.looks < least_looks:
        return None, f"only {best.looks} of the {least_looks} looks needed agree"
    return PlateReading(best.text, best.confidence, best.looks, best.reads), None


def _groups(reads: Sequence[RawRead]) -> list[list[RawRead]]:
    """Reads of the same mark together; the surest read of each group gathers the others."""
    groups: list[list[RawRead]] = []
    for read in sorted(reads, key=lambda read: -read.confidence):
        if not SHORTEST <= len(read.text) <= LONGEST:
            continue
        home = next((g for g in groups if confusable_distance(g[0].text, read.text) <= ALIKE), None)
        if home is None:
            groups.append([read])
        else:
            home.append(read)
    return groups


def _voted(reads: list[RawRead]) -> Mark:
    """The characters that most confidence stands behind, position by position."""
    pivot = _pivot(reads)
    glyphs: list[_Ballot] = [defaultdict(list) for _ in pivot]
    spellings: list[_Ballot] = [defaultdict(list) for _ in pivot]
    guesses: list[_Ballot] = [defaultdict(list) for _ in pivot]
    for read in reads:
        for position, index in enumerate(aligned(read.text, pivot)):
            if index is None:
                continue
            character, confidence = read.text[index], read.character_confidences[index]
            glyphs[position][as_glyphs(character)].append(confidence)
            spellings[position][character].append(confidence)
            doubt = read.doubts[index] if read.doubts else ()
            for guess, likely in ((character, confidence), *doubt):
                guesses[position][guess].append(likely)
    winners = [_winner(ballot) for ballot in glyphs]
    sure = [_certainty(ballot, winner) for ballot, winner in zip(glyphs, winners, strict=True)]
    text = "".join(
        _winner({c: votes for c, votes in ballot.items() if as_glyphs(c) == winner})
        for ballot, winner in zip(spellings, winners, strict=True)
    )
    by_frame: dict[int, float] = defaultdict(float)
    for read in reads:
        if confusable_distance(read.text, text) == 0:
            mean = _mean(read.character_confidences)
            by_frame[read.frame_number] = max(by_frame[read.frame_number], mean)
    odds = tuple({c: sum(each) / len(reads) for c, each in ballot.items()} for ballot in guesses)
    return Mark(text, min(sure), len(by_frame), sum(by_frame.values()), tuple(reads), odds)


def _pivot(reads: list[RawRead]) -> str:
    """The surest read of the length that most confidence stands behind."""
    lengths: dict[int, float] = defaultdict(float)
    for read in reads:
        lengths[len(read.text)] += _mean(read.character_confidences)
    length = max(lengths, key=lambda n: (lengths[n], n))
    return next(read.text for read in reads if len(read.text) == length)


def _winner(ballot: Mapping[str, list[float]]) -> str:
    return max(ballot, key=lambda character: sum(ballot[character]))


def _certainty(ballot: _Ballot, winner: str) -> float:
    """The winner's share of the confidence cast, times how sure its own voters were."""
    cast = sum(sum(votes) for votes in ballot.values())
    return sum(ballot[winner]) / cast * max(ballot[winner]) if cast else 0.0


def _spelled(mark: Mark, grammar: Grammar) -> Mark | None:
    """The mark as the grammar spells it, its weight by how telling its format is; None where it fits none."""
    if not mark.looks:
        return None
    if grammar == "none":
        plate_like = len(mark.text) >= 5 and any(c.isdigit() for c in mark.text)
        return mark if plate_like else None
    spelled = fit(mark.text)
    if spelled.format is None:
        return _settled(mark)
    if spelled.vrm is None or len(spelled.vrm) < LEAST_CHARACTERS.get(spelled.format, 0):
        return None
    weight = mark.weight * WEAK_FORMATS.get(spelled.format, 1.0)
    return Mark(spelled.vrm, mark.confidence, mark.looks, weight, mark.reads)


def _settled(mark: Mark) -> Mark | None:
    """The mark with its one doubtful character as the grammar wants it; None where that is not one way."""
    found: dict[str, float] = {}
    for position, odds in enumerate(mark.odds):
        read = odds.get(mark.text[position], 0.0)
        for guess, likely in odds.items():
            if read >= SURE or likely < LIKELY_ENOUGH or guess == mark.text[position]:
                continue
            spelled = fit(mark.text[:position] + guess + mark.text[position + 1 :])
            if spelled.vrm is not None and spelled.format in TELLING:
                found[spelled.vrm] = _word_of_grammar(likely, read)
    if len(found) != 1:
        return None
    ((vrm, confidence),) = found.items()
    return Mark(vrm, min(mark.confidence, confidence), mark.looks, mark.weight, mark.reads)


def _word_of_grammar(likely: float, read: float) -> float:
    """The probability of the guess against that of a plate that fits no format (Bayes)."""
    for_guess, for_read = likely * (1 - FITS_NO_FORMAT), read * FITS_NO_FORMAT
    return for_guess / (for_guess + for_read)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
