"""The command that says what clips cost: it measures what it says, and adds up."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from edge.bench.cost import ClipCost, Measurement, measured, measured_here
from edge.bench.memory import peak_mb, resident_mb
from edge.cli import main
from edge.commands.bench import as_json
from edge.errors import SourceError
from edge.settings import PipelineSettings
from tests.bench.clips import still_pictures, write_clip


@pytest.fixture
def grey_clip(tmp_path: Path) -> Path:
    """Twelve grey pictures, 64 x 48: a road with nothing on it."""
    return write_clip(tmp_path / "grey.mp4", still_pictures(np.full((48, 64, 3), 110, np.uint8), 12, seed=1))


def cost(**changes: object) -> ClipCost:
    """An invented cost: 1000 frames that took 8 s, 2 s of them decoding."""
    told: dict[str, object] = {
        "source": "a.mp4",
        "size_px": (1280, 720),
        "frames": 1000,
        "loops": 4,
        "passages": 20,
        "hgvs": 3,
        "decode_s": 2.0,
        "total_s": 8.0,
        "stages_s": {"decode": 2.5, "read": 1.5, "other": 4.0},
        "calls": {"decode": 1000, "read": 3, "other": 4},
        "loading_s": 0.4,
        "peak_mb": 251.26,
    }
    return ClipCost(**(told | changes))  # type: ignore[arg-type] # a table of invented figures


def test_the_figures_of_a_clip_follow_from_its_seconds() -> None:
    assert as_json(cost()) == {
        "source": "a.mp4",
        "size_px": [1280, 720],
        "decode_ms": 2.0,
        "total_ms": 8.0,
        "stages": {"decode": 2.5, "read": 1.5, "other": 4.0},
        "stages_per_passage_ms": {"decode": 125.0, "read": 75.0, "other": 200.0},
        "calls": {"decode": 1000, "read": 3, "other": 4},
        "ratio": 4.0,
        "fps": 125.0,
        "peak_mb": 251.3,
        "frames": 1000,
        "loops": 4,
        "passages": 20,
        "hgvs": 3,
        "loading_ms": 400.0,
    }


def test_a_clip_without_vehicles_has_no_cost_per_passage() -> None:
    assert as_json(cost(passages=0, hgvs=0))["stages_per_passage_ms"] is None


def test_a_short_clip_is_looped_whole_and_every_second_lies_in_one_stage(grey_clip: Path) -> None:
    ticks = iter(range(10_000_000))
    found = measured_here(
        Measurement(grey_clip, PipelineSettings(), least_frames=30), lambda: next(ticks) * 0.001
    )
    assert (found.loops, found.frames, found.passages) == (3, 36, 0)
    assert set(found.stages_s) >= {"decode", "gate", "follow", "detect", "other"}
    assert found.total_s == pytest.approx(sum(found.stages_s.values()))
    assert found.stages_s["decode"] == pytest.approx(0.001 * found.calls["decode"])
    assert found.calls["decode"] == found.frames + found.loops, "the end of each loop is asked for too"
    assert found.decode_s == pytest.approx(0.001 * found.loops)


def test_a_clip_is_measured_in_a_process_of_its_own(grey_clip: Path) -> None:
    ballast = np.ones(64_000_000, np.float64)
    found = measured(Measurement(grey_clip, PipelineSettings(), least_frames=12))
    assert found.total_s > found.decode_s > 0
    assert found.loading_s > 0
    assert 0 < found.peak_mb < ballast.nbytes / 2**20, "the parent's memory is not the clip's"


def test_the_peak_of_memory_stays_after_the_memory_is_given_back() -> None:
    before_mb = resident_mb()
    ballast = np.ones(16_000_000, np.float64)
    full_mb, size_mb = resident_mb(), ballast.nbytes / 2**20
    del ballast
    assert full_mb - before_mb > 0.9 * size_mb
    assert peak_mb() > full_mb - 0.1 * size_mb, "the kernel counts in batches"
    assert resident_mb() < full_mb - 0.9 * size_mb


@pytest.mark.parametrize("content", [None, b"no video"])
def test_what_is_no_clip_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "none.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=r"none\.mp4"):
        measured(Measurement(path, PipelineSettings()))


def test_the_command_ends_with_one_line_of_json(
    grey_clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "none.mp4")
    assert main(["bench", str(grey_clip), missing, "--json"]) == 2
    out, err = capsys.readouterr()
    *table, last = out.splitlines()
    (clip,) = json.loads(last)["clips"]
    assert clip["source"] == str(grey_clip)
    assert clip["frames"] >= 1000
    assert clip["size_px"] == [64, 48]
    assert sum(clip["stages"].values()) == pytest.approx(clip["total_ms"], abs=0.01)
    assert clip["ratio"] == pytest.approx(clip["total_ms"] / clip["decode_ms"], rel=0.05)
    assert any("grey.mp4" in line for line in table)
    assert "none.mp4 is not there" in err


def test_the_pictures_of_a_road_where_nothing_moves_differ_by_noise_only() -> None:
    picture = np.full((40, 60, 3), 128, np.uint8)
    one, other = still_pictures(picture, 2, seed=5)
    assert 0 < np.abs(one.astype(int) - other).mean() < 4
    again = list(still_pictures(picture, 2, seed=5))
    assert all((a == b).all() for a, b in zip([one, other], again, strict=True))
    assert all((a != b).any() for a, b in pairwise(again))
