"""What a clip may cost, as far as its figures tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.bench.clips import FREEWAY, STILL_CLIP

HEIGHT_PX = 720
MOST_RATIO, MOST_RATIO_STILL = 2.0, 1.25
MOST_FREEWAY_MS = 4.0
LEAST_TIMES_CHEAPER = 20.0
MOST_CALL_MS = {"read": 4.0, "find": 6.0}
MOST_MB = 400.0


@dataclass(frozen=True)
class Bar:
    """A figure that may be at most `most`, or at least `least`."""

    says: str
    found: float
    most: float = float("inf")
    least: float = 0.0

    @property
    def met(self) -> bool:
        """Whether the figure lies within the bar."""
        return self.least <= self.found <= self.most


def bars(line: Mapping[str, Any]) -> Iterator[Bar]:
    """The bars that hold for the clip of one line of figures."""
    if line["clip"] == STILL_CLIP:
        yield Bar("times decoding where nothing moves", line["ratio"], most=MOST_RATIO_STILL)
    elif line["size_px"][1] == HEIGHT_PX:
        yield Bar("times decoding at 720p", line["ratio"], most=MOST_RATIO)
    if line["clip"] == FREEWAY:
        yield Bar("ms a frame on the freeway", line["total_ms"], most=MOST_FREEWAY_MS)
    if "times_cheaper_than_naive" in line:
        yield Bar("times cheaper than naive", line["times_cheaper_than_naive"], least=LEAST_TIMES_CHEAPER)
    for stage, most_ms in MOST_CALL_MS.items():
        calls = line["calls"].get(stage, 0)
        if calls:
            spent_ms = line["stages"][stage] * line["frames"]
            yield Bar(f"ms for one {stage}", round(spent_ms / calls, 2), most=most_ms)
    yield Bar("MB at the peak", line["peak_mb"], most=MOST_MB)
