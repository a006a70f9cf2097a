"""Memory over an hour of one 720p camera: `python -m tests.bench.memory_hour` (about 20 minutes of CPU).

One pipeline sees a clip looped for 90,000 frames (an hour at 25 a second) as one stream that never ends. What
the process holds is noted every 1,000 frames; first, last, peak and the slope tell whether it is flat.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from edge.bench_memory import peak_mb, resident_mb
from edge.frames import Frame
from edge.pipeline import CameraPipeline
from edge.settings import PipelineSettings, load_models
from edge.sources.file import FileSource
from edge.sources.opening import EPOCH
from edge.weights import Weights
from tests.bench.clips import SHARED_VIDEO

CLIP = "uk_motorway_cars_720p_plates_blown.mp4"
FRAMES, EVERY = 90_000, 1_000
FRAME_S = 1 / 25
SETTLED_FROM = 5
"""Samples at the start that the slope leaves out: the networks take their memory at their first use."""
MOST_MB, STEEPEST_MB_PER_HOUR = 400.0, 10.0


def main() -> int:
    """0 where the peak is under 400 MB and the memory flat, 1 where not, 2 without a clip."""
    parser = argparse.ArgumentParser(description="Watch the memory of a pipeline for an hour of video.")
    parser.add_argument("--clip", type=Path, default=SHARED_VIDEO / CLIP, help="the clip that is looped")
    parser.add_argument("--frames", type=int, default=FRAMES, help="how many frames (default 90,000)")
    parser.add_argument("--keep-all-plates", action="store_true", help="read every vehicle, not HGVs only")
    arguments = parser.parse_args()
    if not arguments.clip.is_file():
        print(f"{arguments.clip} is missing", file=sys.stderr)
        return 2
    settings = PipelineSettings(keep_all_plates=arguments.keep_all_plates)
    samples_mb = watched(arguments.clip, settings, arguments.frames)
    slope = mb_per_hour(samples_mb[SETTLED_FROM:])
    peak = peak_mb()
    print(
        f"first {samples_mb[0]:.1f} MB, last {samples_mb[-1]:.1f} MB, peak {peak:.1f} MB, "
        f"slope {slope:+.2f} MB an hour"
    )
    return 0 if peak < MOST_MB and slope <= STEEPEST_MB_PER_HOUR else 1


def watched(clip: Path, settings: PipelineSettings, frames: int) -> list[float]:
    """What the process holds after every EVERY frames, in MB; printed as it comes."""
    pipeline = CameraPipeline(load_models(Weights()), settings, str(clip))
    samples_mb: list[float] = []
    vehicles = 0
    for frame in endless(clip):
        vehicles += len(pipeline.feed(frame))
        pipeline.traffic()
        if (frame.number + 1) % EVERY == 0:
            samples_mb.append(resident_mb())
            print(f"{frame.number + 1} frames, {vehicles} vehicles, {samples_mb[-1]:.1f} MB", flush=True)
        if frame.number + 1 >= frames:
            return samples_mb
    return samples_mb


def endless(clip: Path) -> Iterator[Frame]:
    """The clip again and again, its frames numbered and timed as those of one stream."""
    number = 0
    while True:
        source = FileSource(clip, EPOCH)
        for frame in source:
            offset_s = number * FRAME_S
            yield replace(frame, number=number, offset_s=offset_s, at=EPOCH + timedelta(seconds=offset_s))
            number += 1
        source.close()


def mb_per_hour(samples_mb: Sequence[float]) -> float:
    """The slope of the straight line through the samples by least squares; 0 for fewer than two."""
    if len(samples_mb) < 2:
        return 0.0
    middle = (len(samples_mb) - 1) / 2
    mean_mb = sum(samples_mb) / len(samples_mb)
    rise = sum((i - middle) * (mb - mean_mb) for i, mb in enumerate(samples_mb))
    run = sum((i - middle) ** 2 for i in range(len(samples_mb)))
    samples_per_hour = 3600 / (EVERY * FRAME_S)
    return rise / run * samples_per_hour


if __name__ == "__main__":
    sys.exit(main())
