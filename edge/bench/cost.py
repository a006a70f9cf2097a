"""What a clip costs: CPU per frame and stage beside that of decoding alone, and memory at its peak.

Both are measured in one process of their own for each clip, so that peaks do not mix. Decoding alone and the
pipeline take turns, loop by loop, so that a machine that slows down slows both. A clip is looped whole until
`least_frames` are seen; each loop has a fresh pipeline, so that no vehicle passes across the seam.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

import av
from av.error import FFmpegError

from edge.bench.memory import peak_mb
from edge.errors import SourceError
from edge.pipeline import CameraPipeline
from edge.seen import SeenVehicle
from edge.settings import PipelineSettings, load_models
from edge.sources.file import FileSource
from edge.sources.opening import EPOCH
from edge.stages import Stages
from edge.weights import Weights

LEAST_FRAMES = 1000
DECODE, OTHER = "decode", "other"
"""Getting frames from the file; and what is in no stage of the pipeline's own."""


@dataclass(frozen=True)
class Measurement:
    """What to measure and how: `weights` is a folder, or None for the shipped ones."""

    clip: Path
    settings: PipelineSettings
    weights: Path | None = None
    threads: int = 1
    least_frames: int = LEAST_FRAMES


@dataclass(frozen=True)
class ClipCost:
    """CPU seconds (user and system, all threads) of `frames` frames in `loops` loops of the clip.

    `loading_s`, the models', is no part of `total_s`. `stages_s` adds up to `total_s`; `calls` says how often
    each stage was entered. `passages` counts the vehicles that passed, `hgvs` those that look like HGVs.
    `size_px` is width and height.
    """

    source: str
    size_px: tuple[int, int]
    frames: int
    loops: int
    passages: int
    hgvs: int
    decode_s: float
    total_s: float
    stages_s: dict[str, float]
    calls: dict[str, int]
    loading_s: float
    peak_mb: float

    @property
    def decode_ms(self) -> float:
        """Decoding alone, per frame."""
        return 1000 * self.decode_s / self.frames

    @property
    def total_ms(self) -> float:
        """Everything, per frame."""
        return 1000 * self.total_s / self.frames

    @property
    def ratio(self) -> float:
        """Everything in times of decoding alone."""
        return self.total_s / self.decode_s

    @property
    def fps(self) -> float:
        """Frames that one thread gets through in a second of CPU time."""
        return self.frames / self.total_s


def measured(wanted: Measurement) -> ClipCost:
    """The cost of one clip, measured in a process of its own.

    Raises SourceError for a clip that cannot be read or is none, ModelError for missing weights.
    """
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawn) as process:
        try:
            return process.submit(measured_here, wanted).result()
        except BrokenProcessPool:
            raise SourceError(
                f"the process that measured {wanted.clip} was killed, most likely for want of memory: "
                "measure it alone, or a smaller clip"
            ) from None


def measured_here(wanted: Measurement, cpu_s: Callable[[], float] = time.process_time) -> ClipCost:
    """The cost of one clip in this process; `peak_mb` is the process's. Raises as `measured`."""
    began_s = cpu_s()
    models = load_models(Weights(wanted.weights), wanted.threads)
    loading_s = cpu_s() - began_s
    stages, loops, decode_s = Stages(cpu_s), _Loops(), 0.0
    while loops.frames < wanted.least_frames:
        with stages.stage(OTHER):
            pipeline = CameraPipeline(models, wanted.settings, str(wanted.clip), stages)
            loops.see(wanted.clip, pipeline, stages)
        began_s = cpu_s()
        _decode_alone(wanted.clip)
        decode_s += cpu_s() - began_s
    return ClipCost(
        source=str(wanted.clip),
        size_px=loops.size_px,
        frames=loops.frames,
        loops=loops.count,
        passages=len(loops.passages),
        hgvs=sum(hgv >= wanted.settings.hgv_from for hgv in loops.passages),
        decode_s=decode_s,
        total_s=sum(stages.seconds.values()),
        stages_s=dict(stages.seconds),
        calls=dict(stages.calls),
        loading_s=loading_s,
        peak_mb=peak_mb(),
    )


@dataclass
class _Loops:
    """What was seen so far; of each passage only how much of an HGV it was."""

    size_px: tuple[int, int] = (0, 0)
    frames: int = 0
    count: int = 0
    passages: list[float] = field(default_factory=list)

    def see(self, clip: Path, pipeline: CameraPipeline, stages: Stages) -> None:
        """The clip once, from end to end."""
        source = FileSource(clip, EPOCH)
        frames = iter(source)
        try:
            while True:
                with stages.stage(DECODE):
                    frame = next(frames, None)
                if frame is None:
                    break
                self.frames += 1
                self.size_px = frame.width_px, frame.height_px
                self._note(pipeline.feed(frame))
            self._note(pipeline.finish())
        finally:
            source.close()
        self.count += 1

    def _note(self, vehicles: list[SeenVehicle]) -> None:
        self.passages += [vehicle.hgv for vehicle in vehicles]


def _decode_alone(clip: Path) -> None:
    """The floor: PyAV with its default options on one thread; no conversion, not even the luma copied."""
    try:
        with av.open(str(clip)) as container:
            stream = container.streams.video[0]
            stream.thread_type, stream.thread_count = "NONE", 1
            for _ in container.decode(stream):
                pass
    except (FFmpegError, OSError, IndexError) as error:
        raise SourceError(
            f"{clip} cannot be decoded from end to end ({error}): what it costs cannot be compared with "
            "decoding alone; check the path and that the file is a whole video (ffprobe shows what it holds)"
        ) from None
