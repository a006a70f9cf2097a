"""Lorries of the freeway clip in many forms: `python -m tests.accuracy.forms`.

A clip of half a minute in one form says little of how many lorries are found: begun a frame later, a few are
others. So it is watched as it is and mirrored, as bright and darker, begun at each of its first frames, and
the mean counts. What is tuned by this is tuned to vehicles, not to frames.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import cv2
import numpy as np

from edge.colour import Converted
from edge.frames import Frame, Picture, as_picture
from edge.pipeline import CameraPipeline
from edge.settings import Models, PipelineSettings, load_models
from edge.sources.file import FileSource
from edge.sources.opening import EPOCH
from edge.vehicles.region import Polygon
from edge.weights import Weights
from tests.accuracy.clips import FREEWAY, NEAR_CARRIAGEWAY, VIDEO, Watched, answers
from tests.accuracy.labels import freeway_lorries

DARKER = 1.3
"""Exponent of the darker forms' grey levels, 0 to 1."""
BEGINNINGS = range(4)


@dataclass(frozen=True)
class Form:
    """How the clip is watched: `gamma` 1 leaves its light, `begins_at` is the first frame seen."""

    mirrored: bool = False
    gamma: float = 1.0
    begins_at: int = 0

    def __str__(self) -> str:
        side, light = "mirrored" if self.mirrored else "as it is", "darker" if self.gamma > 1 else "as bright"
        return f"{side}, {light}, from frame {self.begins_at}"

    def frames(self, clip: Sequence[Frame]) -> Iterator[Frame]:
        """The clip's frames in this form."""
        return map(self._frame, clip[self.begins_at :])

    def _frame(self, frame: Frame) -> Frame:
        if not self.mirrored and self.gamma == 1:
            return frame
        bgr = self.picture(frame.bgr())
        luma = as_picture(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY))
        return replace(frame, luma=luma, colour=Converted(lambda: bgr))

    def picture(self, bgr: Picture) -> Picture:
        """A picture in this form."""
        levels = as_picture(np.round(255 * (np.arange(256) / 255) ** self.gamma).astype(np.uint8))
        return as_picture(np.ascontiguousarray(levels[bgr[:, ::-1] if self.mirrored else bgr]))

    def road(self, polygon: Polygon) -> Polygon:
        """The polygon as it lies in this form."""
        return tuple((1 - x, y) for x, y in polygon) if self.mirrored else polygon


def lorries_found(clip: Sequence[Frame], form: Form, models: Models) -> tuple[int, int]:
    """How many of the sure lorries have an HGV passage each, and how many HGV passages answer no lorry."""
    settings = PipelineSettings()
    pipeline = CameraPipeline(models, settings, FREEWAY)
    seen = [vehicle for frame in form.frames(clip) for vehicle in pipeline.feed(frame)]
    seen += pipeline.finish()
    hgvs = Watched(VIDEO / FREEWAY, seen, settings.hgv_from).hgvs
    lorries, size_px = freeway_lorries(), (clip[0].width_px, clip[0].height_px)
    _, match = answers(lorries, hgvs, size_px, form.road(NEAR_CARRIAGEWAY))
    return match.count(lorries, sure=True), len(match.unmatched)


def main() -> int:
    """Prints a line for each form and the means; 2 without the clip."""
    if not (VIDEO / FREEWAY).is_file():
        print(f"{VIDEO / FREEWAY} is missing: there is nothing to watch", file=sys.stderr)
        return 2
    clip, models = list(FileSource(VIDEO / FREEWAY, EPOCH)), load_models(Weights())
    counts = []
    for mirrored, gamma, begins_at in product((False, True), (1.0, DARKER), BEGINNINGS):
        form = Form(mirrored, gamma, begins_at)
        counts.append(lorries_found(clip, form, models))
        print(f"{form}: {counts[-1][0]} lorries, {counts[-1][1]} other passages", flush=True)
    found, others = np.mean(counts, axis=0)
    print(f"in the mean {found:.2f} lorries, {others:.2f} other passages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
