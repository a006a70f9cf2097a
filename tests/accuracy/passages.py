"""Compares passages with what is known of a clip: lorries by the second, and one text for one plate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.accuracy.plates import edits

BEFORE_S, AFTER_S = 2.0, 0.5
"""A passage answers a lorry that is near at most so long before the passage ends, or after it.

A lorry is near when it is about to leave the picture; the labels are to half a second. The whole passage
would be too wide a net: on a busy road any passage overlaps some lorry."""
SAME_PLATE_WITHIN = 2


@dataclass(frozen=True)
class Span:
    """From when to when one passage lasted, in seconds."""

    first_s: float
    last_s: float

    def answers(self, near_s: float) -> bool:
        """Whether the lorry that is near at that second may be the one that passed."""
        begins_s = max(self.first_s - AFTER_S, self.last_s - BEFORE_S)
        return begins_s <= near_s <= self.last_s + AFTER_S


@dataclass(frozen=True)
class Lorry:
    """A lorry that a person saw near at `near_s`; not `sure` where it may be no HGV."""

    near_s: float
    sure: bool
    what: str


@dataclass(frozen=True)
class LorryMatch:
    """For each lorry the index of its passage or None; and the passages that answer no lorry."""

    passage_of: tuple[int | None, ...]
    unmatched: tuple[int, ...]

    def count(self, lorries: Sequence[Lorry], *, sure: bool) -> int:
        """How many of the sure lorries, or of the others, have a passage."""
        told = zip(lorries, self.passage_of, strict=True)
        return sum(lorry.sure is sure and passage is not None for lorry, passage in told)


def matched(lorries: Sequence[Lorry], spans: Sequence[Span]) -> LorryMatch:
    """As many sure lorries as can be have a passage each, then as many unsure ones as are left over.

    A maximum matching by augmenting paths; nearer passages are tried first.
    """
    holder: dict[int, int] = {}

    def seated(lorry: int, tried: set[int]) -> bool:
        near_s = lorries[lorry].near_s
        near = [i for i, span in enumerate(spans) if span.answers(near_s)]
        for i in sorted(near, key=lambda i: abs(spans[i].last_s - near_s)):
            if i in tried:
                continue
            tried.add(i)
            if i not in holder or seated(holder[i], tried):
                holder[i] = lorry
                return True
        return False

    for lorry in sorted(range(len(lorries)), key=lambda i: not lorries[i].sure):
        seated(lorry, set())
    passage_of = {lorry: passage for passage, lorry in holder.items()}
    return LorryMatch(
        tuple(passage_of.get(i) for i in range(len(lorries))),
        tuple(i for i in range(len(spans)) if i not in holder),
    )


def plates_with_several_texts(texts: Sequence[str]) -> list[list[str]]:
    """Groups of different texts that resemble each other so much that they are reads of one plate."""
    groups: list[list[str]] = []
    for text in dict.fromkeys(texts):
        alike = [g for g in groups if any(edits(text, other) <= SAME_PLATE_WITHIN for other in g)]
        groups = [g for g in groups if g not in alike] + [[one for g in alike for one in g] + [text]]
    return [group for group in groups if len(group) > 1]
