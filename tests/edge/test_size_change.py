"""The shipped pipeline on a stream whose pictures change their size while a lorry passes."""

from __future__ import annotations

import cv2

from edge.frames import as_picture
from edge.pipeline import CameraPipeline
from edge.settings import PipelineSettings, load_models
from edge.sources import open_source
from edge.weights import Weights
from tests.edge.pictures import ROOT, frame

FILM = ROOT / "deploy" / "demo" / "film" / "clips" / "van.mp4"
CHANGES_AT = 24


def test_a_lorry_is_still_seen_and_its_plate_read_right_or_not_at_all() -> None:
    models = load_models(Weights())
    film = list(open_source(str(FILM)))
    whole = CameraPipeline(models, PipelineSettings(), "whole")
    right = {
        each.reading.text
        for each in [v for f in film for v in whole.feed(f)] + whole.finish()
        if each.reading
    }
    assert len(right) == 1
    changed = CameraPipeline(models, PipelineSettings(), "changed")
    seen = []
    for each in film:
        picture = each.bgr()
        if each.number >= CHANGES_AT:
            picture = as_picture(cv2.resize(picture, (854, 480), interpolation=cv2.INTER_AREA))
        seen += changed.feed(frame(picture, each.number, each.offset_s))
    seen += changed.finish()
    assert any(each.hgv >= 0.5 for each in seen)
    assert {each.reading.text for each in seen if each.reading} <= right
    for each in seen:
        width, height = (854, 480) if each.frame_number >= CHANGES_AT else (1280, 720)
        assert each.box_px[2] <= width
        assert each.box_px[3] <= height
