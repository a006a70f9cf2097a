"""Rows out of an SQLite file whose tables cannot be walked any more: page by page, whatever points to them.

A torn page in the right place hides all others from SQLite. The leaves still hold their rows, in a form that
is fixed for good (sqlite.org/fileformat2.html, sections 1.6, 2 and 4.1). What is found may be older than the
last commit, or no row at all: whoever asks must know a whole row when he sees one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

Value = int | float | str | bytes | None
Record = tuple[int, tuple[Value, ...]]

_PAGE_BYTES = 4096
_HEAD_BYTES = 100
_LOG_HEAD_BYTES, _FRAME_HEAD_BYTES = 32, 24
_TABLE_LEAF = 0x0D
_MOST_LOCAL = _PAGE_BYTES - 35
_LEAST_LOCAL = (_PAGE_BYTES - 12) * 32 // 255 - 23
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Pages = dict[int, bytes]


def records_in(path: Path) -> Iterator[Record]:
    """Row id and values of every row that a leaf of the file, or of its log, holds."""
    pages = _pages_of(path)
    for number, page in sorted(pages.items()):
        yield from _records_of(page, _HEAD_BYTES if number == 1 else 0, pages)


def _pages_of(path: Path) -> Pages:
    """The pages by number, with what the log has for them since it was last begun."""
    content = path.read_bytes()
    pages = {
        1 + start // _PAGE_BYTES: content[start : start + _PAGE_BYTES]
        for start in range(0, len(content), _PAGE_BYTES)
    }
    with suppress(OSError):
        log = Path(f"{path}-wal").read_bytes()
        salt = log[16:24]
        for start in range(_LOG_HEAD_BYTES, len(log), _FRAME_HEAD_BYTES + _PAGE_BYTES):
            head = log[start : start + _FRAME_HEAD_BYTES]
            if head[8:16] == salt:
                page = log[start + _FRAME_HEAD_BYTES : start + _FRAME_HEAD_BYTES + _PAGE_BYTES]
                pages[int.from_bytes(head[:4], "big")] = page
    return pages


def _records_of(page: bytes, head: int, pages: Pages) -> Iterator[Record]:
    if len(page) != _PAGE_BYTES or page[head] != _TABLE_LEAF:
        return
    cells = int.from_bytes(page[head + 3 : head + 5], "big")
    for cell in range(cells):
        at = head + 8 + 2 * cell
        with suppress(ValueError, IndexError, KeyError, OverflowError):
            yield _record(page, int.from_bytes(page[at : at + 2], "big"), pages)


def _record(page: bytes, at: int, pages: Pages) -> Record:
    size, at = _varint(page, at)
    rowid, at = _varint(page, at)
    return rowid, tuple(_values(_payload(page, at, size, pages)))


def _payload(page: bytes, at: int, size: int, pages: Pages) -> bytes:
    """A row's bytes: on its page, and where they are many on further ones."""
    if size <= _MOST_LOCAL:
        return page[at : at + size]
    local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (_PAGE_BYTES - 4)
    local = local if local <= _MOST_LOCAL else _LEAST_LOCAL
    payload = bytearray(page[at : at + local])
    following = int.from_bytes(page[at + local : at + local + 4], "big")
    while len(payload) < size:  # each page adds to it, so that a ring of them ends as well
        further = pages[following]
        following = int.from_bytes(further[:4], "big")
        payload += further[4 : 4 + size - len(payload)]
        if len(further) <= 4:
            raise ValueError("a page that is not all there")
    return bytes(payload)


def _values(payload: bytes) -> Iterator[Value]:
    head, at = _varint(payload, 0)
    start = head
    while at < head:
        kind, at = _varint(payload, at)
        value, start = _value(payload, kind, start)
        yield value


def _value(payload: bytes, kind: int, start: int) -> tuple[Value, int]:
    """One value by its serial type, and where the next begins. A real number is not looked at."""
    if kind >= 12:
        end = start + (kind - 12) // 2
        if end > len(payload):
            raise ValueError("a value that is not all there")
        part = payload[start:end]
        return (part.decode() if kind % 2 else part), end
    if kind in _INTEGER_BYTES:
        end = start + _INTEGER_BYTES[kind]
        return int.from_bytes(payload[start:end], "big", signed=True), end
    return (None, 0.0, 0, 1)[(0, 7, 8, 9).index(kind)], start + (8 if kind == 7 else 0)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of 1 to 9 bytes, and where the next begins."""
    value = 0
    for byte in data[at : at + 8]:
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value << 8 | data[at], at + 1
