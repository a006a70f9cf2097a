"""One lorry is one passage: the pipeline on the rendered film, as it is and with the film's time bent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from edge.colour import Converted
from edge.frames import Frame, as_picture
from edge.pipeline import PARKED_S, CameraPipeline
from edge.seen import SeenVehicle
from edge.settings import Models, PipelineSettings, load_models
from edge.sources import open_source
from edge.weights import Weights
from tests.edge.pictures import BEGAN, ROOT

ENTRY = ROOT / "deploy/demo/film/clips/entry.mp4"
FIRST_LORRY_S = (2.0, 10.0)
IN_VIEW_S = 6.5


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models(Weights())


@pytest.fixture(scope="module")
def film() -> list[Frame]:
    """The frames in which the first lorry passes."""
    source = open_source(str(ENTRY), BEGAN)
    frames = [frame for frame in source if FIRST_LORRY_S[0] <= frame.offset_s <= FIRST_LORRY_S[1]]
    source.close()
    return frames


def later(frame: Frame, by_s: float) -> Frame:
    return replace(frame, at=frame.at + timedelta(seconds=by_s), offset_s=frame.offset_s + by_s)


def standing(frame: Frame, seconds: float) -> Iterator[Frame]:
    """The same scene for a while, five pictures a second, with a sensor's noise."""
    rng = np.random.default_rng(3)
    noisy = [as_picture(np.clip(frame.luma + rng.normal(0, 1.5, frame.luma.shape), 0, 255)) for _ in range(3)]
    for i in range(1, round(seconds * 5)):
        yield later(replace(frame, luma=noisy[i % 3], colour=Converted(frame.bgr)), i / 5)


def stopped(film: list[Frame], seconds: float) -> Iterator[Frame]:
    """The lorry stops in view and stands for `seconds` before it drives on."""
    for frame in film:
        if frame.offset_s < IN_VIEW_S:
            yield frame
    halt = next(frame for frame in film if frame.offset_s >= IN_VIEW_S)
    yield from standing(halt, seconds)
    for frame in film:
        if frame.offset_s >= IN_VIEW_S:
            yield later(frame, seconds)


def hgvs(frames: Iterator[Frame] | list[Frame], models: Models) -> list[SeenVehicle]:
    pipeline = CameraPipeline(models, PipelineSettings(), "film")
    vehicles = [vehicle for frame in frames for vehicle in pipeline.feed(frame)] + pipeline.finish()
    assert not pipeline.finish(), "a vehicle was told twice"
    return [vehicle for vehicle in vehicles if vehicle.hgv >= 0.5]


def only(vehicles: list[SeenVehicle]) -> SeenVehicle:
    assert len(vehicles) == 1, [(v.first_s, v.last_s, v.hgv) for v in vehicles]
    return vehicles[0]


def test_a_lorry_that_passes(film: list[Frame], models: Models) -> None:
    lorry = only(hgvs(film, models))
    assert lorry.reading is not None
    assert lorry.direction == "towards"


def test_a_second_without_pictures(film: list[Frame], models: Models) -> None:
    gap = (IN_VIEW_S - 0.5, IN_VIEW_S + 0.5)
    only(hgvs([frame for frame in film if not gap[0] <= frame.offset_s <= gap[1]], models))


def test_a_stop_of_two_minutes(film: list[Frame], models: Models) -> None:
    only(hgvs(stopped(film, 120.0), models))


def test_a_parked_lorry_is_told_once_and_soon(film: list[Frame], models: Models) -> None:
    pipeline = CameraPipeline(models, PipelineSettings(), "film")
    told: list[float] = []
    for frame in stopped(film, 240.0):
        told += [frame.offset_s for vehicle in pipeline.feed(frame) if vehicle.hgv >= 0.5]
    assert pipeline.finish() == []
    assert len(told) == 1, told
    assert IN_VIEW_S + PARKED_S <= told[0] <= IN_VIEW_S + PARKED_S + 10


def test_a_lorry_that_never_moves_passes_nothing(film: list[Frame], models: Models) -> None:
    halt = next(frame for frame in film if frame.offset_s >= IN_VIEW_S)
    pipeline = CameraPipeline(models, PipelineSettings(), "film")
    assert [pipeline.feed(frame) for frame in standing(halt, 20.0)] == [[]] * 99
    assert pipeline.finish() == []
    assert pipeline.outcomes.counts["vehicles_standing"] + pipeline.outcomes.counts["vehicles_too_brief"] >= 1


def test_pictures_that_change_their_size_begin_anew(film: list[Frame], models: Models) -> None:
    half = [
        replace(
            frame, luma=as_picture(frame.luma[::2, ::2]), colour=Converted(lambda f=frame: f.bgr()[::2, ::2])
        )
        if frame.offset_s >= 8.5
        else frame
        for frame in film
    ]
    only(hgvs(half, models))
