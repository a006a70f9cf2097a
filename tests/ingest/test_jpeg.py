"""The light look at pictures from the network."""

from __future__ import annotations

from contextlib import suppress

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import EvidenceRefused
from ingest.jpeg import check_jpeg
from tests.ingest.units import jpeg


@pytest.mark.parametrize("quality", [10, 95])
@pytest.mark.parametrize("progressive", [0, 1])
def test_real_jpegs_are_taken(quality: int, progressive: int) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive]
    check_jpeg(cv2.imencode(".jpg", picture, options)[1].tobytes())


@pytest.mark.parametrize(
    "picture",
    [
        b"",
        b"\xff\xd8\xff\xd9",
        jpeg("x")[:-1],
        jpeg("x")[1:],
        jpeg("x", width_px=0),
        jpeg("x", height_px=10_001),
    ],
)
def test_what_is_no_picture_is_refused(picture: bytes) -> None:
    with pytest.raises(EvidenceRefused):
        check_jpeg(picture)


@given(st.binary(max_size=200))
def test_any_bytes_are_taken_or_refused(noise: bytes) -> None:
    with suppress(EvidenceRefused):
        check_jpeg(b"\xff\xd8" + noise + b"\xff\xd9")
