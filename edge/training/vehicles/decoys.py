"""Boards and writing that a finder of plates must not take for one: phone numbers, LONG VEHICLE, chevrons."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from edge.training.glyphs import glyph_mask
from edge.training.vehicles.canvas import Grey, Rng, any_font, paint, text_mask

_LETTERS = "AAABCDEEEEFGHHIIIKLLLMNNNOOOPRRRSSSTTTUVWY"
_SIGNS = (
    "LONG VEHICLE",
    "HEAVY HAULAGE",
    "ABNORMAL LOAD",
    "WIDE LOAD",
    "CONVOI EXCEPTIONNEL",
    "KEEP CLEAR",
    "NO ENTRY",
    "CAUTION",
    "FRAGILE",
    "STOP",
    "TIR",
    "TAXI",
    "AMBULANCE",
    "MAX 56 MPH",
    "HOW'S MY DRIVING?",
    "BEWARE OF CYCLISTS",
    "DO NOT OVERTAKE",
    "DIESEL ONLY",
    "NO TOOLS LEFT",
    "AIR",
    "7.5T",
    "EURO 6",
)
_HEIGHT_PX = 72


def word(rng: Rng) -> str:
    """A made-up word in capitals, or in small letters."""
    text = "".join(rng.choice(list(_LETTERS), int(rng.integers(3, 11))))
    return text.capitalize() if rng.random() < 0.3 else text


def phrase(rng: Rng) -> str:
    """What stands on vehicles besides the plate: names, numbers, addresses, warnings."""
    kind = rng.random()
    if kind < 0.3:
        return word(rng)
    if kind < 0.45:
        return f"{word(rng)} {word(rng)}"
    if kind < 0.7:
        return phone_number(rng)
    if kind < 0.8:
        return f"www.{word(rng).lower()}.co.uk"
    return str(rng.choice(_SIGNS)) if kind < 0.9 else str(rng.integers(1, 10_000))


def phone_number(rng: Rng) -> str:
    """Eleven digits in groups, or a freephone number."""
    digits = "0" + "".join(str(d) for d in rng.integers(0, 10, 10))
    cut = int(rng.integers(3, 6))
    if rng.random() < 0.4:
        return f"{digits[:cut]} {digits[cut : cut + 3]} {digits[cut + 3 :]}"
    return f"{digits[:cut]} {digits[cut:]}"


def decoy(rng: Rng) -> Grey:
    """A board or plain part of a vehicle in a plate's place; grey, height x width."""
    return _KINDS[int(rng.integers(len(_KINDS)))](rng)


def _ground(rng: Rng, aspect: float, light: bool) -> Grey:
    level = rng.uniform(150, 255) if light else rng.uniform(5, 120)
    return np.full((_HEIGHT_PX, max(16, round(_HEIGHT_PX * aspect))), int(level), np.uint8)


def _contrary(board: Grey, rng: Rng) -> float:
    level = float(board[0, 0])
    return level - rng.uniform(60, 220) if level > 127 else level + rng.uniform(60, 220)


def _inside(board: Grey, rows: int, row: int, rng: Rng) -> Grey:
    height, width = board.shape
    inset = max(2, round(height * rng.uniform(0.06, 0.2)))
    tall = (height - 2 * inset) // rows
    top = inset + row * tall
    return board[top : top + max(2, round(tall * 0.85)), inset : width - inset]


def _written(rng: Rng) -> Grey:
    """A board with a border and one to three lines, none of them a registration."""
    rows = int(rng.choice((1, 1, 1, 2, 2, 3)))
    texts = [phrase(rng) for _ in range(rows)]
    aspect = max(len(text) for text in texts) * rng.uniform(0.45, 0.8) / rows
    board = _ground(rng, aspect, light=rng.random() < 0.7)
    ink, font = _contrary(board, rng), any_font(rng)
    for row, text in enumerate(texts):
        paint(_inside(board, rows, row, rng), text_mask(text, font), ink)
    if rng.random() < 0.5:
        corner = (board.shape[1] - 1, board.shape[0] - 1)
        cv2.rectangle(board, (0, 0), corner, int(np.clip(ink, 0, 255)), int(rng.integers(2, 12)))
    return board


