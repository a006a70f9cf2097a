"""Files from elsewhere as plain values, within limits: a bad file costs one line, never the process."""

from __future__ import annotations

import bz2
import gzip
import json
import zlib
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn, Protocol

from enforcement.orders.errors import OrderFileRefused

LARGEST_BYTES = 32 * 1024 * 1024
DEEPEST = 64


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_bytes(file: Path) -> bytes:
    """The file's content, unpacked where it is gzip or bzip2. Raises OrderFileRefused."""
    try:
        with file.open("rb") as opened:
            content = _up_to_limit(file, opened)
        if content.startswith(b"\x1f\x8b"):
            return _up_to_limit(file, gzip.GzipFile(fileobj=BytesIO(content)))
        if content.startswith(b"BZh"):
            return _up_to_limit(file, bz2.BZ2File(BytesIO(content)))
    except OSError as error:
        why = error.strerror or str(error)
        raise OrderFileRefused(file, f"cannot be read ({why}); check the path and its rights") from error
    except (EOFError, zlib.error) as error:
        raise OrderFileRefused(file, f"its compression is damaged ({error}); fetch it again") from error
    return content


def parse_json(file: Path, content: bytes) -> Any:
    """The JSON value, decimal fractions exact. Raises OrderFileRefused.

    Refused besides what is no JSON: doubled keys (one of them would be dropped), depth beyond 64, and text
    that no database takes (NUL, lone surrogates).
    """
    try:
        tree = json.loads(
            content.decode("utf-8-sig"),
            parse_float=_fraction,
            parse_constant=_no_number,
            object_pairs_hook=_each_key_once,
        )
        _check(tree)
    except RecursionError as error:
        raise OrderFileRefused(file, f"is nested deeper than {DEEPEST} levels") from error
    except UnicodeDecodeError as error:
        raise OrderFileRefused(file, "is not UTF-8 text; save it as UTF-8") from error
    except (ValueError, ArithmeticError) as error:
        raise OrderFileRefused(file, f"cannot be read as JSON: {error}") from error
    return tree


def _up_to_limit(file: Path, opened: _Readable) -> bytes:
    content = opened.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        largest = LARGEST_BYTES // 1024 // 1024
        raise OrderFileRefused(file, f"holds more than {largest} MiB; cut it to the roads that matter")
    return content


def _fraction(digits: str) -> Decimal:
    if len(digits) > 40 or not -30 < (number := Decimal(digits)).adjusted() < 30:
        raise ValueError(f"{digits[:40]} is beyond the numbers that a record needs")
    return number


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"an object has two values for {doubled!r}; which of them counts is not said")
    return found


def _check(tree: Any) -> None:
    """Raise ValueError for depth and text beyond the limits."""
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ValueError(f"it is nested deeper than {DEEPEST} levels")
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below += [*value, *value.values()]
            elif isinstance(value, list):
                below += value
            elif isinstance(value, str):
                _check_text(value)
        level = below


def _check_text(text: str) -> None:
    if "\0" in text:
        raise ValueError("a text holds the character NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text holds half a character (a lone surrogate)") from None
