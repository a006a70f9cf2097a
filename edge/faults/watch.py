"""Watches a camera's frames for what hides the road though frames come."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from edge.faults.fault import REASONS, CameraFault, FaultKind
from edge.faults.lasting import Lasting
from edge.faults.sample import Sample, sample_of
from edge.faults.signs import blank, is_noise
from edge.faults.view import RECENT_LOOKS, View
from edge.faults.view_file import ViewFile
from edge.frames import Frame

EVERY_S = 1.0
LONGEST_STEP_S = 2.0
"""Time between two looks that counts as watched at most: a gap in the stream proves nothing."""
LAST_S: dict[str, float] = {
    "black": 30.0,
    "blinded": 30.0,
    "noise": 30.0,
    "frozen": 60.0,  # longer than encoders may send nothing but "as before" between two key frames
    "knocked": 60.0,
    "another": 180.0,  # longer than a lorry stands before the camera in a queue
}
"""Seconds for which each sign has to last before it is a fault."""
SMEARED = timedelta(seconds=2 * RECENT_LOOKS * EVERY_S)
RESIZED_FOR_S = 60.0
REMEMBERED = 600
SAVE_EVERY_S = 600.0


class FaultWatch:
    """Show it every frame of one camera, over all restarts of its stream; it looks at one a second.

    Its time is the frames' own, so that a film is watched like a camera.
    """

    def __init__(self, kept: ViewFile | None = None) -> None:
        self._kept = kept
        self._view = kept.load() if kept else View()
        self._lasting = {sign: Lasting(after_s) for sign, after_s in LAST_S.items()}
        self._before: Sample | None = None
        self._digests: OrderedDict[bytes, None] = OrderedDict()
        self._size_px: tuple[int, int] | None = None
        self._resized: tuple[float, datetime] | None = None
        self._offset_s: float | None = None
        self._watched_s = 0.0
        self._saved_s = 0.0
        self._fault: CameraFault | None = None

    def look(self, frame: Frame) -> CameraFault | None:
        """The fault of the camera as of this frame, or None."""
        resized = self._note_size(frame)
        step_s = EVERY_S if self._offset_s is None else frame.offset_s - self._offset_s
        if 0 <= step_s < EVERY_S and not resized:
            return self._fault
        self._offset_s = frame.offset_s
        self._watched_s += min(max(step_s, 0.0), LONGEST_STEP_S)
        self._fault = self._judged(sample_of(frame.luma), frame.at)
        return self._fault

    def _note_size(self, frame: Frame) -> bool:
        size_px = frame.width_px, frame.height_px
        changed = self._size_px not in (None, size_px)
        self._size_px = size_px
        if changed:
            self._resized = self._watched_s, self._resized[1] if self._resized else frame.at
        return changed

    def _judged(self, sample: Sample, at: datetime) -> CameraFault | None:
        signs = self._signs(sample)
        self._before = sample
        counts = {
            sign: lasting.note(sign in signs, self._watched_s, at) for sign, lasting in self._lasting.items()
        }
        since = {_kind(sign): self._began(sign) for sign, counted in counts.items() if counted}
        if self._resized and self._watched_s - self._resized[0] <= RESIZED_FOR_S:
            since["resolution_changed"] = self._resized[1]
        else:
            self._resized = None
        for kind in REASONS:
            began = since.get(kind)
            if began is not None:
                return CameraFault(kind, began)
        self._keep_view()
        return None

    def _began(self, sign: str) -> datetime | None:
        """When a sign was there first; a view's is seen late, as a mean over the looks before."""
        first = self._lasting[sign].since
        return first - SMEARED if first and _kind(sign) == "moved" else first

    def _signs(self, sample: Sample) -> set[str]:
        """What this sample shows; where it shows nothing of the road, the view is not judged."""
        signs: set[str] = set()
        if not self._is_new(sample.digest):
            signs.add("frozen")
        empty = blank(sample.small) or ("noise" if is_noise(sample, self._before) else None)
        if empty:
            self._view.look_away()
            return signs | {empty}
        match = self._view.look(sample.small)
        if match is not None and match.is_knocked:
            signs.add("knocked")
        if match is not None and match.is_another:
            signs.add("another")
        return signs

    def _is_new(self, digest: bytes) -> bool:
        """Whether this very picture was not there in the last minutes: a stuck camera may repeat several."""
        known = digest in self._digests
        self._digests[digest] = None
        self._digests.move_to_end(digest)
        if len(self._digests) > REMEMBERED:
            self._digests.popitem(last=False)
        return not known

    def _keep_view(self) -> None:
        due = self._view.known and self._watched_s - self._saved_s >= SAVE_EVERY_S
        if self._kept and due:
            self._kept.save(self._view)
            self._saved_s = self._watched_s


def _kind(sign: str) -> FaultKind:
    if sign in ("knocked", "another"):
        return "moved"
    for kind in REASONS:
        if kind == sign:
            return kind
    raise KeyError(sign)
