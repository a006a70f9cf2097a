"""Drawn evidence pictures: a crude street with a lorry in it, and its number plate enlarged."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
from numpy.typing import NDArray

from config.wire import EvidenceRef
from edge.training.plates import draw_plate

Picture = NDArray[np.uint8]
_WIDTH, _HEIGHT = 1280, 720


def overview(vrm: str, *, bgr: tuple[int, int, int], rear: bool) -> bytes:
    """A lorry on a village street as a JPEG of 1280 x 720, everything beside the lorry blurred."""
    picture = _street()
    _houses(picture)
    picture = cv2.GaussianBlur(picture, (61, 61), 0).astype(np.uint8)
    _lorry(picture, bgr, rear)
    plate = cv2.cvtColor(_plate(vrm, rear, 1), cv2.COLOR_RGB2BGR)
    small = cv2.resize(plate, (104, 22), interpolation=cv2.INTER_AREA)
    y, x = (560, 588)
    picture[y : y + small.shape[0], x : x + small.shape[1]] = small
    return _jpeg(_grained(picture, seed=len(vrm) + rear))


def patch(vrm: str, *, rear: bool) -> bytes:
    """The number plate alone as a camera might see it, as JPEG."""
    plate = cv2.cvtColor(_plate(vrm, rear, 2), cv2.COLOR_RGB2BGR)
    framed = cv2.copyMakeBorder(plate, 26, 26, 34, 34, cv2.BORDER_CONSTANT, value=(52, 48, 46))
    height, width = framed.shape[:2]
    lean = np.array([[1, -0.04 if rear else 0.05, 4], [0.02, 1, -8]], np.float32)
    turned = cv2.warpAffine(framed, lean, (width, height), borderMode=cv2.BORDER_REPLICATE)
    small = cv2.resize(turned, (300, 300 * height // width), interpolation=cv2.INTER_AREA)
    return _jpeg(_grained(cv2.GaussianBlur(small, (3, 3), 0).astype(np.uint8), seed=len(vrm)))


def size_px(jpeg: bytes) -> tuple[int, int]:
    """Width and height of a JPEG."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture.shape[1], picture.shape[0]


def reference(kind: str, jpeg: bytes) -> EvidenceRef:
    """What a passage says of a picture."""
    width_px, height_px = size_px(jpeg)
    return EvidenceRef(
        kind="overview" if kind == "overview" else "plate",
        sha256=hashlib.sha256(jpeg).hexdigest(),
        size_bytes=len(jpeg),
        width_px=width_px,
        height_px=height_px,
    )


def _plate(vrm: str, rear: bool, px_per_mm: int) -> Picture:
    return draw_plate(vrm, layout="one_line", background="yellow" if rear else "white", px_per_mm=px_per_mm)


def _street() -> Picture:
    rows = np.linspace(0, 1, _HEIGHT)[:, None, None]
    sky, haze = np.array([222, 190, 150]), np.array([236, 228, 216])
    picture = np.tile(np.rint(sky * (1 - rows) + haze * rows), (1, _WIDTH, 1)).astype(np.uint8)
    cv2.rectangle(picture, (0, 300), (_WIDTH, _HEIGHT), (96, 128, 104), -1)
    road = np.array([[520, 300], [760, 300], [1280, 640], [1280, 720], [0, 720], [0, 640]], np.int32)
    cv2.fillPoly(picture, [road], (112, 110, 108))
    for near in (0.15, 0.4, 0.75):
        y, half = int(300 + 420 * near), int(4 + 10 * near)
        cv2.rectangle(picture, (640 - half, y), (640 + half, y + int(50 * near) + 6), (225, 228, 228), -1)
    return picture


def _houses(picture: Picture) -> None:
    for x, width, colour in (
        (20, 210, (116, 138, 176)),
        (250, 170, (150, 172, 196)),
        (930, 280, (128, 148, 182)),
    ):
        cv2.rectangle(picture, (x, 170), (x + width, 380), colour, -1)
        roof = np.array([[x - 18, 172], [x + width // 2, 70], [x + width + 18, 172]], np.int32)
        cv2.fillPoly(picture, [roof], (62, 66, 92))
        for window in range(x + 30, x + width - 40, 75):
            cv2.rectangle(picture, (window, 215), (window + 36, 265), (205, 205, 190), -1)


def _lorry(picture: Picture, bgr: tuple[int, int, int], rear: bool) -> None:
    shade = tuple(int(channel * 0.72) for channel in bgr)
    cv2.ellipse(picture, (650, 622), (250, 34), 0, 0, 360, (70, 68, 66), -1)
    cv2.rectangle(picture, (462, 150), (818, 560), bgr if rear else (226, 226, 222), -1)
    if rear:
        cv2.line(picture, (640, 160), (640, 545), shade, 4)
        cv2.rectangle(picture, (462, 545), (818, 600), (50, 48, 46), -1)
        for x in (480, 752):
            cv2.rectangle(picture, (x, 555), (x + 48, 585), (42, 36, 190), -1)
    else:
        cv2.rectangle(picture, (478, 250), (802, 596), bgr, -1)
        cv2.rectangle(picture, (500, 282), (780, 420), (92, 74, 60), -1)
        cv2.line(picture, (520, 410), (700, 292), (132, 116, 100), 8)
        cv2.rectangle(picture, (478, 420), (802, 540), shade, -1)
        for y in range(436, 532, 22):
            cv2.line(picture, (520, y), (760, y), (60, 56, 54), 6)
        for x in (490, 742):
            cv2.rectangle(picture, (x, 520), (x + 48, 552), (214, 236, 246), -1)
    for x in (484, 736):
        cv2.rectangle(picture, (x, 596), (x + 62, 634), (32, 30, 30), -1)


def _grained(picture: Picture, seed: int) -> Picture:
    noise = np.random.default_rng(seed).normal(0, 4, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def _jpeg(picture: Picture) -> bytes:
    fine, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 86])
    assert fine
    return encoded.tobytes()
