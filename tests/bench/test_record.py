"""The file of figures, the slope of memory and the baseline."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.weights import Weights
from tests.bench.clips import still_pictures, write_clip
from tests.bench.memory_hour import FRAME_S, endless, mb_per_hour
from tests.bench.naive import NaiveChain
from tests.bench.record import last_lines, said


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


def test_the_first_line_of_a_clip_is_compared_with_nothing() -> None:
    assert "since" not in said(line(naive_ms=200.0, times_cheaper_than_naive=50.0), None)


@pytest.mark.parametrize(
    ("samples_mb", "slope"), [([], 0), ([250], 0), ([250, 250, 250], 0), ([250, 251, 252], 90), ([2, 1], -90)]
)
def test_the_slope_of_memory_is_per_hour(samples_mb: list[float], slope: float) -> None:
    assert mb_per_hour(samples_mb) == pytest.approx(slope)


def test_a_looped_clip_is_one_stream(tmp_path: Path) -> None:
    grey = np.full((48, 64, 3), 110, np.uint8)
    clip = write_clip(tmp_path / "grey.mp4", still_pictures(grey, 5, seed=1))
    frames = list(islice(endless(clip), 12))
    assert [frame.number for frame in frames] == list(range(12))
    assert [frame.offset_s for frame in frames] == pytest.approx([i * FRAME_S for i in range(12)])
    assert all(frame.luma.shape == (48, 64) for frame in frames)


def test_the_baseline_sees_no_vehicle_on_an_empty_picture() -> None:
    assert NaiveChain(Weights()).read(np.full((360, 640, 3), 110, np.uint8)) == []
