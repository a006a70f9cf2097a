"""One camera's pictures to the vehicles that passed it: gate, follow, detect, classify, read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from edge.frames import BoxPx, Frame
from edge.looks import widened_box
from edge.outcomes import Outcomes
from edge.passing import Passing
from edge.seen import SeenVehicle, TrafficCount
from edge.settings import Models, PipelineSettings
from edge.stages import Stages, Unmeasured
from edge.vehicles.course import Course, course_of
from edge.vehicles.detections import without_crowds
from edge.vehicles.flow import shifts
from edge.vehicles.gate import Motion, MotionGate
from edge.vehicles.region import Cells, Region, bounds, holds, region_px
from edge.vehicles.search import Scene, Search
from edge.vehicles.shown import Shown
from edge.vehicles.track import Track
from edge.vehicles.tracker import Tracker, boxes_of
from edge.vehicles.traffic import TrafficCounts

LEAST_HITS = 2
"""Detections a track needs to be a vehicle: less is a flicker of the detector."""
LONGEST_FLOW_S = 0.4
"""Over a longer gap between two pictures texture is not followed: a vehicle has gone too far."""
EMPTY_ROAD_PACE = 1 / 3
"""How much less often an empty road is looked at."""
PARKED_S = 90.0
"""A vehicle that has come and stands this long is told of now; when it drives on it is not told again."""


@dataclass
class _Followed:
    passing: Passing
    was_inside: bool = False
    told: bool = False


class CameraPipeline:
    """Feed it every frame of one source in order; it gives each vehicle once, when that has left or parked.

    It knows no clock: all times are the frames' own. `outcomes` counts how everything ended, `traffic()`
    hands over the counts per minute, class and direction, `stages` accounts for the time it takes.
    """

    def __init__(
        self, models: Models, settings: PipelineSettings, source: str, stages: Stages | None = None
    ) -> None:
        self.outcomes = Outcomes()
        self._models, self._settings, self._source = models, settings, source
        self._stages = stages or Unmeasured()
        self._bounds: Region = bounds(settings.view.region)
        self._followed: dict[int, _Followed] = {}
        self._counts = TrafficCounts()
        self._next_look_s = -np.inf
        self._begin((1, 1))

    def _begin(self, size_px: tuple[int, int]) -> None:
        """Set up everything that depends on the picture's size."""
        self._size_px = size_px
        self._gate = MotionGate(self._bounds)
        self._tracker = Tracker(size_px, self._bounds)
        self._search = Search(*size_px, self._bounds)
        self._before: Motion | None = None
        self._before_s = -np.inf

    def feed(self, frame: Frame) -> list[SeenVehicle]:
        """Take in the next frame; the vehicles whose passage has ended with it."""
        self.outcomes.count("frames")
        told: list[SeenVehicle] = []
        if (frame.width_px, frame.height_px) != self._size_px:
            told = self._closed(self._tracker.finish())
            self._begin((frame.width_px, frame.height_px))
        elif frame.offset_s < self._next_look_s:
            self.outcomes.count("frames_between")
            return []
        with self._stages.stage("gate"):
            motion = self._gate.look(frame.luma, frame.offset_s)
        pace = 1.0 if motion.open else EMPTY_ROAD_PACE
        self._next_look_s = frame.offset_s + 0.9 / (pace * self._settings.looks_per_s)
        if motion.open:
            self._follow(frame, motion)
            ended = self._tracker.leave()
        else:
            self.outcomes.count("frames_still")
            ended = self._tracker.settle()
        self._before, self._before_s = motion, frame.offset_s
        return told + self._closed(ended) + self._parked(frame.offset_s)

    def finish(self) -> list[SeenVehicle]:
        """The source has ended: the vehicles that were still being followed."""
        return self._closed(self._tracker.finish())

    def traffic(self) -> list[TrafficCount]:
        """Counts of the vehicles that have left since this was last asked."""
        return self._counts.taken()

    def _follow(self, frame: Frame, motion: Motion) -> None:
        with self._stages.stage("follow"):
            self._carry(motion, frame.offset_s)
            rests = self._search.rests(self._tracker.speed(), frame.offset_s)
            shown = None if rests else self._search.next(self._scene(motion.cells), frame.offset_s)
        if shown is None:
            self.outcomes.count("frames_followed")
        else:
            self.outcomes.count("frames_detected")
            self._detect(frame, shown)
        self._keep_looks(frame)

    def _carry(self, motion: Motion, at_s: float) -> None:
        tracks = self._tracker.tracks
        scale = self._size_px[0] / motion.small.shape[1]
        before = self._before
        if before is None or at_s - self._before_s > LONGEST_FLOW_S or not tracks:
            self._tracker.carry([None] * len(tracks), at_s, scale)
            return
        boxes = boxes_of(tracks) / scale
        speeds = np.array([track.velocity for track in tracks]) / scale
        expected = boxes + speeds * (at_s - self._before_s)
        self._tracker.carry(shifts(before.small, motion.small, boxes, expected), at_s, scale)

    def _scene(self, cells: Cells) -> Scene:
        """What the tracks make of the cells that move: they explain some, and others should move."""
        moving, unexplained = cells.copy(), cells.copy()
        tracks = self._tracker.tracks
        boxes = boxes_of(tracks) * (cells.shape[1] / self._size_px[0])
        low = np.maximum((boxes[:, :2] - boxes[:, 2:] / 2).astype(int) - 1, 0)
        high = np.maximum((boxes[:, :2] + boxes[:, 2:] / 2).astype(int) + 2, 0)
        for track, (left, top), (right, bottom) in zip(tracks, low.tolist(), high.tolist(), strict=True):
            unexplained[top:bottom, left:right] = False
            if not track.stands():
                moving[top:bottom, left:right] = True
        tracker = self._tracker
        return Scene(moving, unexplained, tracker.speed(), tracker.knows_all(), tracker.holds_near())

    def _detect(self, frame: Frame, shown: Shown) -> None:
        with self._stages.stage("detect"):
            found = without_crowds(self._models.detector.detect(frame, [shown], self._bounds))
        with self._stages.stage("follow"):
            found = self._tracker.without_crowds(found)
            matched = self._tracker.join(found, region_px(shown.region, *self._size_px), frame.offset_s)
        for track, index in matched:
            followed = self._followed.get(track.track_id)
            if followed is None:
                passing = Passing(
                    track.track_id, frame.at, frame.offset_s, self._settings, self._models, self._stages
                )
                followed = self._followed[track.track_id] = _Followed(passing)
            box_px = widened_box(tuple(found.boxes_px[index].tolist()), *self._size_px)
            followed.was_inside |= self._is_inside(box_px)
            car, motorcycle, bus, truck = found.class_scores[index].tolist()
            if not followed.told:
                followed.passing.detected(frame, box_px, (car, motorcycle, bus, truck))

    def _keep_looks(self, frame: Frame) -> None:
        """Offer each vehicle, where it is now, as one more look at it."""
        all_px = cache(self._boxes_px)
        for track in self._tracker.tracks:
            if self._wants_look(track):
                passing = self._followed[track.track_id].passing
                passing.look(frame, self._box_px(track), all_px)

    def _boxes_px(self) -> list[BoxPx]:
        return [self._box_px(track) for track in self._tracker.tracks]

    def _wants_look(self, track: Track) -> bool:
        """Whether it is where it is said to be, and a picture of it may be of use."""
        followed = self._followed[track.track_id]
        found = not track.unseen_s and (track.carried or track.last_s == track.at_s)
        return found and not followed.told and followed.passing.wants_looks()

    def _box_px(self, track: Track) -> BoxPx:
        x, y, width, height = track.box
        box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        return widened_box(box, *self._size_px)

    def _is_inside(self, box_px: BoxPx) -> bool:
        """Whether the vehicle stands (its box's lower edge) in the region of interest."""
        width, height = self._size_px
        return holds(self._settings.view.region, (box_px[0] + box_px[2]) / 2 / width, box_px[3] / height)

    def _parked(self, at_s: float) -> list[SeenVehicle]:
        """The vehicles that came and have stood for so long that their passage is told now."""
        return [
            vehicle
            for track in self._tracker.tracks
            if track.has_moved and at_s - track.still_since_s >= PARKED_S
            if (vehicle := self._told(track)) is not None
        ]

    def _closed(self, ended: list[Track]) -> list[SeenVehicle]:
        seen = [self._told(track) for track in ended]
        for track in ended:
            del self._followed[track.track_id]
        return [vehicle for vehicle in seen if vehicle is not None]

    def _told(self, track: Track) -> SeenVehicle | None:
        """The vehicle, the first time it is told of; None for what is none, counted by why."""
        followed = self._followed[track.track_id]
        if followed.told:
            return None
        followed.told = True
        if track.hits < LEAST_HITS:
            self.outcomes.count("vehicles_too_brief")
        elif not track.has_moved:
            self.outcomes.count("vehicles_standing")
        elif not followed.was_inside:
            self.outcomes.count("vehicles_outside")
        else:
            vehicle = followed.passing.close(self._source, self._course(track), self.outcomes)
            self._counts.add(vehicle)
            return vehicle
        followed.passing.forget()
        return None

    def _course(self, track: Track) -> Course:
        """What the track tells of the vehicle's way and size; who follows a likely HGV may be its trailer."""
        pulls = self._followed[track.track_id].passing.wants_looks()
        others = [other.path for other in self._tracker.tracks if pulls and other is not track]
        with self._stages.stage("course"):
            return course_of(track.path, others, self._settings.view, self._size_px)
