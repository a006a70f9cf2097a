"""Crops that hold no registration: livery, telephone numbers, signs, chevrons, bare bodywork."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.glyphs import glyph_mask
from edge.training.phrases import LETTERS, phrase, words
from edge.training.scene import surroundings

Rng = np.random.Generator
Grey = NDArray[np.uint8]

_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
)
_SANS_WEIGHTS = (400, 600, 800)


def no_plate(height: int, width: int, rng: Rng) -> Grey:
    """A crop of the size of a plate's without a plate in it; uint8, height x width."""
    return _KINDS[int(rng.integers(len(_KINDS)))](height, width, rng)


def _lettering(height: int, width: int, rng: Rng) -> Grey:
    """Words and numbers as on cab and trailer sides, on bodywork."""
    picture = surroundings(height, width, rng)
    _write(picture, phrase(rng), 255 if picture.mean() < 128 else 0, rng)
    return picture


def _board(height: int, width: int, rng: Rng) -> Grey:
    """A sign or marker board of a plate's shape: dark words on a pale board with a border, or the reverse."""
    pale, dark = int(rng.integers(150, 256)), int(rng.integers(0, 90))
    if rng.random() < 0.25:
        pale, dark = dark, pale
    picture = surroundings(height, width, rng)
    inset = int(rng.integers(0, max(2, height // 8)))
    corner = (width - 1 - inset, height - 1 - inset)
    cv2.rectangle(picture, (inset, inset), corner, pale, -1)
    if rng.random() < 0.6:
        cv2.rectangle(picture, (inset + 2, inset + 2), (corner[0] - 2, corner[1] - 2), dark, 2)
    _write(picture, words(rng), dark, rng)
    return picture


def _hazard_board(height: int, width: int, rng: Rng) -> Grey:
    """The orange board of dangerous goods: two or three digits over four, with a bar between them."""
    picture = np.full((height, width), int(rng.integers(110, 210)), np.uint8)
    dark, frame = int(rng.integers(0, 70)), max(2, height // 16)
    cv2.rectangle(picture, (0, 0), (width - 1, height - 1), dark, frame)
    cv2.line(picture, (0, height // 2), (width - 1, height // 2), dark, frame)
    row = height // 2 - 3 * frame
    for digits, top in ((int(rng.integers(2, 4)), 2 * frame), (4, height // 2 + frame)):
        cell, left = width * 0.8 / 4, width / 2 - digits * width * 0.1
        for place in range(digits):
            ink = glyph_mask("0123456789"[int(rng.integers(10))])
            wide = max(2, int(0.8 * cell * ink.shape[1] / 400))
            x = int(left + place * cell)
            glyph = cv2.resize(ink, (wide, max(2, row)), interpolation=cv2.INTER_AREA)
            picture[top : top + glyph.shape[0], x : x + wide][glyph > 127] = dark
    return picture


def _write(picture: Grey, text: str, level: int, rng: Rng) -> None:
    height, width = picture.shape
    if rng.random() < 0.5:
        face, weight = cv2.FontFace("sans"), int(rng.choice(_SANS_WEIGHTS))
        _, _, wide, tall = cv2.getTextSize((0, 0), text, (0, 0), face, 40, weight)
        size = 40 * min(width * rng.uniform(0.7, 1.1) / wide, height * 0.9 / tall)
        at = (int((width - wide * size / 40) / 2), int((height + tall * size / 40) / 2))
        cv2.putText(picture, text, at, (level,), face, max(6, int(size)), weight)
        return
    font, thickness = int(rng.choice(_FONTS)), int(rng.integers(1, 5))
    (wide, tall), _ = cv2.getTextSize(text, font, 1.0, thickness)
    scale = min(width * rng.uniform(0.7, 1.15) / wide, height * 0.9 / tall)
    at = (int((width - scale * wide) / 2), int((height + scale * tall) / 2))
    cv2.putText(picture, text, at, font, scale, level, max(1, round(thickness * scale)), cv2.LINE_AA)


def _bold_word(height: int, width: int, rng: Rng) -> Grey:
    """A word without digits in letters like a plate's, for shape alone must not make a registration."""
    word = "".join(rng.choice(list(LETTERS), int(rng.integers(4, 11))))
    gap = np.zeros((glyph_mask("A").shape[0], int(rng.integers(40, 120))), np.uint8)
    ink = np.hstack([part for letter in word for part in (glyph_mask(letter), gap)])
    frame = max(2, height // 8)
    cover = np.zeros((height, width), np.float32)
    inner = cv2.resize(ink, (width - 2 * frame, height - 2 * frame), interpolation=cv2.INTER_AREA)
    cover[frame:-frame, frame:-frame] = inner.astype(np.float32) / 255
    picture = surroundings(height, width, rng)
    level = rng.uniform(180, 255) if picture.mean() < 128 else rng.uniform(0, 60)
    return np.asarray(picture * (1 - cover) + level * cover, np.uint8)


def _chevrons(height: int, width: int, rng: Rng) -> Grey:
    """Slanting hazard stripes of a lorry's rear marking."""
    period, slope = rng.uniform(0.3, 1.5) * height, rng.choice((-1, 1)) * rng.uniform(0.5, 1.5)
    xs, ys = np.arange(width)[None], np.arange(height)[:, None]
    bright, dark = rng.uniform(120, 250), rng.uniform(10, 110)
    return np.asarray(np.where((xs + slope * ys) % period < period / 2, bright, dark), np.uint8)


def _blank_plate(height: int, width: int, rng: Rng) -> Grey:
    """A pale board with nothing on it: a plate blown out by light, a reflector, a lamp."""
    picture = surroundings(height, width, rng)
    inset = rng.integers(0, max(2, height // 3), 4)
    level = int(rng.integers(150, 256))
    corner = (int(width - 1 - inset[2]), int(height - 1 - inset[3]))
    cv2.rectangle(picture, (int(inset[0]), int(inset[1])), corner, level, -1)
    return picture


_KINDS: tuple[Callable[[int, int, Rng], Grey], ...] = (
    _lettering,
    _lettering,
    _board,
    _board,
    _hazard_board,
    _bold_word,
    _chevrons,
    _blank_plate,
    surroundings,
)
