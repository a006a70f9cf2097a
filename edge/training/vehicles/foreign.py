"""Plates of other countries: letters and digits in groups, with seals, a hyphen or nothing between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2

from edge.training.plates import GAP_MM, MARGIN_MM, SIZE_MM, PlacedGlyph
from edge.training.texts import PLAIN_LETTERS
from edge.training.vehicles.canvas import Grey, Rng

SHAPES = (
    ("AA", "000AA"),
    ("AA", "000", "AA"),
    ("AA", "AA", "0000"),
    ("AA", "00000"),
    ("0000", "AAA"),
    ("A", "AA0000"),
    ("000", "AA00"),
    ("0A0", "0000"),
    ("00", "AA", "00"),
    ("AAA", "0000"),
    ("A000000",),
)
"""A stands for a letter, 0 for a digit."""
_DIGITS = "0123456789"
_WIDEST_GAP_MM = 50
_SEAL_MM, _HYPHEN_MM, _FREE_MM = (6, 17), 5, 3
"""Radius of a seal or of a coat of arms, half a hyphen's height, and what is left free round them."""
_NOTHING, _HYPHEN = 0, -1


def foreign_groups(rng: Rng) -> tuple[str, ...]:
    """A registration in the groups it is shown in."""
    shape = SHAPES[int(rng.integers(len(SHAPES)))]
    return tuple(
        "".join(str(rng.choice(list(_DIGITS if c == "0" else PLAIN_LETTERS))) for c in group)
        for group in shape
    )


def spread(placed: Sequence[PlacedGlyph], groups: Sequence[str], band_mm: int, rng: Rng) -> list[PlacedGlyph]:
    """The characters of one line, placed as one group, with room between groups where the plate has it."""
    gaps = len(groups) - 1
    left, right = placed[0].x_mm, placed[-1].x_mm + placed[-1].width_mm
    room = min(left - band_mm - MARGIN_MM, SIZE_MM["one_line"][0] - MARGIN_MM - right)
    if gaps == 0 or room <= 0:
        return list(placed)
    gap = min(round(rng.uniform(0, _WIDEST_GAP_MM)), 2 * room // gaps)
    group_of = [number for number, group in enumerate(groups) for _ in group]
    return [
        replace(one, x_mm=one.x_mm + number * gap - gaps * gap // 2)
        for one, number in zip(placed, group_of, strict=True)
    ]


def mark_gaps(picture: Grey, placed: Sequence[PlacedGlyph], tall_mm: int, rng: Rng) -> None:
    """Draw a hyphen or seals, of one kind all over the plate, where characters stand further apart."""
    seals = int(rng.choice((_NOTHING, _HYPHEN, 1, 2)))
    ink, pale = int(picture.min()), int(rng.integers(60, 200))
    for one, other in pairwise(placed):
        left, right = one.x_mm + one.width_mm, other.x_mm
        if right - left <= GAP_MM or seals == _NOTHING:
            continue
        x, y = (left + right) // 2, one.y_mm + tall_mm // 2
        half_mm = (right - left) // 2 - _FREE_MM
        if seals == _HYPHEN:
            cv2.rectangle(picture, (x - half_mm, y - _HYPHEN_MM), (x + half_mm, y + _HYPHEN_MM), ink, -1)
            continue
        radius = min(int(rng.integers(*_SEAL_MM)), half_mm)
        for above in (0,) if seals == 1 else (-1, 1):
            at = (x, y + above * (radius + _FREE_MM))
            cv2.circle(picture, at, radius, pale, -1, cv2.LINE_AA)
            cv2.circle(picture, at, max(1, radius // 2), ink, 2, cv2.LINE_AA)
