"""The light look at pictures from the network."""

from __future__ import annotations

from contextlib import suppress

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import EvidenceRefused
from ingest.intake.jpeg import check_jpeg
from tests.ingest.units import jpeg, segment


@pytest.mark.parametrize("quality", [10, 95])
@pytest.mark.parametrize("progressive", [0, 1])
def test_real_jpegs_are_taken(quality: int, progressive: int) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive]
    check_jpeg(cv2.imencode(".jpg", picture, options)[1].tobytes())


WHOLE = jpeg("x")
FRAME = segment(0xC0, b"\x08\x00\x30\x00\x40\x01\x01\x11\x00")
SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34"


def jpeg_of(*parts: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xd9"


REFUSED = {
    "empty": b"",
    "start and end only": jpeg_of(),
    "no scan": jpeg_of(FRAME),
    "no frame": jpeg_of(SCAN),
    "cut at its end": WHOLE[:-1],
    "cut at its start": WHOLE[1:],
    "something after its end": WHOLE + b"PK\x03\x04\xff\xd9",
    "another picture after its end": WHOLE + WHOLE,
    "no width": jpeg("x", width_px=0),
    "no height": jpeg("x", height_px=0),
    "absurdly high": jpeg("x", height_px=10_001),
    "absurdly large": jpeg("x", width_px=7000, height_px=7000),
    "two frames": jpeg_of(FRAME, FRAME, SCAN),
    "a larger frame behind the first": jpeg_of(FRAME, SCAN, FRAME, SCAN),
    "a height told afterwards": jpeg_of(FRAME, SCAN, segment(0xDC, b"\xff\xff")),
    "too many scans": jpeg_of(FRAME, *[SCAN] * 33),
    "too many parts": jpeg_of(*[segment(0xFE, b"")] * 1000, FRAME, SCAN),
    "12 bits": jpeg_of(segment(0xC1, b"\x0c" + FRAME[5:]), SCAN),
    "lossless": jpeg_of(segment(0xC3, FRAME[4:]), SCAN),
    "arithmetic coding": jpeg_of(segment(0xC9, FRAME[4:]), SCAN),
    "four components": jpeg_of(segment(0xC0, b"\x08\x00\x30\x00\x40\x04" + b"\x01\x11\x00" * 4), SCAN),
    "components missing": jpeg_of(segment(0xC0, b"\x08\x00\x30\x00\x40\x03\x01\x11\x00"), SCAN),
    "a frame header cut short": jpeg_of(segment(0xC0, b"\x08\x00")),
    "a length beyond the end": jpeg_of(FRAME, b"\xff\xfe\xff\xff"),
    "a length of nothing": jpeg_of(FRAME, b"\xff\xfe\x00\x00"),
    "no marker where one belongs": jpeg_of(FRAME, b"lorry", SCAN),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_or_a_bomb_is_refused(name: str) -> None:
    with pytest.raises(EvidenceRefused):
        check_jpeg(REFUSED[name])


@pytest.mark.parametrize(
    "picture",
    [
        WHOLE,
        jpeg_of(FRAME, *[SCAN] * 32),
        jpeg("x", width_px=7680, height_px=4320),
        jpeg_of(FRAME, b"\xff" + SCAN),  # fill bytes before a marker
    ],
)
def test_what_is_large_and_in_many_parts_is_taken(picture: bytes) -> None:
    check_jpeg(picture)


@given(st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused(noise: bytes) -> None:
    with suppress(EvidenceRefused):
        check_jpeg(b"\xff\xd8" + noise + b"\xff\xd9")
