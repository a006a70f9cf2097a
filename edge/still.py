"""The vehicles that a single still shows."""

from __future__ import annotations

from edge.frames import Frame
from edge.looks import EDGE_PX, widened_box
from edge.outcomes import Outcomes
from edge.passing import Passing
from edge.seen import SeenVehicle
from edge.settings import Models, PipelineSettings
from edge.stages import Unmeasured
from edge.vehicles.course import UNKNOWN
from edge.vehicles.detections import Detections, without_crowds
from edge.vehicles.region import Region
from edge.vehicles.search import still_parts
from edge.vehicles.shown import SQUARE_PX, Shown


def vehicles_in(
    frame: Frame, models: Models, settings: PipelineSettings, source: str, outcomes: Outcomes
) -> list[SeenVehicle]:
    """Each vehicle in `frame`; a still gives one look, so `settings.least_agreeing_looks` should be 1."""
    found = without_crowds(_found(frame, models))
    boxes = [widened_box(tuple(box), frame.width_px, frame.height_px) for box in found.boxes_px.tolist()]
    seen = []
    for index, box in enumerate(boxes):
        passing = Passing(index + 1, frame.at, frame.offset_s, settings, models, Unmeasured())
        car, motorcycle, bus, truck = found.class_scores[index].tolist()
        passing.detected(frame, box, (car, motorcycle, bus, truck))
        if passing.wants_looks():
            passing.look(frame, box, lambda: boxes)
        seen.append(passing.close(source, UNKNOWN, outcomes))
    return seen


def _found(frame: Frame, models: Models) -> Detections:
    """What the detector finds; a vehicle that the picture's side cuts is looked at once more, with room.

    A still gives no other chance: where a cab ends at the edge, the network takes it for a car's front.
    """
    size_px = frame.width_px, frame.height_px
    parts = still_parts(*size_px)
    found = models.detector.detect(frame, parts)
    cut = [
        Shown(_with_room(box, *size_px), SQUARE_PX)
        for box in found.boxes_px.tolist()
        if box[0] < EDGE_PX or box[2] > frame.width_px - EDGE_PX
    ]
    return models.detector.detect(frame, [*parts, *cut]) if cut else found


def _with_room(box_px: list[float], width_px: int, height_px: int) -> Region:
    """A square around the box, twice as wide as its longer side."""
    x, y = (box_px[0] + box_px[2]) / 2, (box_px[1] + box_px[3]) / 2
    half = max(box_px[2] - box_px[0], box_px[3] - box_px[1])
    return (x - half) / width_px, (y - half) / height_px, (x + half) / width_px, (y + half) / height_px
