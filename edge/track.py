"""Follows vehicles from one detection to the next.

Each track predicts its box with a constant velocity (an alpha-beta filter); predictions and detections are
joined best overlap first, strong detections before weak ones, and weak ones only continue a track (the
idea of ByteTrack, Zhang et al. 2022). A vehicle that stands is waited for longer than one that drives. Time
passes only while the tracker is fed: behind a closed gate nothing has moved, so nothing has left.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from edge.detections import Detections, iou

STARTS_FROM = 0.45
"""The detector score that begins a track; weaker detections only continue one."""
LEAST_OVERLAP = 0.25
NEAR = 0.5
"""Without overlap, middles at most this part of the box's size apart are the same vehicle..."""
ALIKE = 1.5
"""...if neither side is more than this many times the other's."""
PATIENCE_S, STANDING_PATIENCE_S = 1.5, 20.0
STANDING = 0.05
"""A vehicle stands when it moves less than this part of its size in a second."""
LONGEST_STEP_S = 1.0
ALPHA, BETA = 0.75, 0.35
PATH_POINTS = 64

Centred = NDArray[np.float64]
"""Middle x, middle y, width, height."""


@dataclass
class Track:
    """One vehicle while it is followed: `box` where it was last seen, `path` past boxes with their times."""

    track_id: int
    box: Centred
    first_s: float
    last_s: float
    velocity: Centred = field(default_factory=lambda: np.zeros(4))
    hits: int = 1
    unseen_s: float = 0.0
    path: deque[tuple[float, tuple[float, ...]]] = field(default_factory=lambda: deque(maxlen=PATH_POINTS))

    def predicted(self, ahead_s: float) -> Centred:
        """The box `ahead_s` after it was last seen."""
        moved = self.box + self.velocity * (self.unseen_s + ahead_s)
        moved[2:] = np.maximum(moved[2:], self.box[2:] * 0.5)
        return moved

    def stands(self) -> bool:
        """Whether it moves less than STANDING of its size a second."""
        return float(np.abs(self.velocity[:2]).max()) < STANDING * float(self.box[2:].max())

    def seen(self, box: Centred, at_s: float, step_s: float) -> None:
        """Correct prediction and velocity by where the vehicle was found."""
        ahead_s = max(self.unseen_s + step_s, 1e-3)
        predicted = self.predicted(step_s)
        miss = box - predicted
        gain = max(BETA, 1.0 / self.hits)
        self.velocity = self.velocity + gain * miss / ahead_s
        self.box = predicted + ALPHA * miss
        self.last_s, self.unseen_s, self.hits = at_s, 0.0, self.hits + 1
        self.path.append((at_s, tuple(float(v) for v in box)))


class Tracker:
    """Feed it each picture's detections in order of time; holds only tracks that may still be seen again."""

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self._next_id = 1
        self._at_s: float | None = None

    def follow(self, found: Detections, at_s: float) -> tuple[list[tuple[Track, int]], list[Track]]:
        """Which track each detection belongs to (track, index), and the tracks that have ended."""
        step_s = min(at_s - self._at_s, LONGEST_STEP_S) if self._at_s is not None else 0.0
        self._at_s = at_s
        boxes = _centred(found.boxes_px)
        strong = found.scores >= STARTS_FROM
        matched = self._joined(found, np.flatnonzero(strong), self.tracks, step_s)
        waiting = [track for track in self.tracks if all(track is not other for other, _ in matched)]
        matched += self._joined(found, np.flatnonzero(~strong), waiting, step_s)
        for track, index in matched:
            track.seen(boxes[index], at_s, step_s)
        ended = self._without_unseen(matched, step_s)
        taken = {index for _, index in matched}
        for new in np.flatnonzero(strong).tolist():
            if new not in taken:
                matched.append((self._begun(boxes[new], at_s), new))
        return matched, ended

    def finish(self) -> list[Track]:
        """All tracks still open; the tracker is empty after it."""
        left, self.tracks = self.tracks, []
        return left

    def _joined(
        self, found: Detections, indices: NDArray[np.intp], tracks: list[Track], step_s: float
    ) -> list[tuple[Track, int]]:
        """Pairs of track and detection, each used once, best first."""
        if not tracks or not len(indices):
            return []
        predicted = np.stack([track.predicted(step_s) for track in tracks])
        likeness = _likeness(predicted, found.boxes_px[indices])
        pairs: list[tuple[Track, int]] = []
        for flat in np.argsort(-likeness, axis=None, kind="stable"):
            row, column = divmod(int(flat), likeness.shape[1])
            if likeness[row, column] <= 0:
                continue
            pairs.append((tracks[row], int(indices[column])))
            likeness[row, :] = likeness[:, column] = 0
        return pairs

    def _without_unseen(self, matched: list[tuple[Track, int]], step_s: float) -> list[Track]:
        """Drop and return the tracks whose vehicle has not been seen for longer than its patience."""
        seen = {track.track_id for track, _ in matched}
        ended = []
        for track in self.tracks:
            if track.track_id not in seen:
                track.unseen_s += step_s
            if track.unseen_s > (STANDING_PATIENCE_S if track.stands() and track.hits > 5 else PATIENCE_S):
                ended.append(track)
        gone = {track.track_id for track in ended}
        self.tracks = [track for track in self.tracks if track.track_id not in gone]
        return ended

    def _begun(self, box: Centred, at_s: float) -> Track:
        track = Track(self._next_id, box, at_s, at_s)
        track.path.append((at_s, tuple(float(v) for v in box)))
        self._next_id += 1
        self.tracks.append(track)
        return track


def _centred(boxes_px: NDArray[np.float32]) -> Centred:
    """Corners (N x 4) as middles and sizes (N x 4)."""
    low, high = boxes_px[:, :2].astype(np.float64), boxes_px[:, 2:].astype(np.float64)
    return np.concatenate([(low + high) / 2, high - low], axis=1)


def _likeness(predicted: Centred, boxes_px: NDArray[np.float32]) -> NDArray[np.float64]:
    """How well each prediction (N) fits each box (M): IoU plus one where enough, else nearness, else 0."""
    half = predicted[:, 2:] / 2
    corners = np.concatenate([predicted[:, :2] - half, predicted[:, :2] + half], axis=1).astype(np.float32)
    overlap = iou(corners, boxes_px).astype(np.float64)
    found = _centred(boxes_px)
    apart = np.abs(predicted[:, None, :2] - found[None, :, :2]) / np.maximum(predicted[:, None, 2:], 1)
    ratio = predicted[:, None, 2:] / np.maximum(found[None, :, 2:], 1)
    alike = ((ratio < ALIKE) & (ratio > 1 / ALIKE)).all(axis=2)
    distance = apart.max(axis=2)
    near = np.where(alike & (distance < NEAR), NEAR - distance, 0.0)
    return np.where(overlap >= LEAST_OVERLAP, 1 + overlap, near)
