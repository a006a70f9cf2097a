"""Compares the plates that a picture holds with those that were read, each text once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

MISREAD_WITHIN = 3
"""Up to so many edits a wrong text is a misread plate; beyond, it is lettering taken for one."""
TWINS = str.maketrans("OI", "01")

Owner = Literal["hgv", "light"]
Kind = Literal["misread", "false", "repeated", "unlabelled"]
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Label:
    """A plate as a person read it, what carries it, and in how many lines it is written."""

    text: str
    owner: Owner = "light"
    lines: int = 1


@dataclass(frozen=True)
class Scored:
    """A labelled plate and the text that the system gave for it, or None."""

    label: Label
    given: str | None

    @property
    def exact(self) -> bool:
        """Whether the text is the label's."""
        return self.given == self.label.text

    @property
    def right_characters(self) -> int:
        """The label's characters less the edits that the text needs, never below 0."""
        return 0 if self.given is None else max(0, len(self.label.text) - edits(self.label.text, self.given))


@dataclass(frozen=True)
class Comparison:
    """How one picture came out: its labelled plates in order, and the texts that are none of them."""

    plates: tuple[Scored, ...]
    others: tuple[tuple[str, Kind], ...]


def forgiven(text: str) -> str:
    """The text with O as 0 and I as 1, for plates whose glyphs are the same."""
    return text.translate(TWINS)


def edits(one: str, other: str) -> int:
    """The least number of characters to put in, leave out or change to make one text the other."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]


def compared(labels: Sequence[Label], texts: Iterable[str]) -> Comparison:
    """Which label each text answers: the nearest pairs first, none further apart than MISREAD_WITHIN.

    What is left is "repeated" where it equals a label that has its answer (right, but said of two
    vehicles), else "false"; an answer that is not exact is "misread".
    """
    left = list(texts)
    answers: dict[int, str] = {}
    pairs = sorted(
        (edits(label.text, text), i, j) for i, label in enumerate(labels) for j, text in enumerate(left)
    )
    used: set[int] = set()
    marks = {label.text for label in labels}
    others: list[tuple[str, Kind]] = []
    for distance, i, j in pairs:
        if i in answers or j in used or distance > MISREAD_WITHIN or (distance and left[j] in marks):
            continue
        answers[i] = left[j]
        used.add(j)
        if distance:
            others.append((left[j], "misread"))
    for j, text in enumerate(left):
        if j not in used:
            others.append((text, "repeated" if text in marks else "false"))
    return Comparison(tuple(Scored(label, answers.get(i)) for i, label in enumerate(labels)), tuple(others))


def allowing(
    others: Iterable[tuple[str, Kind]],
    boxes_px: Iterable[tuple[str, Box]],
    places_px: Sequence[tuple[int, int]],
) -> list[tuple[str, Kind]]:
    """The texts that are no label's; a false one is "unlabelled" where its vehicle has a plate without label.

    `boxes_px` are the vehicles by their texts, `places_px` (x, y) where plates without label are.
    """
    excused = {text for text, box in boxes_px if any(_holds(box, place) for place in places_px)}
    return [(text, "unlabelled" if kind == "false" and text in excused else kind) for text, kind in others]


def _holds(box_px: Box, place_px: tuple[int, int]) -> bool:
    return box_px[0] <= place_px[0] < box_px[2] and box_px[1] <= place_px[1] < box_px[3]


@dataclass(frozen=True)
class Count:
    """Raw counts of some plates: how many there are and are read, and their characters."""

    plates: int
    exact: int
    characters: int
    right_characters: int


def counted(plates: Iterable[Scored]) -> Count:
    """The counts of these plates."""
    them = tuple(plates)
    return Count(
        plates=len(them),
        exact=sum(one.exact for one in them),
        characters=sum(len(one.label.text) for one in them),
        right_characters=sum(one.right_characters for one in them),
    )


def once_each(plates: Iterable[Scored]) -> list[Scored]:
    """One of each different plate, its best."""
    best: dict[str, Scored] = {}
    for one in plates:
        held = best.get(one.label.text)
        if held is None or one.right_characters > held.right_characters:
            best[one.label.text] = one
    return list(best.values())
