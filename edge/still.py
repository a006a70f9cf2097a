"""The vehicles that a single still shows."""

from __future__ import annotations

from edge.detect import search_regions
from edge.detections import without_crowds
from edge.frames import Frame
from edge.looks import widened_box
from edge.outcomes import Outcomes
from edge.passing import Passing
from edge.seen import SeenVehicle
from edge.settings import Models, PipelineSettings


def vehicles_in(
    frame: Frame, models: Models, settings: PipelineSettings, source: str, outcomes: Outcomes
) -> list[SeenVehicle]:
    """Each vehicle in `frame`; a still gives one look, so `settings.least_agreeing_looks` should be 1."""
    regions = search_regions(frame.width_px, frame.height_px)
    found = without_crowds(models.detector.detect(frame.bgr(), regions))
    boxes = [widened_box(tuple(box), frame.width_px, frame.height_px) for box in found.boxes_px.tolist()]
    seen = []
    for index, box in enumerate(boxes):
        passing = Passing(index + 1, frame.at, frame.offset_s, settings)
        car, motorcycle, bus, truck = found.class_scores[index].tolist()
        neighbours = tuple(other for i, other in enumerate(boxes) if i != index)
        passing.offer(frame, box, (car, motorcycle, bus, truck), neighbours, models.vehicle_type)
        seen.append(passing.close(source, box, "unknown", None, models, outcomes))
    return seen