def _long_vehicle(rng: Rng) -> Grey:
    """The rear marking of long vehicles: dark words on yellow in a broad red frame, or one half of it."""
    text = str(rng.choice(("LONG VEHICLE", "LONG", "VEHICLE")))
    board = _ground(rng, rng.uniform(0.45, 0.7) * len(text), light=True)
    height, width = board.shape
    cv2.rectangle(board, (0, 0), (width - 1, height - 1), int(rng.uniform(40, 120)), height // 4)
    inset = round(height * 0.24)
    paint(board[inset : height - inset, inset * 2 : width - inset * 2], text_mask(text, any_font(rng)), 15)
    return board


def _chevrons(rng: Rng) -> Grey:
    """Slanting stripes of hazard boards, both ways or one."""
    board = _ground(rng, rng.uniform(1, 12), light=False)
    height, width = board.shape
    period, slope = rng.uniform(0.3, 1.5) * height, rng.choice((-1, 1)) * rng.uniform(0.5, 1.5)
    xs, ys = np.arange(width)[None], np.arange(height)[:, None]
    xs = np.abs(xs - width / 2) if rng.random() < 0.4 else xs
    striped = np.where((xs + slope * ys) % period < period / 2, rng.uniform(120, 250), rng.uniform(10, 110))
    return np.asarray(striped, np.uint8)


def _word_in_plate_letters(rng: Rng) -> Grey:
    """Letters like a plate's, light on dark or set straight on the bodywork: not a plate."""
    board = _ground(rng, rng.uniform(2, 7), light=False)
    gap = np.zeros((glyph_mask("A").shape[0], int(rng.integers(40, 160))), np.uint8)
    letters = rng.choice(list(_LETTERS), int(rng.integers(3, 9)))
    ink = np.hstack([part for letter in letters for part in (glyph_mask(str(letter)), gap)])
    paint(_inside(board, 1, 0, rng), ink, rng.uniform(170, 255))
    return board


def _blank(rng: Rng) -> Grey:
    """A bare board, a reflector, a lamp: pale, perhaps with a rim, no writing."""
    board = _ground(rng, float(np.exp(rng.uniform(-0.5, 2.3))), light=rng.random() < 0.7)
    height, width = board.shape
    if rng.random() < 0.6:
        rim = int(np.clip(_contrary(board, rng), 0, 255))
        cv2.rectangle(board, (0, 0), (width - 1, height - 1), rim, int(rng.integers(1, 10)))
    if rng.random() < 0.5:
        shade = np.linspace(rng.uniform(0.5, 1), rng.uniform(0.5, 1), width)[None]
        board = np.asarray(board * shade, np.uint8)
    return board


def _grille(rng: Rng) -> Grey:
    """Upright or level slats: as regular as characters, but no plate."""
    board = _ground(rng, rng.uniform(1, 6), light=rng.random() < 0.3)
    height, width = board.shape
    along = np.arange(width)[None] if rng.random() < 0.6 else np.arange(height)[:, None]
    period = rng.uniform(0.08, 0.5) * height
    slats = (along % period < period * rng.uniform(0.2, 0.8)).astype(np.float32)
    board = np.asarray(np.clip(board + slats * rng.uniform(-120, 150), 0, 255), np.uint8)
    return np.ascontiguousarray(np.broadcast_to(board, (height, width)))


def _wheel(rng: Rng) -> Grey:
    """A tyre with a rim of spokes, or of holes and nuts."""
    side, level = _HEIGHT_PX, rng.uniform(60, 230)
    board = np.full((side, side), int(rng.uniform(10, 200)), np.uint8)
    middle, radius = (side // 2, side // 2), side // 2
    cv2.circle(board, middle, radius, int(rng.uniform(5, 50)), -1, cv2.LINE_AA)
    rim = round(radius * rng.uniform(0.5, 0.85))
    cv2.circle(board, middle, rim, int(level * rng.uniform(0.2, 1.0)), -1, cv2.LINE_AA)
    holes = rng.random() < 0.4
    for turn in np.arange(0, 2 * np.pi, 2 * np.pi / int(rng.integers(5, 13))) + rng.uniform(0, 1):
        far = rim * (0.65 if holes else 0.97)
        end = (int(middle[0] + far * np.cos(turn)), int(middle[1] + far * np.sin(turn)))
        if holes:
            cv2.circle(board, end, max(1, rim // 6), int(level * 0.3), -1, cv2.LINE_AA)
        else:
            cv2.line(board, middle, end, int(level), int(rng.integers(2, 8)), cv2.LINE_AA)
    cv2.circle(board, middle, max(1, rim // 5), int(level), -1, cv2.LINE_AA)
    return board


def _badge(rng: Rng) -> Grey:
    """A maker's badge: rings, an oval, a star in a ring, bright on dark or dark on bright."""
    rings = int(rng.choice((1, 1, 1, 4)))
    board = _ground(rng, 1.0 if rings == 1 else 2.4, light=rng.random() < 0.4)
    height, width = board.shape
    level, line = int(np.clip(_contrary(board, rng), 0, 255)), int(rng.integers(2, 9))
    size = (round(height * rng.uniform(0.3, 0.47)), round(height * rng.uniform(0.25, 0.47)))
    for ring in range(rings):
        middle = (round(width * (ring + 1) / (rings + 1)), height // 2)
        cv2.ellipse(board, middle, size, 0, 0, 360, level, line, cv2.LINE_AA)
        for turn in rng.uniform(0, 2 * np.pi, int(rng.integers(0, 5)) if rings == 1 else 0):
            end = (int(middle[0] + size[0] * np.cos(turn)), int(middle[1] + size[1] * np.sin(turn)))
            cv2.line(board, middle, end, level, line, cv2.LINE_AA)
    if rings == 1 and rng.random() < 0.4:
        inner = board[height // 3 : 2 * height // 3, width // 5 : 4 * width // 5]
        paint(inner, text_mask(word(rng)[:6], any_font(rng)), level)
    return board


def _lamp(rng: Rng) -> Grey:
    """A lamp's glass: a shaded box with reflectors, ribs and bulbs."""
    board = _ground(rng, rng.uniform(0.7, 4.5), light=rng.random() < 0.6)
    height, width = board.shape
    if rng.random() < 0.5:
        ribs = np.sin(np.arange(width) / rng.uniform(0.5, 4) + rng.uniform(0, 6))[None] * rng.uniform(5, 60)
        board = np.asarray(np.clip(board + ribs, 0, 255), np.uint8)
    for _ in range(int(rng.integers(1, 6))):
        at = (int(rng.integers(width)), int(rng.integers(height)))
        level = int(rng.choice((rng.uniform(0, 255), 255)))
        cv2.circle(
            board, at, int(rng.integers(4, height // 2)), level, int(rng.choice((-1, 3, 8))), cv2.LINE_AA
        )
    if rng.random() < 0.6:
        cv2.rectangle(
            board, (0, 0), (width - 1, height - 1), int(rng.uniform(0, 90)), int(rng.integers(2, 10))
        )
    return board


_KINDS: tuple[Callable[[Rng], Grey], ...] = (
    _written,
    _written,
    _written,
    _long_vehicle,
    _chevrons,
    _word_in_plate_letters,
    _blank,
    _grille,
    _wheel,
    _badge,
    _lamp,
    _lamp,
)
