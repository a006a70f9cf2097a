"""A light look at a JPEG: its frame header, without decoding a pixel."""

from __future__ import annotations

from ingest.errors import EvidenceRefused

_START, _END = b"\xff\xd8", b"\xff\xd9"
# Start-of-frame markers; 0xC4, 0xC8 and 0xCC are tables. (ITU-T T.81, table B.1)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
# A camera of 8K has 7680 pixels a line; more is a bomb for whoever decodes it.
_LARGEST_SIDE_PX = 10_000


def check_jpeg(picture: bytes) -> None:
    """Raise EvidenceRefused for what does not begin and end as a JPEG or claims an absurd size."""
    width_px, height_px = _size(picture)
    if not (1 <= width_px <= _LARGEST_SIDE_PX and 1 <= height_px <= _LARGEST_SIDE_PX):
        raise EvidenceRefused(f"a JPEG of {width_px} x {height_px} pixels is not taken")


def _size(picture: bytes) -> tuple[int, int]:
    if not (picture.startswith(_START) and picture.endswith(_END)):
        raise EvidenceRefused("not a whole JPEG: its first or last marker is missing")
    place = 2
    while place + 4 <= len(picture) and picture[place] == 0xFF:
        marker = picture[place + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            place += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            return _frame_size(picture[place + 4 : place + 9])
        place += 2 + int.from_bytes(picture[place + 2 : place + 4], "big")
    raise EvidenceRefused("not a JPEG: it has no frame header")


def _frame_size(header: bytes) -> tuple[int, int]:
    if len(header) < 5:
        raise EvidenceRefused("not a JPEG: its frame header is cut short")
    return int.from_bytes(header[3:5], "big"), int.from_bytes(header[1:3], "big")
