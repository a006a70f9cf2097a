"""One camera's pictures to the vehicles that passed it: gate, detect, track, classify, read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from edge.detect import search_regions
from edge.detections import Detections, without_crowds
from edge.frames import Frame
from edge.gate import MotionGate
from edge.looks import BoxPx, widened_box
from edge.outcomes import Outcomes
from edge.passing import Passing
from edge.path import direction
from edge.region import bounds, holds
from edge.seen import SeenVehicle, TrafficCount
from edge.settings import Models, PipelineSettings
from edge.track import Track, Tracker
from edge.traffic import TrafficCounts

LEAST_HITS = 3
"""Detections a track needs to be a vehicle: less is a flicker of the detector."""


@dataclass
class _Followed:
    passing: Passing
    box_px: BoxPx
    was_inside: bool = False


class CameraPipeline:
    """Feed it every frame of one source in order; it gives each vehicle once, when that has left.

    It knows no clock: all times are the frames' own. `outcomes` counts how everything ended, `traffic()`
    hands over the counts per minute, class and direction.
    """

    def __init__(self, models: Models, settings: PipelineSettings, source: str) -> None:
        self.outcomes = Outcomes()
        self._models, self._settings, self._source = models, settings, source
        self._gate = MotionGate(bounds(settings.region))
        self._tracker = Tracker()
        self._followed: dict[int, _Followed] = {}
        self._counts = TrafficCounts()
        self._next_detection_s = -np.inf
        self._size_px = (0, 0)

    def feed(self, frame: Frame) -> list[SeenVehicle]:
        """Take in the next frame; the vehicles whose passage has ended with it."""
        self.outcomes.count("frames")
        self._size_px = (frame.width_px, frame.height_px)
        if not self._gate.opens(frame.luma, frame.offset_s):
            self.outcomes.count("frames_still")
            return []
        if frame.offset_s < self._next_detection_s:
            self.outcomes.count("frames_between")
            return []
        self.outcomes.count("frames_detected")
        self._next_detection_s = frame.offset_s + 0.9 / self._settings.detections_per_s
        regions = search_regions(*self._size_px, bounds(self._settings.region))
        found = without_crowds(self._models.detector.detect(frame.bgr(), regions))
        matched, ended = self._tracker.follow(found, frame.offset_s)
        self._take_in(frame, found, matched)
        return self._closed(ended)

    def finish(self) -> list[SeenVehicle]:
        """The source has ended: the vehicles that were still being followed."""
        return self._closed(self._tracker.finish())

    def traffic(self) -> list[TrafficCount]:
        """Counts of the vehicles that have left since this was last asked."""
        return self._counts.taken()

    def _take_in(self, frame: Frame, found: Detections, matched: list[tuple[Track, int]]) -> None:
        boxes = [widened_box(tuple(box), *self._size_px) for box in found.boxes_px.tolist()]
        for track, index in matched:
            followed = self._followed.get(track.track_id)
            if followed is None:
                passing = Passing(track.track_id, frame.at, frame.offset_s, self._settings)
                followed = self._followed[track.track_id] = _Followed(passing, boxes[index])
            followed.box_px = boxes[index]
            followed.was_inside |= self._is_inside(boxes[index])
            car, motorcycle, bus, truck = found.class_scores[index].tolist()
            neighbours = tuple(box for i, box in enumerate(boxes) if i != index)
            followed.passing.offer(
                frame, boxes[index], (car, motorcycle, bus, truck), neighbours, self._models.vehicle_type
            )

    def _is_inside(self, box_px: BoxPx) -> bool:
        """Whether the vehicle stands (its box's lower edge) in the region of interest."""
        width, height = self._size_px
        return holds(self._settings.region, (box_px[0] + box_px[2]) / 2 / width, box_px[3] / height)

    def _closed(self, ended: list[Track]) -> list[SeenVehicle]:
        seen = []
        for track in ended:
            followed = self._followed.pop(track.track_id)
            if track.hits < LEAST_HITS:
                self.outcomes.count("vehicles_too_brief")
            elif not followed.was_inside:
                self.outcomes.count("vehicles_outside")
            else:
                seen.append(self._seen(track, followed))
        return seen

    def _seen(self, track: Track, followed: _Followed) -> SeenVehicle:
        way = direction([box for _, box in track.path], *self._size_px)
        vehicle = followed.passing.close(
            self._source, followed.box_px, way, None, self._models, self.outcomes
        )
        self._counts.add(vehicle)
        return vehicle
