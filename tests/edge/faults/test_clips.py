"""The watch on real clips and on the demo's film: silent as they are, and not when they are spoilt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge.faults import FaultWatch
from edge.frames import Picture, as_picture
from edge.sources import open_source
from tests.edge.faults.roads import Watched
from tests.edge.pictures import ROOT, SHARED_DATA, needs_shared_data

FILMS = sorted((ROOT / "deploy" / "demo" / "film" / "clips").glob("*.mp4"))
CLIPS = sorted((SHARED_DATA / "video").glob("*.mp4"))
SIZE_PX = (640, 360)


def small_noise(rng: np.random.Generator, picture: Picture) -> Picture:
    """The picture with a sensor's noise, so that a clip that is shown again is not the same again."""
    return as_picture((picture + rng.integers(-2, 3, picture.shape)).clip(0, 255))


def endless(film: Path) -> Iterator[Picture]:
    """Pictures of a film in no order, each with noise of its own: a road that goes on for hours."""
    rng = np.random.default_rng(4)
    frames = islice(open_source(str(film)), 0, None, 5)
    pictures = [as_picture(cv2.resize(frame.luma, SIZE_PX, interpolation=cv2.INTER_AREA)) for frame in frames]
    while True:
        yield small_noise(rng, pictures[int(rng.integers(len(pictures)))])


def aside(picture: Picture) -> Picture:
    width, height = SIZE_PX
    turned = np.array([[1, 0, 0.08 * width], [0, 1, 0.03 * height]], np.float32)
    return as_picture(cv2.warpAffine(picture, turned, SIZE_PX, borderMode=cv2.BORDER_REFLECT))


def flooded(picture: Picture) -> Picture:
    noise = np.random.default_rng(int(picture[0, :8].sum())).normal(0, 60, picture.shape)
    return as_picture((picture + noise).clip(0, 255))


def dark(picture: Picture) -> Picture:
    return as_picture(16 + (picture > 250))


def smaller(picture: Picture) -> Picture:
    return as_picture(cv2.resize(picture, (352, 288), interpolation=cv2.INTER_AREA))


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.stem)
def test_the_demos_films_have_no_fault(film: Path) -> None:
    watch = FaultWatch()
    assert {watch.look(frame) for frame in open_source(str(film))} == {None}


@needs_shared_data
@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.stem)
def test_real_clips_have_no_fault(clip: Path) -> None:
    watch = FaultWatch()
    assert {watch.look(frame) for frame in open_source(str(clip))} == {None}
    watched, road = Watched(FaultWatch()), endless(clip)
    assert watched.kinds(islice(road, 400)) == set()


@pytest.mark.parametrize(
    ("kind", "spoilt"),
    [("moved", aside), ("noise", flooded), ("black", dark), ("resolution_changed", smaller)],
)
def test_a_film_that_is_spoilt_is_noticed(kind: str, spoilt: Callable[[Picture], Picture]) -> None:
    watched, road = Watched(FaultWatch()), endless(FILMS[0])
    assert watched.kinds(islice(road, 310)) == set()
    assert watched.kinds(spoilt(picture) for picture in islice(road, 80)) == {kind}


def test_another_place_in_another_light_is_not_learnt_on_the_way() -> None:
    watched = Watched(FaultWatch())
    assert watched.kinds(islice(endless(FILMS[0]), 310)) == set()
    elsewhere = (as_picture(picture // 2 + 8) for picture in endless(FILMS[1]))
    said = watched.shown(islice(elsewhere, 400))
    assert {fault.kind for fault in said if fault} == {"moved"}
    assert said[-1] is not None


@pytest.mark.parametrize("size_px", [(1, 1), (1, 9), (9, 1), (79, 44), (81, 46), (1919, 1079)])
def test_pictures_of_any_size_can_be_looked_at(size_px: tuple[int, int]) -> None:
    width, height = size_px
    rng = np.random.default_rng(1)
    watched = Watched(FaultWatch())
    assert watched.kinds(rng.integers(0, 256, (height, width), np.uint8) for _ in range(3)) == set()
