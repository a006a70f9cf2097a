"""Inputs that are nearly right, for the short form and where atheris does not run."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

# What parsers stumble over: ends of ranges, other types, other encodings, structure.
_WORDS = (
    *(b"-1", b"0", b"1e999", b"9223372036854775808", b"18446744073709551616", b"9" * 400),
    *(b"null", b"true", b'""', b"[]", b"{}", b'"\\ud800"', b'"\\u0000"'),
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", "\u202e\U0001f69b".encode()),
    *(b"0000-00-00T00:00:00Z", b"9999-12-31T23:59:60Z", b"2026-01-01T00:00:00+23:59"),
    *(b"\n", b"\r", b"#", b"&a", b"*a", b"<<: ", b"!!int ", b"- ", b": ", b"'", b'"', b"[" * 200, b"{" * 200),
    *(b"\xff\xc0", b"\xff\xd9"),
)
_MOST_BYTES = 8_192


def mutated(seeds: Sequence[bytes], random: Random) -> bytes:
    """A seed with one to four changes."""
    data = bytearray(random.choice(seeds))
    for _ in range(random.randint(1, 4)):
        _CHANGES[random.randrange(len(_CHANGES))](data, seeds, random)
    return bytes(data[:_MOST_BYTES])


def _flip(data: bytearray, seeds: Sequence[bytes], random: Random) -> None:
    if data:
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _put_word(data: bytearray, seeds: Sequence[bytes], random: Random) -> None:
    start, end = _part(data, random)
    data[start : random.choice((start, end))] = random.choice(_WORDS)


def _cut(data: bytearray, seeds: Sequence[bytes], random: Random) -> None:
    start, end = _part(data, random)
    del data[start:end]


def _repeat(data: bytearray, seeds: Sequence[bytes], random: Random) -> None:
    start, end = _part(data, random)
    data[start:start] = data[start:end] * random.randint(1, 3)


def _splice(data: bytearray, seeds: Sequence[bytes], random: Random) -> None:
    other = random.choice(seeds)
    start, end = _part(other, random)
    at = random.randint(0, len(data))
    data[at : at + random.randint(0, 40)] = other[start:end]


def _part(data: bytes | bytearray, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.randint(0, 40))


_CHANGES = (_flip, _put_word, _cut, _repeat, _splice)
