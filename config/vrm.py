"""The grammar of registrations (VRMs): formats, position-aware O/0 and I/1, confusable distance.

O and 0 share a glyph on a plate, and so do I and 1 (BS AU 145e): only the position in a format tells them
apart. 8/B, 5/S, 2/Z, D/0 and G/6/C have different glyphs; they are confusions of a reader, so `fit` never
changes one into the other. Source: domain.md section 5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import product


class Format(StrEnum):
    """Formats of registration marks that can be seen on a UK road."""

    CURRENT = "current"
    PREFIX = "prefix"
    SUFFIX = "suffix"
    NORTHERN_IRISH = "northern_irish"
    DATELESS = "dateless"
    DIPLOMATIC = "diplomatic"
    TRADE = "trade"
    TRAILER = "trailer"


_PLAIN = "A-HJ-PR-Z"  # no I, no Q
_YEAR = "A-HJ-NPR-TV-Y"  # year letters: no I, O, Q, U, Z
_AGE = r"(?:0[2-9]|[1-4]\d|5[1-9]|[6-9]\d)"  # 51 from September 2001, 02 from March 2002

# In order of precedence: an earlier format wins where a text could be two.
_PATTERNS: tuple[tuple[Format, re.Pattern[str]], ...] = (
    (Format.CURRENT, re.compile(rf"[{_PLAIN}]{{2}}{_AGE}[{_PLAIN}]{{3}}")),
    (Format.PREFIX, re.compile(rf"[{_YEAR}Q][1-9]\d{{0,2}}[{_PLAIN}]{{3}}")),
    (Format.SUFFIX, re.compile(rf"[{_PLAIN}]{{3}}[1-9]\d{{0,2}}[{_YEAR}]")),
    (Format.NORTHERN_IRISH, re.compile(r"(?:[A-HJ-PR-Z]?I[A-HJ-PR-Z]|[A-HJ-PR-Z]{1,2}Z)[1-9]\d{0,3}")),
    (Format.DIPLOMATIC, re.compile(r"\d{3}[DX]\d{3}")),
    # At most six characters in all: three letters never stood with four digits.
    (
        Format.DATELESS,
        re.compile(rf"(?=.{{2,6}}$)(?:[{_PLAIN}]{{1,3}}[1-9]\d{{0,3}}|[1-9]\d{{0,3}}[{_PLAIN}]{{1,3}})"),
    ),
    (Format.TRADE, re.compile(r"\d{5}")),
    (Format.TRAILER, re.compile(r"[A-Z]\d{7}")),
)

_SAME_GLYPH = {"O": "O0", "0": "0O", "I": "I1", "1": "1I"}
_CONFUSIONS = frozenset(
    map(
        frozenset,
        ("8B", "5S", "2Z", "D0", "DO", "G6", "GC", "6C", "VY", "MN", "HM", "17", "I7", "Q0", "QO"),
    )
)


@dataclass(frozen=True)
class Fit:
    """What the grammar makes of a read text: `vrm` where exactly one spelling fits, else the reason."""

    vrm: str | None
    format: Format | None
    reason: str | None


def normalise(text: str) -> str:
    """`text` in capitals without anything that is not a letter A-Z or a digit."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def format_of(vrm: str) -> Format | None:
    """The format of a normalised mark, the first in precedence, or None where it fits no format."""
    return next((name for name, pattern in _PATTERNS if pattern.fullmatch(vrm)), None)


def fit(read: str) -> Fit:
    """Choose between O and 0, I and 1 by position; change nothing else.

    Gives a VRM only where the best format admits exactly one spelling. A trailer's own mark is no VRM
    (it is never looked up), so it fits nothing and the reason says so.
    """
    text = normalise(read)
    if not 2 <= len(text) <= 8:
        return Fit(None, None, f"{len(text)} characters: no UK mark has that length")
    spellings = ["".join(c) for c in product(*(_SAME_GLYPH.get(c, c) for c in text))]
    for name, pattern in _PATTERNS:
        fitting = [s for s in spellings if pattern.fullmatch(s)]
        if len(fitting) == 1:
            if name is Format.TRAILER:
                return Fit(None, name, "a trailer's own mark, not the vehicle's")
            return Fit(fitting[0], name, None)
        if fitting:
            return Fit(None, name, "more than one spelling fits: " + ", ".join(sorted(fitting)))
    return Fit(None, None, "fits no UK format")


def spaced(vrm: str) -> str:
    """`vrm` as it is written for a person: the groups of its format apart."""
    match format_of(vrm):
        case Format.CURRENT:
            return f"{vrm[:4]} {vrm[4:]}"
        case Format.PREFIX:
            return f"{vrm[:-3]} {vrm[-3:]}"
        case Format.SUFFIX:
            return f"{vrm[:3]} {vrm[3:]}"
        case Format.NORTHERN_IRISH | Format.DATELESS:
            return re.sub(r"(?<=[A-Z])(?=\d)|(?<=\d)(?=[A-Z])", " ", vrm)
        case _:
            return vrm


def confusable_distance(a: str, b: str) -> float:
    """How far apart two normalised reads are: an edit distance in which look-alikes are near.

    Same glyph (O/0, I/1) costs 0, a known confusion 0.5, any other change, insertion or deletion 1.
    """
    row = [float(j) for j in range(len(b) + 1)]
    for i, left in enumerate(a, start=1):
        above, row = row, [float(i)]
        for j, right in enumerate(b, start=1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + _swap_cost(left, right)))
    return row[-1]


def _swap_cost(left: str, right: str) -> float:
    if left == right or right in _SAME_GLYPH.get(left, ""):
        return 0.0
    return 0.5 if frozenset((left, right)) in _CONFUSIONS else 1.0
