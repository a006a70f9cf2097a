"""What may be wrong with a camera's pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FaultKind = Literal["black", "blinded", "noise", "frozen", "moved", "resolution_changed"]

REASONS: dict[FaultKind, str] = {
    "black": "the pictures are black; look for a cover on the lens, a dead lamp, or wrong settings",
    "blinded": "the pictures show nothing but one tone; look for light, dirt, water or a cover on the lens",
    "noise": "the pictures are flooded with noise; look at the cable and the camera's gain",
    "frozen": "the pictures have stopped changing though the stream goes on; restart the camera",
    "moved": "the camera no longer shows the view it was set up for; put it back, or survey the new view and "
    "give the site its next version",
    "resolution_changed": "the pictures changed their size in mid-stream; look at the camera's settings",
}
"""Every fault, the one that hides others first, and what a person is told."""


@dataclass(frozen=True)
class CameraFault:
    """A fault of a camera's pictures; `since` (UTC) is the first frame that showed it, not the proof."""

    kind: FaultKind
    since: datetime

    @property
    def reason(self) -> str:
        """What is wrong and what to do."""
        return REASONS[self.kind]
