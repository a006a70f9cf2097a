"""Outlines of the characters on British number plates, in millimetres.

Shapes are our own, drawn from the measures of BS AU 145e and Schedule 3 of the Road Vehicles (Display of
Registration Marks) Regulations 2001: a cell of 79 x 50 mm, stroke 14 mm, 1 and I as one bare stroke. The
origin is the top left corner of the cell, x to the right, y down.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT_MM = 79
WIDTH_MM = 50
STROKE_MM = 14

Points = tuple[tuple[float, ...], ...]

_MASK_PX_PER_MM = 8
_ARC_STEPS = 14
_SUBPIXEL_BITS = 4
_HALF = STROKE_MM / 2
_LEFT, _RIGHT, _TOP, _BOTTOM, _MIDDLE = _HALF, WIDTH_MM - _HALF, _HALF, HEIGHT_MM - _HALF, HEIGHT_MM / 2
_BOWL = 13.5


class UndrawableCharacterError(ValueError):
    """A character that is not on British plates (only 0-9 and A-Z are)."""


@dataclass(frozen=True)
class Stroke:
    """A pen line of even width along a centreline; a third number in a point is its corner radius, in mm."""

    centreline: Points
    closed: bool = False


@dataclass(frozen=True)
class Polygon:
    """A filled shape, corners in mm."""

    corners: Points


Shape = Stroke | Polygon


def _bar(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    return Polygon(((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


def _half_turn(shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    def turned(points: Points) -> Points:
        return tuple((WIDTH_MM - p[0], HEIGHT_MM - p[1], *p[2:]) for p in points)

    return tuple(
        Stroke(turned(s.centreline), s.closed) if isinstance(s, Stroke) else Polygon(turned(s.corners))
        for s in shapes
    )


_STEM = _bar(0, 0, 14, 79)
_RIGHT_STEM = _bar(36, 0, 50, 79)
_TOP_BAR = _bar(0, 0, 50, 14)
_BASE_BAR = _bar(0, 65, 50, 79)
_BAR_OF_ONE = (_STEM,)

_RING = (
    Stroke(
        ((_LEFT, _TOP, 15), (_RIGHT, _TOP, 15), (_RIGHT, _BOTTOM, 15), (_LEFT, _BOTTOM, 15)),
        closed=True,
    ),
)
_SIX = (
    Stroke(((_LEFT, 34, 12), (_RIGHT, 34, _BOWL), (_RIGHT, _BOTTOM, 15), (_LEFT, _BOTTOM, 15)), closed=True),
    Stroke(((_LEFT, 58), (_LEFT, _TOP, 15), (_RIGHT, _TOP, 15), (_RIGHT, 24))),
)
_MIDDLE_VALLEY = Polygon(
    ((0, 0), (12.5, 0), (25, 31), (37.5, 0), (50, 0), (50, 20), (37, 31), (30, 51), (20, 51), (13, 31))
)
_LOWER_BOWL_OF_EIGHT = ((_LEFT, 38, 12), (_RIGHT, 38, 12), (_RIGHT, _BOTTOM, _BOWL), (_LEFT, _BOTTOM, _BOWL))
_Y = ((0, 0), (15.6, 0), (25, 26), (34.4, 0), (50, 0), (32, 47), (32, 79), (18, 79), (18, 47))
_Z = ((0, 0), (50, 0), (50, 12), (18, 65), (50, 65), (50, 79), (0, 79), (0, 67), (32, 14), (0, 14))
_W_LEFT = ((0, 0), (13.5, 0), (16.8, 50), (21.5, 26), (28.5, 26), (28.5, 38), (20, 79), (6.5, 79))
_W_RIGHT = tuple((WIDTH_MM - x, y) for x, y in _W_LEFT)

OUTLINES: dict[str, tuple[Shape, ...]] = {
    "0": _RING,
    "1": _BAR_OF_ONE,
    "2": (
        Stroke(((_LEFT, 25), (_LEFT, _TOP, 15), (_RIGHT, _TOP, 15), (_RIGHT, 30, 15), (0, 77))),
        _BASE_BAR,
    ),
    "3": (
        Stroke(((_LEFT, 23), (_LEFT, _TOP, _BOWL), (_RIGHT, _TOP, _BOWL), (_RIGHT, 38, 11), (20, 38))),
        Stroke(((20, 38), (_RIGHT, 38, 11), (_RIGHT, _BOTTOM, _BOWL), (_LEFT, _BOTTOM, _BOWL), (_LEFT, 56))),
    ),
    "4": (
        Polygon(((24, 0), (40, 0), (15, 50), (50, 50), (50, 63), (0, 63), (0, 50))),
        _bar(27, 0, 40, 79),
    ),
    "5": (
        Stroke(
            (
                (47, _TOP),
                (9, _TOP),
                (9, 35),
                (_RIGHT, 35, _BOWL),
                (_RIGHT, _BOTTOM, 15),
                (_LEFT, _BOTTOM, 15),
                (_LEFT, 56),
            )
        ),
    ),
    "6": _SIX,
    "7": (Polygon(((0, 0), (50, 0), (50, 13), (27, 79), (11.5, 79), (34, 14), (0, 14))),),
    "8": (
        Stroke(((8, _TOP, 12), (42, _TOP, 12), (42, 38, 12), (8, 38, 12)), closed=True),
        Stroke(_LOWER_BOWL_OF_EIGHT, closed=True),
    ),
    "9": _half_turn(_SIX),
    "A": (
        Polygon(((0, 79), (14.6, 79), (32.4, 0), (17.6, 0))),
        Polygon(((50, 79), (35.4, 79), (17.6, 0), (32.4, 0))),
        _bar(8, 49, 42, 62),
    ),
    "B": (
        _STEM,
        Stroke(((_LEFT, _TOP), (42, _TOP, 12), (42, 38, 12), (_LEFT, 38))),
        Stroke(((_LEFT, 38), (_RIGHT, 38, 12), (_RIGHT, _BOTTOM, _BOWL), (_LEFT, _BOTTOM))),
    ),
    "C": (
        Stroke(
            (
                (_RIGHT, 26),
                (_RIGHT, _TOP, 15),
                (_LEFT, _TOP, 15),
                (_LEFT, _BOTTOM, 15),
                (_RIGHT, _BOTTOM, 15),
                (_RIGHT, 53),
            )
        ),
    ),
    "D": (_STEM, Stroke(((_LEFT, _TOP), (_RIGHT, _TOP, 15), (_RIGHT, _BOTTOM, 15), (_LEFT, _BOTTOM)))),
    "E": (_STEM, _TOP_BAR, _BASE_BAR, _bar(0, 32, 45, 46)),
    "F": (_STEM, _TOP_BAR, _bar(0, 32, 45, 46)),
    "G": (
        Stroke(
            (
                (_RIGHT, 25),
                (_RIGHT, _TOP, 15),
                (_LEFT, _TOP, 15),
                (_LEFT, _BOTTOM, 15),
                (_RIGHT, _BOTTOM, 15),
                (_RIGHT, 40),
            )
        ),
        _bar(27, 38, 50, 51),
    ),
    "H": (_STEM, _RIGHT_STEM, _bar(0, 32, 50, 46)),
    "I": _BAR_OF_ONE,
    "J": (Stroke(((_RIGHT, 0), (_RIGHT, _BOTTOM, 15), (_LEFT, _BOTTOM, 15), (_LEFT, 50))),),
    "K": (
        _STEM,
        Polygon(((33, 0), (50, 0), (14, 56), (14, 30))),
        Polygon(((28.5, 34), (50, 79), (34, 79), (18, 46))),
    ),
    "L": (_STEM, _BASE_BAR),
    "M": (_bar(0, 0, 13, 79), _bar(37, 0, 50, 79), _MIDDLE_VALLEY),
    "N": (_STEM, _RIGHT_STEM, Polygon(((0, 0), (15, 0), (50, 79), (35, 79)))),
    "O": _RING,
    "P": (_STEM, Stroke(((_LEFT, _TOP), (_RIGHT, _TOP, _BOWL), (_RIGHT, 41, _BOWL), (_LEFT, 41)))),
    "Q": (*_RING, Polygon(((22, 57), (32, 48), (50, 68), (50, 79), (43, 79)))),
    "R": (
        _STEM,
        Stroke(((_LEFT, _TOP), (_RIGHT, _TOP, _BOWL), (_RIGHT, 41, _BOWL), (_LEFT, 41))),
        Polygon(((19, 44), (34, 44), (50, 79), (34.5, 79))),
    ),
    "S": (
        Stroke(
            (
                (_RIGHT, 24),
                (_RIGHT, _TOP, 15),
                (_LEFT, _TOP, 15),
                (_LEFT, _MIDDLE, 15),
                (_RIGHT, _MIDDLE, 15),
                (_RIGHT, _BOTTOM, 15),
                (_LEFT, _BOTTOM, 15),
                (_LEFT, 55),
            )
        ),
    ),
    "T": (_TOP_BAR, _bar(18, 0, 32, 79)),
    "U": (Stroke(((_LEFT, 0), (_LEFT, _BOTTOM, 15), (_RIGHT, _BOTTOM, 15), (_RIGHT, 0))),),
    "V": (Polygon(((0, 0), (14.8, 0), (25, 52), (35.2, 0), (50, 0), (32.5, 79), (17.5, 79))),),
    "W": (Polygon(_W_LEFT), Polygon(_W_RIGHT)),
    "X": (
        Polygon(((0, 0), (16, 0), (50, 79), (34, 79))),
        Polygon(((50, 0), (34, 0), (0, 79), (16, 79))),
    ),
    "Y": (Polygon(_Y),),
    "Z": (Polygon(_Z),),
}


def glyph_width_mm(character: str) -> int:
    """Width of a character's cell in mm: one stroke for 1 and I, 50 for all others.

    Raises UndrawableCharacterError for anything but 0-9 and A-Z.
    """
    if character not in OUTLINES:
        raise UndrawableCharacterError(f"{character!r} is not on British plates; use 0-9 and A-Z")
    return STROKE_MM if OUTLINES[character] is _BAR_OF_ONE else WIDTH_MM


@lru_cache(maxsize=128)
def glyph_mask(character: str) -> NDArray[np.uint8]:
    """The character as 0 (plate) and 255 (ink), 8 px a millimetre, as wide as its cell."""
    shape = (HEIGHT_MM * _MASK_PX_PER_MM, glyph_width_mm(character) * _MASK_PX_PER_MM)
    mask = np.zeros(shape, np.uint8)
    scale = _MASK_PX_PER_MM << _SUBPIXEL_BITS
    for outline in OUTLINES[character]:
        for piece in _pieces(outline):
            corners = np.round(piece * scale).astype(np.int32)
            cv2.fillPoly(mask, [corners], 255, lineType=cv2.LINE_8, shift=_SUBPIXEL_BITS)
    return mask


def _pieces(outline: Shape) -> list[NDArray[np.float64]]:
    if isinstance(outline, Polygon):
        return [np.array(outline.corners, np.float64)]
    line = _rounded(outline)
    offset = _offsets(line, outline.closed)
    left, right = line + offset, line - offset
    quads = np.stack([left, np.roll(left, -1, axis=0), np.roll(right, -1, axis=0), right], axis=1)
    return list(quads if outline.closed else quads[:-1])


def _rounded(stroke: Stroke) -> NDArray[np.float64]:
    """The centreline with its corners replaced by arcs of their radius."""
    points = stroke.centreline
    line: list[NDArray[np.float64]] = []
    for i, point in enumerate(points):
        here = np.array(point[:2])
        if len(point) < 3:
            line.append(here)
            continue
        before = np.array(points[i - 1][:2])
        after = np.array(points[(i + 1) % len(points)][:2])
        line.extend(_arc(before, here, after, point[2]))
    return np.array(line)


def _arc(
    before: NDArray[np.float64], corner: NDArray[np.float64], after: NDArray[np.float64], radius: float
) -> list[NDArray[np.float64]]:
    back = (before - corner) / np.linalg.norm(before - corner)
    ahead = (after - corner) / np.linalg.norm(after - corner)
    half_angle = np.arccos(np.clip(back @ ahead, -1, 1)) / 2
    bisector = (back + ahead) / np.linalg.norm(back + ahead)
    centre = corner + bisector * radius / np.sin(half_angle)
    start = corner + back * radius / np.tan(half_angle) - centre
    end = corner + ahead * radius / np.tan(half_angle) - centre
    sweep = np.pi - 2 * half_angle
    fractions = np.linspace(0, 1, _ARC_STEPS)
    weights = [(np.sin((1 - f) * sweep), np.sin(f * sweep)) for f in fractions]
    return [centre + (a * start + b * end) / np.sin(sweep) for a, b in weights]


def _offsets(line: NDArray[np.float64], closed: bool) -> NDArray[np.float64]:
    """Half a stroke sideways at each point, mitred where the line turns."""
    ahead = np.roll(line, -1, axis=0) - line
    if not closed:
        ahead[-1] = ahead[-2]
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    back = np.roll(ahead, 1, axis=0)
    if not closed:
        back[0] = ahead[0]
    normal_ahead, normal_back = (np.stack([-d[:, 1], d[:, 0]], axis=1) for d in (ahead, back))
    mitre = (normal_ahead + normal_back) / (1 + np.sum(normal_ahead * normal_back, axis=1, keepdims=True))
    return np.asarray(mitre * _HALF)
