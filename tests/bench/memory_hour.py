"""Memory of a unit with one 720p camera over an hour of video: `python -m tests.bench.memory_hour`.

A clip is looped to 90,000 frames (an hour at 25 a second), which `hgv-edge run` watches as fast as it can.
What the unit holds is noted every 1,000 frames; first, last, peak and the slope tell whether it is flat.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.bench.clips import SHIPPED_CLIP, write_looped
from tests.bench.looped_unit import Sample, samples

FRAMES, EVERY = 90_000, 1_000
SETTLED_FROM = 5
"""Samples at the start that the slope leaves out: the networks take their memory at their first use."""
MOST_MB, STEEPEST_MB = 400.0, 10.0
"""The bar for the peak, and the slope up to which memory counts as flat, in MB for 90,000 frames."""


def main() -> int:
    """0 where the peak is under 400 MB and the memory flat, 1 where not."""
    parser = argparse.ArgumentParser(description="Watch a unit's memory for an hour of video.")
    parser.add_argument("--clip", type=Path, default=SHIPPED_CLIP, help="the clip that is looped")
    parser.add_argument("--frames", type=int, default=FRAMES, help="how many frames (default 90,000)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        film = write_looped(folder / "film.mp4", arguments.clip, arguments.frames)
        noted = []
        for sample in thinned(samples(film, folder)):
            print(
                f"{sample.frames} frames, {sample.passages} passages, {sample.resident_mb:.1f} MB", flush=True
            )
            noted.append(sample)
    settled = noted[SETTLED_FROM:]
    slope = FRAMES * mb_per_frame(settled)
    peak = max(sample.peak_mb for sample in noted)
    print(
        f"first {noted[0].resident_mb:.1f} MB, last {noted[-1].resident_mb:.1f} MB, peak {peak:.1f} MB, "
        f"slope {slope:+.1f} MB in {FRAMES} frames"
    )
    return 0 if peak < MOST_MB and slope <= STEEPEST_MB else 1


def thinned(all_of_them: Iterable[Sample]) -> Iterable[Sample]:
    """The first sample of every EVERY frames."""
    seen = 0
    for sample in all_of_them:
        if sample.frames >= seen + EVERY:
            seen = sample.frames - sample.frames % EVERY
            yield sample


def mb_per_frame(noted: Sequence[Sample]) -> float:
    """The slope of the straight line through the samples by least squares; 0 for fewer than two."""
    if len(noted) < 2:
        return 0.0
    frames = sum(sample.frames for sample in noted) / len(noted)
    held_mb = sum(sample.resident_mb for sample in noted) / len(noted)
    rise = sum((sample.frames - frames) * (sample.resident_mb - held_mb) for sample in noted)
    run = sum((sample.frames - frames) ** 2 for sample in noted)
    return rise / run


if __name__ == "__main__":
    sys.exit(main())
