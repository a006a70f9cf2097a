"""The forms in which the freeway clip is watched."""

from __future__ import annotations

import numpy as np
import pytest

from edge.frames import as_picture
from tests.accuracy.forms import DARKER, Form
from tests.edge.pictures import frame

CHANCE = np.random.default_rng(4)
CLIP = [frame(as_picture(CHANCE.integers(0, 256, (40, 64, 3))), number=number) for number in range(6)]


def test_the_clip_as_it_is_begins_where_it_is_told_to() -> None:
    assert [one.number for one in Form(begins_at=2).frames(CLIP)] == [2, 3, 4, 5]
    assert all(given is one for given, one in zip(Form().frames(CLIP), CLIP, strict=True))


def test_a_mirrored_form_turns_pictures_and_road_alike() -> None:
    form = Form(mirrored=True)
    (first, *_) = form.frames(CLIP)
    assert (first.bgr() == CLIP[0].bgr()[:, ::-1]).all()
    assert first.offset_s == CLIP[0].offset_s
    assert form.road(((0.25, 0.5), (0.5, 1.0))) == ((0.75, 0.5), (0.5, 1.0))
    twice = form.picture(form.picture(CLIP[1].bgr()))
    assert (twice == CLIP[1].bgr()).all()


def test_a_darker_form_darkens_all_but_black_and_white() -> None:
    levels = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    dark = Form(gamma=DARKER).picture(as_picture(levels))[0, :, 0].astype(int)
    assert (dark[0], dark[255]) == (0, 255)
    assert (np.diff(dark) >= 0).all()
    assert dark[128] == pytest.approx(255 * (128 / 255) ** DARKER, abs=1)
