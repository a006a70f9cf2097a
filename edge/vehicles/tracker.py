"""Joins what the detector finds to the vehicles that are followed, and says which have gone.

Best overlap first, strong detections before weak ones, and weak ones only continue a track (the idea of
ByteTrack, Zhang et al. 2022). A vehicle that stands, or is hidden by another, is waited for longer than one
that drives; and only where the detector has looked, for what was not looked at has not left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from edge.vehicles.detections import Detections, areas, shared
from edge.vehicles.flow import Shift
from edge.vehicles.likeness import Centred, Place, centred, corners, covered, level, likeness, parts
from edge.vehicles.region import WHOLE, Region, region_px
from edge.vehicles.track import LARGE, Track

STARTS_FROM = 0.3
"""The detector score that begins a track: of a lorry among others it is seldom higher."""
FLICKER_PATIENCE_S, PATIENCE_S, HIDDEN_PATIENCE_S, STANDING_PATIENCE_S = 0.4, 1.2, 8.0, 180.0
"""How long a vehicle is waited for that was hardly seen, that drives, that another hides, that stands."""
STOOD_S = 1.5
"""A vehicle stands surely when it was found again so long after it stopped: a lost one leaves still road."""
SURE_HITS = 4
"""Detections after which a vehicle is known well enough to be waited for."""
HIDDEN = 0.5
"""A vehicle is hidden when another that stands lower in the picture covers this part of its box."""
FASTER = 0.9
"""Of all speeds the one that this part of the vehicles stay below."""
NEAR = 0.5
"""A vehicle is near from this part of the picture's height on: the detector's wide view takes it apart."""
CROWD, CROWDED = 3, 0.85
"""A box that holds so many known vehicles, each by this share, is none itself."""


class Tracker:
    """Holds the tracks that may still be seen again; `carry` them to each look, `join` what was detected."""

    def __init__(self, size_px: tuple[int, int], within: Region = WHOLE) -> None:
        self.tracks: list[Track] = []
        self._size_px = size_px
        self._within_px = region_px(within, *size_px)
        self._next_id = 1

    def carry(self, shifts: Sequence[Shift | None], at_s: float, scale: float) -> None:
        """Move every track to `at_s`; one shift for each of `tracks`."""
        for track, shift in zip(self.tracks, shifts, strict=True):
            track.carry(shift, at_s, scale)

    def speed(self) -> float:
        """How many times their own size the faster ones of the vehicles move in a second."""
        paces = sorted(track.pace for track in self.tracks if track.carried)
        return paces[int(FASTER * (len(paces) - 1))] if paces else 0.0

    def knows_all(self) -> bool:
        """Whether each vehicle has been found so often, and at the last look, that no other is urgent."""
        return all(track.hits >= SURE_HITS and not track.unseen_s for track in self.tracks)

    def holds_near(self) -> bool:
        """Whether a vehicle is near enough to fill much of the picture."""
        return any(track.box[3] >= NEAR * self._size_px[1] for track in self.tracks)

    def join(
        self, found: Detections, looked_px: tuple[int, int, int, int], at_s: float
    ) -> list[tuple[Track, int]]:
        """Which track each detection of the region `looked_px` belongs to: track and index, new ones too."""
        strong = found.scores >= STARTS_FROM
        matched = self._joined(found, np.flatnonzero(strong), self.tracks)
        waiting = [track for track in self.tracks if all(track is not other for other, _ in matched)]
        matched += self._joined(found, np.flatnonzero(~strong), waiting)
        joined, parts_of_known = self._parts_joined(found, matched)
        matched += joined
        known = {track.track_id for track, _ in matched}
        for track in self.tracks:
            if track.track_id not in known and self._was_looked_at(track, looked_px):
                track.missed()
        taken = {index for _, index in matched} | parts_of_known
        for index in np.flatnonzero(strong).tolist():
            if index not in taken:
                matched.append((self._begun(found, index, at_s), index))
        return matched

    def without_crowds(self, found: Detections) -> Detections:
        """Without boxes around several known vehicles: a whole carriageway may look like a large one."""
        if not self.tracks or not len(found):
            return found
        known = corners(boxes_of(self.tracks))
        within = shared(found.boxes_px, known) / np.maximum(areas(known)[None], 1e-6)
        return found.only((within >= CROWDED).sum(axis=1) < CROWD)

    def leave(self) -> list[Track]:
        """The tracks that have ended: unseen for longer than they are waited for, or out of the picture."""
        return self._dropped([t for t in self.tracks if self._is_outside(t) or self._is_lost(t)])

    def settle(self) -> list[Track]:
        """Nothing moves any more: the tracks that do not stand have gone."""
        return self._dropped([track for track in self.tracks if not track.stands()])

    def finish(self) -> list[Track]:
        """All tracks still open; the tracker is empty after it."""
        return self._dropped(list(self.tracks))

    def _joined(
        self, found: Detections, indices: NDArray[np.intp], tracks: list[Track]
    ) -> list[tuple[Track, int]]:
        """Pairs of track and detection, each used once, best first."""
        if not tracks or not len(indices):
            return []
        places, expected = _places(found.boxes_px), boxes_of(tracks)
        is_part, is_whole = parts(corners(expected), found.boxes_px[indices])
        fit = np.where(is_part | is_whole, 0.0, likeness(expected, found.boxes_px[indices]))
        rows, columns = np.nonzero(fit > 0)
        best = np.argsort(-fit[rows, columns], kind="stable")
        pairs: dict[int, tuple[Track, int]] = {}
        taken: set[int] = set()
        for row, column in zip(rows[best].tolist(), columns[best].tolist(), strict=True):
            if row not in pairs and column not in taken:
                track, index = tracks[row], int(indices[column])
                track.seen(places[index], found.class_scores[index])
                pairs[row] = track, index
                taken.add(column)
        return list(pairs.values())

    def _parts_joined(
        self, found: Detections, matched: list[tuple[Track, int]]
    ) -> tuple[list[tuple[Track, int]], set[int]]:
        """Pairs where one is a part of the other (a cab and its lorry are one vehicle), and mere parts.

        A part of a vehicle that was found as well tells nothing of it, but begins no track either.
        """
        taken, busy = {index for _, index in matched}, {track.track_id for track, _ in matched}
        left = [index for index in range(len(found)) if index not in taken]
        pairs: list[tuple[Track, int]] = []
        mere_parts: set[int] = set()
        if not left or not self.tracks:
            return pairs, mere_parts
        is_part, is_whole = self._parts_and_wholes(found.boxes_px[left], found.class_scores[left])
        for row, column in np.argwhere(is_part | is_whole).tolist():
            index, track = left[row], self.tracks[column]
            if index in mere_parts or any(index == other for _, other in pairs):
                continue
            if track.track_id not in busy:
                self._join_part(track, found, index, bool(is_whole[row, column]))
                busy.add(track.track_id)
                pairs.append((track, index))
            elif is_part[row, column] and track.is_known_whole():
                mere_parts.add(index)
        return pairs, mere_parts

    def _parts_and_wholes(
        self, found_px: NDArray[np.float32], class_scores: NDArray[np.float32]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """What was found that is a part of a track's vehicle, and what is the whole of one: N x tracks each.

        Far away a cab may look like a car; another vehicle would stand elsewhere on the road.
        """
        known_px = corners(boxes_of(self.tracks))
        is_part, is_whole = parts(found_px, known_px)
        large = np.isin(class_scores.argmax(axis=1), list(LARGE))[:, None]
        alike = large == np.array([track.is_large for track in self.tracks])[None]
        of_cab = large & level(known_px, found_px).T
        return is_part & alike, is_whole & (alike | of_cab)

    def _join_part(self, track: Track, found: Detections, index: int, is_whole: bool) -> None:
        if is_whole or not track.is_known_whole():
            (place,) = _places(found.boxes_px[index : index + 1])
            track.become(place, found.class_scores[index])
        else:
            track.found(found.class_scores[index])

    def _begun(self, found: Detections, index: int, at_s: float) -> Track:
        (place,) = _places(found.boxes_px[index : index + 1])
        scores = found.class_scores[index].astype(np.float64)
        track = Track(self._next_id, place, at_s, at_s, at_s, scores)
        self._next_id += 1
        self.tracks.append(track)
        return track

    def _was_looked_at(self, track: Track, looked_px: tuple[int, int, int, int]) -> bool:
        """Whether a look at that region should have found the vehicle: all of it that shows lies in it."""
        x, y, width, height = track.box
        left, top, right, bottom = self._within_px
        across = min(max(x - width / 2, left), right), min(max(x + width / 2, left), right)
        down = min(max(y - height / 2, top), bottom), min(max(y + height / 2, top), bottom)
        x1, y1, x2, y2 = looked_px
        return x1 <= across[0] and across[1] <= x2 and y1 <= down[0] and down[1] <= y2

    def _is_lost(self, track: Track) -> bool:
        """Whether it has not been seen for longer than a vehicle like it is waited for."""
        if track.unseen_s <= FLICKER_PATIENCE_S:
            return False
        if track.hits < SURE_HITS:
            return True
        if track.last_s - track.still_since_s >= STOOD_S:
            return track.unseen_s > STANDING_PATIENCE_S
        if track.unseen_s <= PATIENCE_S:
            return False
        return track.unseen_s > HIDDEN_PATIENCE_S or not self._is_hidden(track)

    def _is_hidden(self, track: Track) -> bool:
        """Whether another that stands lower in the picture covers it."""
        foot = track.box[1] + track.box[3] / 2
        return any(
            other.box[1] + other.box[3] / 2 > foot and covered(track.box, other.box) >= HIDDEN
            for other in self.tracks
        )

    def _is_outside(self, track: Track) -> bool:
        x, y = track.box[:2]
        return not (0 <= x <= self._size_px[0] and 0 <= y <= self._size_px[1])

    def _dropped(self, ended: list[Track]) -> list[Track]:
        gone = {track.track_id for track in ended}
        self.tracks = [track for track in self.tracks if track.track_id not in gone]
        return ended


def boxes_of(tracks: Sequence[Track]) -> Centred:
    """Where the vehicles are, N x 4."""
    return np.array([track.box for track in tracks]).reshape(-1, 4)


def _places(boxes_px: NDArray[np.float32]) -> list[Place]:
    return [(x, y, width, height) for x, y, width, height in centred(boxes_px).tolist()]
