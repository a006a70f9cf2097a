"""Evidence pictures: the vehicle to be seen, everyone else beyond recovery, hashed as they are."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
import pytest

from edge.errors import PictureError
from edge.evidence import MOST_BYTES, overview, plate_picture
from edge.frames import Picture
from edge.looks import BestLooks, Look, look_at, widened_box
from tests.edge.pictures import frame

SIZE_PX = (1280, 720)
OWN_BOX = (700, 200, 1000, 600)
NEIGHBOUR_PLATE = slice(480, 540), slice(100, 400)
WHITE = (235, 235, 235)


def scene(neighbours_text: str, own_text: str = "AB12CDE") -> Picture:
    """A street with a lorry at OWN_BOX and, outside it, a neighbour's plate of 300 x 60 pixels."""
    picture = np.full((SIZE_PX[1], SIZE_PX[0], 3), (120, 110, 100), np.uint8)
    picture[OWN_BOX[1] : OWN_BOX[3], OWN_BOX[0] : OWN_BOX[2]] = (60, 60, 160)
    for text, (x, y) in ((neighbours_text, (110, 530)), (own_text, (730, 560))):
        (wide, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 1.8, 4)
        cv2.rectangle(picture, (x - 10, y - tall - 8), (x + wide + 10, y + 10), WHITE, -1)
        cv2.putText(picture, text, (x, y), cv2.FONT_HERSHEY_DUPLEX, 1.8, (15, 15, 15), 4)
    return picture


def look(picture: Picture, neighbours: tuple[tuple[int, int, int, int], ...] = ()) -> Look:
    return look_at(frame(picture), OWN_BOX, neighbours, 1.0)


def decoded(jpeg: bytes) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def test_a_neighbours_plate_leaves_no_trace() -> None:
    texts = ("AB12CDE", "XY63ZWV", "M900XYZ", "KO51ABO")
    pictures = [decoded(overview(look(scene(text)), None).jpeg)[NEIGHBOUR_PLATE] for text in texts]
    sharp = scene(texts[0])[NEIGHBOUR_PLATE]
    for text, blurred in zip(texts, pictures, strict=True):
        detail = cv2.Laplacian(blurred, cv2.CV_64F).std()
        assert detail < 0.05 * cv2.Laplacian(sharp, cv2.CV_64F).std(), f"{text}: strokes can still be seen"
        columns = blurred.mean(axis=(0, 2)) - blurred.mean()
        wanted = scene(text)[NEIGHBOUR_PLATE].mean(axis=(0, 2))
        fast = np.abs(np.fft.rfft(columns))[8:].sum() / np.abs(np.fft.rfft(wanted - wanted.mean()))[8:].sum()
        assert fast < 0.05, f"{text}: the rhythm of its characters can still be measured"
    spread = max(np.abs(one.astype(int) - pictures[0].astype(int)).max() for one in pictures[1:])
    assert spread <= 16, "the blurred pictures of different plates differ by more than a grey level and JPEG"


def test_the_vehicle_itself_stays_sharp() -> None:
    picture = scene("AB12CDE")
    shown = decoded(overview(look(picture), None).jpeg)
    own = (slice(OWN_BOX[1] + 8, OWN_BOX[3] - 8), slice(OWN_BOX[0] + 8, OWN_BOX[2] - 8))
    assert np.abs(shown[own].astype(int) - picture[own].astype(int)).mean() < 3


def test_a_car_in_front_is_obscured_inside_the_vehicles_own_box_too() -> None:
    picture = scene("AB12CDE", own_text="XY63ZWV")
    car = (710, 500, 990, 640)
    inside = (slice(520, 580), slice(730, 960))
    shown = decoded(overview(look(picture, (car,)), None).jpeg)
    assert (
        cv2.Laplacian(shown[inside], cv2.CV_64F).std()
        < 0.1 * cv2.Laplacian(picture[inside], cv2.CV_64F).std()
    )


def test_its_own_plate_stays_readable_under_a_neighbours_box() -> None:
    picture = scene("AB12CDE", own_text="XY63ZWV")
    plate = np.array([[20, 320], [280, 320], [280, 375], [20, 375]], np.float32)
    shown = decoded(overview(look(picture, (OWN_BOX,)), plate).jpeg)
    inside = (slice(525, 570), slice(730, 960))
    assert np.abs(shown[inside].astype(int) - picture[inside].astype(int)).mean() < 6


def test_evidence_is_hashed_as_it_is_and_bounded() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (2160, 3840, 3)).astype(np.uint8)
    whole = look_at(frame(noise), (0, 0, 3840, 2160), (), 1.0)
    for picture in (overview(whole, None), plate_picture(noise[:40, :200])):
        assert picture.sha256 == hashlib.sha256(picture.jpeg).hexdigest()
        assert len(picture.jpeg) < MOST_BYTES
        height, width = decoded(picture.jpeg).shape[:2]
        assert (picture.width_px, picture.height_px) == (width, height)


def test_a_picture_that_cannot_be_made_small_enough_is_refused() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (3000, 6000, 3)).astype(np.uint8)
    with pytest.raises(PictureError, match="does not fit"):
        plate_picture(noise)


def test_best_looks_are_few_good_and_apart() -> None:
    best = BestLooks(3)
    template = look(scene("AB12CDE"))
    for i in range(50):
        at_s, quality = i * 0.05, float(i % 7)
        if best.wants(at_s, quality):
            best.add(replace(template, offset_s=at_s, quality=quality))
    times = sorted(held.offset_s for held in best.looks)
    assert len(best.looks) == 3
    assert min(b - a for a, b in pairwise(times)) >= 0.08
    assert all(held.quality == 6.0 for held in best.looks)
    best.forget()
    assert best.looks == []


def test_a_look_keeps_nothing_of_the_frame_but_its_own_box_and_a_mosaic() -> None:
    picture = scene("AB12CDE")
    held = look(picture)
    assert held.crop.shape == (400, 300, 3)
    assert not np.shares_memory(held.crop, picture), "the crop must not keep the whole frame alive"
    assert max(held.scene.shape[:2]) <= 16


@pytest.mark.parametrize(
    ("box", "whole"),
    [((100, 100, 200, 200), (97, 97, 203, 203)), ((0, 0, 1280, 720), (0, 0, 1280, 720))],
)
def test_a_box_is_widened_inside_the_picture(box: tuple[int, ...], whole: tuple[int, ...]) -> None:
    assert widened_box((box[0], box[1], box[2], box[3]), *SIZE_PX) == whole
