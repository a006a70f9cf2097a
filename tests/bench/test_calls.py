"""The crops and patches of which each call is timed are those that the pipeline asks about."""

from __future__ import annotations

from pathlib import Path

import cv2

from edge.settings import load_models
from edge.sources.file import FileSource
from edge.sources.opening import EPOCH
from edge.weights import Weights
from tests.accuracy.labels import Picture
from tests.bench.calls import asked_about, said
from tests.bench.clips import SHIPPED_CLIP

LORRY_IS_NEAR = 90
"""A frame of the shipped clip."""


def test_finder_and_reader_are_asked_what_the_pipeline_asks_them(tmp_path: Path) -> None:
    source = FileSource(SHIPPED_CLIP, EPOCH)
    frame = next(frame for frame in source if frame.number == LORRY_IS_NEAR)
    path = tmp_path / "near.png"
    assert cv2.imwrite(str(path), frame.bgr())
    source.close()
    models = load_models(Weights())
    crops, patches = asked_about([Picture(path, ())], models)
    found = [patch.picture.shape for crop in crops for patch in models.localiser.find(crop)]
    assert patches
    assert {patch.picture.shape for patch in patches} <= set(found)


def test_the_longest_call_is_held_against_the_bar() -> None:
    assert said("find", [1.0, 2.0, 5.9]).endswith("5.90 at most")
    assert said("find", [1.0, 2.0, 6.1]).endswith("MISSED: at most 6 ms for one")
