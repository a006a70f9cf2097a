"""Crops that hold no registration: livery, telephone numbers, chevrons, bare bodywork."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.glyphs import glyph_mask
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
_LETTERS = "AAABCDEEEEFGHHIIIKLLLMNNNOOOPRRRSSSTTTUVWY"


def no_plate(height: int, width: int, rng: Rng) -> Grey:
    """A crop of the size of a plate's without a plate in it; uint8, height x width."""
    return _KINDS[int(rng.integers(len(_KINDS)))](height, width, rng)


def _lettering(height: int, width: int, rng: Rng) -> Grey:
    """A word, web address or telephone number, as on cab and trailer sides."""
    picture = surroundings(height, width, rng)
    text = _phone_number(rng) if rng.random() < 0.5 else _words(rng)
    font, thickness = int(rng.choice(_FONTS)), int(rng.integers(1, 5))
    (text_width, text_height), _ = cv2.getTextSize(text, font, 1.0, thickness)
    scale = min(width * rng.uniform(0.7, 1.15) / text_width, height * 0.9 / text_height)
    at = (int((width - scale * text_width) / 2), int((height + scale * text_height) / 2))
    level = 255 if picture.mean() < 128 else 0
    thickness = max(1, round(thickness * scale))
    cv2.putText(picture, text, at, font, scale, level, thickness, cv2.LINE_AA)
    return picture


def _bold_word(height: int, width: int, rng: Rng) -> Grey:
    """A word without digits in letters like a plate's, for shape alone must not make a registration."""
    word = "".join(rng.choice(list(_LETTERS), int(rng.integers(4, 11))))
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


def _words(rng: Rng) -> str:
    words = [
        "".join(rng.choice(list(_LETTERS), int(rng.integers(3, 9)))) for _ in range(int(rng.integers(1, 3)))
    ]
    text = " ".join(words)
    return text if rng.random() < 0.6 else "www." + text.lower().replace(" ", "") + ".co.uk"


def _phone_number(rng: Rng) -> str:
    digits = "0" + "".join(str(d) for d in rng.integers(0, 10, 10))
    cut = int(rng.integers(3, 6))
    return digits[:cut] + " " + digits[cut:]


_KINDS: tuple[Callable[[int, int, Rng], Grey], ...] = (
    _lettering,
    _lettering,
    _bold_word,
    _chevrons,
    _blank_plate,
    surroundings,
)
