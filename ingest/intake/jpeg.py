"""A look at a JPEG's structure, without decoding a pixel: what would be a bomb for a decoder is not taken.

Only what cameras and encoders write is let through: one frame of 8 bits a sample, baseline or progressive,
Huffman coded, of a camera's size, in few scans, and nothing after its end. (ITU-T T.81, annex B)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.errors import EvidenceRefused

_START, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA
_FRAMES_TAKEN = frozenset({0xC0, 0xC1, 0xC2})
# Tables, restart interval, application data, comments.
_TAKEN_BESIDE = frozenset({0xC4, 0xDB, 0xDD, 0xFE, *range(0xE0, 0xF0)})
# Inside a scan 0xFF stands before a stuffed zero, a restart marker or another 0xFF.
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# A camera of 8K has 33 million pixels; each scan of a progressive picture goes over all of them.
_LARGEST_SIDE_PX, _MOST_PIXELS = 10_000, 40_000_000
_MOST_SCANS, _MOST_SEGMENTS = 32, 1_000


@dataclass(frozen=True)
class _Segment:
    marker: int
    body: bytes


def check_jpeg(picture: bytes) -> None:
    """Raise EvidenceRefused for what is no whole JPEG, or one whose decoding would cost absurdly much."""
    if not (picture.startswith(_START) and picture.endswith(_END)):
        raise EvidenceRefused("not a whole JPEG: its first or last marker is missing")
    frames = scans = 0
    for segment in _segments(picture):
        if segment.marker in _FRAMES_TAKEN and not scans:
            frames += 1
            _check_frame(segment.body)
        elif segment.marker == _SCAN and frames == 1:
            scans += 1
        elif segment.marker not in _TAKEN_BESIDE:
            raise EvidenceRefused(f"a JPEG with marker 0x{segment.marker:02X} at that place is not taken")
        if frames > 1 or scans > _MOST_SCANS:
            raise EvidenceRefused(f"a JPEG with {frames} frames and {scans} scans is not taken")
    if not scans:
        raise EvidenceRefused("not a JPEG: it has no frame header or no scan")


def _segments(picture: bytes) -> Iterator[_Segment]:
    """The marker segments between start and end; raises EvidenceRefused where they do not join up."""
    place, end = 2, len(picture) - 2
    for _ in range(_MOST_SEGMENTS):
        if place == end:
            return
        while place < end and picture[place : place + 2] == b"\xff\xff":
            place += 1  # fill bytes
        length = int.from_bytes(picture[place + 2 : place + 4], "big")
        if place + 4 > end or picture[place] != 0xFF or length < 2 or place + 2 + length > end:
            raise EvidenceRefused(f"not a JPEG: its parts do not join up at byte {place}")
        marker = picture[place + 1]
        yield _Segment(marker, picture[place + 4 : place + 2 + length])
        place += 2 + length
        if marker == _SCAN:
            place = _end_of_scan(picture, place)
    raise EvidenceRefused(f"a JPEG of more than {_MOST_SEGMENTS} parts is not taken")


def _end_of_scan(picture: bytes, place: int) -> int:
    found = _AFTER_SCAN.search(picture, place)
    if found is None:
        raise EvidenceRefused("not a JPEG: a scan has no end")
    return found.start()


def _check_frame(body: bytes) -> None:
    if len(body) < 6:
        raise EvidenceRefused("not a JPEG: its frame header is cut short")
    height_px, width_px = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    if body[0] != 8 or body[5] not in (1, 3) or len(body) != 6 + 3 * body[5]:
        raise EvidenceRefused(f"a JPEG of {body[0]} bits and {body[5]} components is not taken")
    sides_fit = 1 <= width_px <= _LARGEST_SIDE_PX and 1 <= height_px <= _LARGEST_SIDE_PX
    if not sides_fit or width_px * height_px > _MOST_PIXELS:
        raise EvidenceRefused(f"a JPEG of {width_px} x {height_px} pixels is not taken")
