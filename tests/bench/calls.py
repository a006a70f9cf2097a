"""Times each finder call and each read on the photographs of ../shared/data: `python -m tests.bench.calls`.

The clips have few large vehicles and hardly a doubtful plate; these sets have both. A call's time is the
median of several, CPU of the process on one thread.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from edge import frames
from edge.outcomes import Outcomes
from edge.plates.localise import PlateLocaliser, PlatePatch
from edge.plates.read import PlateReader
from edge.seen import RawRead
from edge.settings import Models, PipelineSettings, load_models
from edge.sources.folder import read_picture, still_frame
from edge.sources.opening import EPOCH
from edge.still import vehicles_in
from edge.weights import Weights
from tests.accuracy.labels import Picture, british_pictures, european_pictures, stills
from tests.bench.bars import MOST_CALL_MS, Bar

REPEATS = 9


@dataclass
class _Finder:
    """A localiser that keeps the crops it was asked about."""

    real: PlateLocaliser
    asked: list[frames.Picture] = field(default_factory=list)

    def find(self, crop: frames.Picture) -> list[PlatePatch]:
        self.asked.append(crop.copy())
        return self.real.find(crop)


@dataclass
class _Reader:
    """A reader that keeps the patches it was asked about."""

    real: PlateReader
    asked: list[PlatePatch] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.real.name

    def read(self, patch: PlatePatch, frame_number: int) -> RawRead | None:
        self.asked.append(patch)
        return self.real.read(patch, frame_number)


def main() -> int:
    """0 when no call takes longer than it may, 1 when one does."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    models = load_models(Weights())
    british, over = models.readers[-1], False
    sets = {"stills": stills(), "gb_kaggle": british_pictures(), "eu_plates": european_pictures()}
    for name, pictures in sets.items():
        crops, patches = asked_about(pictures, models)
        spent_ms = {
            "find": [_ms(partial(models.localiser.find, crop)) for crop in crops],
            "read": [_ms(partial(british.read, patch, 0)) for patch in patches],
        }
        for stage, each_ms in spent_ms.items():
            print(f"{name}: {said(stage, each_ms)}", flush=True)
            over |= not slowest_call(stage, each_ms).met
    return 1 if over else 0


def asked_about(pictures: Sequence[Picture], models: Models) -> tuple[list[frames.Picture], list[PlatePatch]]:
    """The crops in which a plate was looked for on the pictures, and the patches the British reader read."""
    finder, reader = _Finder(models.localiser), _Reader(models.readers[-1])
    watched = replace(models, localiser=finder, readers=(*models.readers[:-1], reader))
    settings = PipelineSettings(keep_all_plates=True, least_agreeing_looks=1)
    for one in pictures:
        frame = still_frame(read_picture(one.path), 0, EPOCH, 0.0)
        vehicles_in(frame, watched, settings, one.path.name, Outcomes())
    return finder.asked, reader.asked


def slowest_call(stage: str, spent_ms: Sequence[float]) -> Bar:
    """What the longest call of the stage took, beside what one may."""
    return Bar("ms for one", max(spent_ms), most=MOST_CALL_MS[stage])


def said(stage: str, spent_ms: Sequence[float]) -> str:
    """One line for a person about the calls of one stage, that names the bar where the longest misses it."""
    slowest = slowest_call(stage, spent_ms)
    words = [
        f"{len(spent_ms)} calls of {stage}, {np.mean(spent_ms):.2f} ms in the mean",
        f"nine in ten within {np.percentile(spent_ms, 90):.2f}",
        f"{slowest.found:.2f} at most",
    ]
    if not slowest.met:
        words.append(f"MISSED: at most {slowest.most:g} {slowest.says}")
    return ", ".join(words)


def _ms(call: Callable[[], object]) -> float:
    spent = []
    for _ in range(REPEATS):
        began_s = time.process_time()
        call()
        spent.append(1000 * (time.process_time() - began_s))
    return float(np.median(spent))


if __name__ == "__main__":
    sys.exit(main())
