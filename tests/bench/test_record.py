"""The file of figures, the slope of memory and the baseline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.sources.file import FileSource
from tests.bench.clips import FREEWAY, STILL_CLIP, still_pictures, write_clip, write_looped
from tests.bench.looped_unit import BEGAN, Sample, UnitFailedError, samples
from tests.bench.memory_hour import mb_per_frame, thinned
from tests.bench.naive import NaiveChain, WeightsNotHereError
from tests.bench.record import last_lines, missed, said


def line(**changes: Any) -> dict[str, Any]:
    """An invented line of the file of figures."""
    told = {
        "date": "2026-01-02",
        "commit": "abc",
        "clip": "a.mp4",
        "decode_ms": 2.0,
        "total_ms": 4.0,
        "ratio": 2.0,
        "stages": {"decode": 2.2, "read": 1.8},
        "peak_mb": 251.3,
        "size_px": [1280, 720],
        "frames": 1000,
        "calls": {"decode": 1000, "read": 600},
    }
    return told | changes


def test_the_newest_line_of_each_clip_is_what_is_compared_with(tmp_path: Path) -> None:
    figures = tmp_path / "figures.jsonl"
    assert last_lines(figures) == {}
    lines = [line(commit="one"), line(clip="b.mp4"), line(commit="two")]
    figures.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    assert {clip: one["commit"] for clip, one in last_lines(figures).items()} == {
        "a.mp4": "two",
        "b.mp4": "abc",
    }


@pytest.mark.parametrize(
    ("now", "says", "slower"),
    [
        (line(), "total +0 %", False),
        (line(total_ms=3.0, ratio=1.5), "total -25 %", False),
        (line(total_ms=8.0, ratio=4.0), "total +100 %", True),
        (line(decode_ms=4.0, total_ms=8.0, stages={"decode": 4.4, "read": 3.6}), "read +0 %", False),
        (line(stages={"decode": 2.2, "find": 1.8}), "decode +0 %", False),
    ],
)
def test_a_slow_down_is_seen_and_a_slow_machine_is_none(now: dict[str, Any], says: str, slower: bool) -> None:
    text = said(now, line())
    assert says in text
    assert text.endswith("SLOWER") is slower


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, []),
        ({"ratio": 2.1}, ["times decoding at 720p"]),
        ({"ratio": 2.1, "size_px": [352, 288]}, []),
        ({"ratio": 1.3, "clip": STILL_CLIP}, ["times decoding where nothing moves"]),
        ({"total_ms": 4.1, "size_px": [640, 360], "clip": FREEWAY}, ["ms a frame on the freeway"]),
        ({"times_cheaper_than_naive": 19.0}, ["times cheaper than naive"]),
        ({"calls": {"read": 400}}, ["ms for one read"]),
        ({"calls": {"find": 400}, "stages": {"find": 2.5}}, ["ms for one find"]),
        ({"peak_mb": 401.0}, ["MB at the peak"]),
    ],
)
def test_a_clip_that_costs_too_much_is_named(changes: dict[str, Any], says: list[str]) -> None:
    assert [bar.says for bar in missed(line(**changes))] == says


def test_the_first_line_of_a_clip_is_compared_with_nothing() -> None:
    assert "since" not in said(line(naive_ms=200.0, times_cheaper_than_naive=50.0), None)


@pytest.mark.parametrize(
    ("held_mb", "slope"),
    [([], 0), ([250], 0), ([250, 250, 250], 0), ([250, 251, 252], 0.001), ([2, 1], -0.001)],
)
def test_the_slope_of_memory(held_mb: list[float], slope: float) -> None:
    noted = [Sample(1000 * i, 0, mb, mb) for i, mb in enumerate(held_mb, 1)]
    assert mb_per_frame(noted) == pytest.approx(slope)


def test_one_sample_is_kept_of_every_thousand_frames() -> None:
    all_of_them = [
        Sample(frames, 0, 1.0, 1.0) for frames in (0, 900, 1010, 1500, 1990, 2005, 4300, 4900, 5000)
    ]
    assert [sample.frames for sample in thinned(all_of_them)] == [1010, 2005, 4300, 5000]


def test_a_looped_film_holds_every_frame_in_order(tmp_path: Path) -> None:
    pictures = (np.full((48, 64, 3), 20 * number, np.uint8) for number in range(12))
    clip = write_clip(tmp_path / "steps.mp4", pictures)
    film = FileSource(write_looped(tmp_path / "film.mp4", clip, 30), BEGAN)
    frames = list(film)
    film.close()
    assert (len(frames), film.skipped) == (36, 0)
    assert [frame.offset_s for frame in frames] == pytest.approx([i / 25 for i in range(36)], abs=1e-3)
    levels = [float(frame.luma.mean()) for frame in frames]
    assert levels[:12] == sorted(levels[:12])
    assert levels[:12] == levels[12:24] == levels[24:]


FRAMES = 20_000
"""Enough that the unit is seen at work before its film has ended."""


def test_a_unit_watches_a_film_to_its_end_and_its_memory_is_seen(tmp_path: Path) -> None:
    grey = np.full((48, 64, 3), 110, np.uint8)
    clip = write_clip(tmp_path / "grey.mp4", still_pictures(grey, 25, seed=1))
    film = write_looped(tmp_path / "film.mp4", clip, FRAMES)
    seen = list(samples(film, tmp_path))
    frames = [sample.frames for sample in seen]
    assert frames == sorted(frames)
    assert 0 < frames[-1] <= FRAMES
    assert all(0 < sample.resident_mb < sample.peak_mb + 1 for sample in seen)


def test_a_unit_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(UnitFailedError, match=r"none\.mp4"):
        list(samples(tmp_path / "none.mp4", tmp_path))


def test_the_baseline_sees_no_vehicle_on_an_empty_picture() -> None:
    try:
        chain = NaiveChain()
    except WeightsNotHereError as error:
        pytest.skip(str(error))
    assert chain.read(np.full((360, 640, 3), 110, np.uint8)) == []


def test_the_baseline_says_which_network_is_missing(tmp_path: Path) -> None:
    with pytest.raises(WeightsNotHereError, match=r"ssdlite_mobilenet_v2_coco_300\.onnx is in none of"):
        NaiveChain([tmp_path])
