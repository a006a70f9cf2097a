"""Counts every way in which a frame, a vehicle or a read can end, so that nothing is lost in silence."""

from __future__ import annotations

from collections import Counter

OUTCOMES = {
    "frames": "pictures that reached the pipeline",
    "frames_still": "pictures in which nothing moved, so that no vehicle was looked for",
    "frames_between": "pictures between two looks",
    "frames_followed": "pictures in which known vehicles were followed, but none was looked for",
    "frames_detected": "pictures in which vehicles were looked for",
    "vehicles_too_brief": "tracks too short to be a vehicle",
    "vehicles_standing": "vehicles that never moved while they were in view, so that they passed nothing",
    "vehicles_outside": "vehicles that never were in the region of interest",
    "vehicles_not_hgv": "vehicles that do not look like an HGV",
    "vehicles_hgv": "vehicles that look like an HGV",
    "plates_read": "vehicles whose plate was read",
    "plates_unread": "vehicles whose plate was looked for and not read, for whatever reason",
    "reads": "looks at which a reader found characters",
    "reads_empty": "looks that were not needed or show nothing that looks like a plate",
}
"""Every counter and what it counts; the agent exports them as metrics under these names."""


class Outcomes:
    """Counters by the names in OUTCOMES; a name that is not there is a mistake in the program (KeyError)."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))

    def count(self, name: str, by: int = 1) -> None:
        """Add `by` to a counter."""
        if name not in OUTCOMES:
            raise KeyError(name)
        self.counts[name] += by
