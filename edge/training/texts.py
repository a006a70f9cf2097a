"""Random registrations in the formats of the United Kingdom, leaving out the ones that are measured on."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

PLAIN_LETTERS = "ABCDEFGHJKLMNOPRSTUVWXYZ"
YEAR_LETTERS = "ABCDEFGHJKLMNPRSTVWXY"
_DIGITS = "0123456789"
_DATELESS_MOST_DIGITS = {1: 4, 2: 4, 3: 3}
_LABEL_COLUMNS = ("plates_read_by_eye", "plate_read_by_eye", "what")
_MARK = re.compile(r"\b(?=[A-Z0-9]*[0-9])[A-Z0-9]{4,8}\b")

Rng = np.random.Generator


def random_text(rng: Rng, excluded: frozenset[str] = frozenset()) -> str:
    """A random registration without spaces, never one of `excluded` (it draws again)."""
    while (text := _FORMATS[int(rng.choice(len(_FORMATS), p=_SHARES))](rng)) in excluded:
        pass
    return text


def labelled_registrations(data: Path) -> frozenset[str]:
    """Registrations labelled in the measuring pictures' CSV files under `data`; none where it is missing."""
    found: set[str] = set()
    for labels in sorted(data.glob("**/*.csv")):
        with labels.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                for column in _LABEL_COLUMNS:
                    found.update(_MARK.findall(row.get(column) or ""))
    return frozenset(found)


def _letters(rng: Rng, count: int, alphabet: str = PLAIN_LETTERS) -> str:
    return "".join(alphabet[i] for i in rng.integers(0, len(alphabet), count))


def _number(rng: Rng, most_digits: int) -> str:
    """1 to `most_digits` digits without a leading zero, every length but the shortest alike."""
    digits = int(rng.integers(1, most_digits + 1))
    return str(rng.integers(10 ** (digits - 1), 10**digits))


def _current(rng: Rng) -> str:
    years = int(rng.integers(2, 50))
    age = years if rng.random() < 0.5 else 50 + int(rng.integers(1, 50))
    return f"{_letters(rng, 2)}{age:02d}{_letters(rng, 3)}"


def _prefix(rng: Rng) -> str:
    return _letters(rng, 1, YEAR_LETTERS) + str(rng.integers(1, 1000)) + _letters(rng, 3)


def _cherished(rng: Rng) -> str:
    return _letters(rng, 1, YEAR_LETTERS) + _number(rng, 2) + _letters(rng, 3)


def _suffix(rng: Rng) -> str:
    return _letters(rng, 3) + _number(rng, 3) + _letters(rng, 1, YEAR_LETTERS)


def _q_plate(rng: Rng) -> str:
    return "Q" + str(rng.integers(1, 1000)) + _letters(rng, 3)


def _dateless(rng: Rng) -> str:
    letters = _letters(rng, int(rng.integers(1, 4)))
    number = _number(rng, _DATELESS_MOST_DIGITS[len(letters)])
    if len(letters + number) < 3:
        number = str(rng.integers(100, 1000))
    return letters + number if rng.random() < 0.5 else number + letters


def _northern_irish(rng: Rng) -> str:
    shape = ("?I?", "??Z", "I?", "?Z")[int(rng.choice(4, p=(0.4, 0.4, 0.1, 0.1)))]
    letters = "".join(_letters(rng, 1) if c == "?" else c for c in shape)
    return letters + (_number(rng, 4) if rng.random() < 0.3 else str(rng.integers(1000, 10000)))


def _trade(rng: Rng) -> str:
    return f"{rng.integers(0, 100000):05d}"


def trailer_mark(rng: Rng) -> str:
    """A random mark of a trailer registered for abroad: a letter and seven digits, mostly with C."""
    return ("C" if rng.random() < 0.5 else _letters(rng, 1)) + _letters(rng, 7, _DIGITS)


def _diplomatic(rng: Rng) -> str:
    return _letters(rng, 3, _DIGITS) + _letters(rng, 1, "DX") + _letters(rng, 3, _DIGITS)


_SHARE_OF_FORMAT: tuple[tuple[Callable[[Rng], str], float], ...] = (
    (_current, 0.585),
    (_prefix, 0.14),
    (_cherished, 0.05),
    (_suffix, 0.05),
    (_dateless, 0.05),
    (_northern_irish, 0.06),
    (_q_plate, 0.02),
    (_trade, 0.015),
    (_diplomatic, 0.015),
    (trailer_mark, 0.015),
)
_FORMATS = [draw for draw, _ in _SHARE_OF_FORMAT]
_SHARES = [share for _, share in _SHARE_OF_FORMAT]
