"""One vehicle while it passes: how much of an HGV it is, its best looks, and the SeenVehicle it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from edge.evidence import overview, plate_picture
from edge.frames import Frame
from edge.hgv import HgvEvidence
from edge.looks import BestLooks, BoxPx, look_at, quality
from edge.outcomes import Outcomes
from edge.readout import Readout, read_out
from edge.seen import Direction, EvidencePicture, SeenVehicle
from edge.settings import Models, PipelineSettings
from edge.vehicle_type import VehicleType

PERHAPS = 0.3
"""From this score on looks are kept: far away a lorry may still look like something else."""
TYPE_LOOKS = 6
TYPE_GROWTH = 1.15
"""The type model is asked again when the vehicle has grown by this."""
NOT_AN_HGV = "not an HGV"


@dataclass
class Passing:
    """A vehicle that is being seen: `offer` it each frame in which it was found, `close` it at the end."""

    track_id: int
    first_seen: datetime
    first_s: float
    settings: PipelineSettings
    evidence: HgvEvidence = field(default_factory=HgvEvidence)
    last_seen: datetime = field(init=False)
    last_s: float = field(init=False)
    _best: BestLooks = field(init=False)
    _type_looks: int = 0
    _type_size_px: float = 0.0

    def __post_init__(self) -> None:
        self.last_seen, self.last_s = self.first_seen, self.first_s
        self._best = BestLooks(self.settings.most_looks)

    def offer(
        self,
        frame: Frame,
        box_px: BoxPx,
        class_scores: tuple[float, float, float, float],
        neighbours_px: tuple[BoxPx, ...],
        vehicle_type: VehicleType,
    ) -> None:
        """Take in that the vehicle is at `box_px` in `frame`."""
        self.last_seen, self.last_s = frame.at, frame.offset_s
        size_px = ((box_px[2] - box_px[0]) + (box_px[3] - box_px[1])) / 2
        self.evidence.add_detection(class_scores, size_px)
        if self._wants_type(size_px):
            x1, y1, x2, y2 = box_px
            self.evidence.add_type(vehicle_type.odds(frame.bgr()[y1:y2, x1:x2]), size_px)
            self._type_looks, self._type_size_px = self._type_looks + 1, size_px
        self._keep_look(frame, box_px, neighbours_px)

    def _wants_type(self, size_px: float) -> bool:
        grown = size_px >= TYPE_GROWTH * self._type_size_px or self._type_looks < 2
        return grown and self._type_looks < TYPE_LOOKS and not self.evidence.plainly_light

    def _keep_look(self, frame: Frame, box_px: BoxPx, neighbours_px: tuple[BoxPx, ...]) -> None:
        if self.evidence.hgv < PERHAPS and not self.settings.keep_all_plates:
            self._best.forget()
        elif self._best.wants(frame.offset_s, quality(frame.luma, box_px)):
            self._best.add(look_at(frame, box_px, neighbours_px))

    def is_hgv(self) -> bool:
        """Whether all that was seen says HGV."""
        return self.evidence.hgv >= self.settings.hgv_from

    def close(
        self,
        source: str,
        last_box_px: BoxPx,
        direction: Direction,
        lane: int | None,
        models: Models,
        outcomes: Outcomes,
    ) -> SeenVehicle:
        """The vehicle as it was seen; its plate is read only if it looks like an HGV or all are kept."""
        hgv = self.is_hgv()
        outcomes.count("vehicles_hgv" if hgv else "vehicles_not_hgv")
        readout = self._read(models, outcomes) if hgv or self.settings.keep_all_plates else None
        look = readout.look if readout else None
        return SeenVehicle(
            source=source,
            track_id=self.track_id,
            first_seen=self.first_seen,
            last_seen=self.last_seen,
            captured_at=look.at if look else self.last_seen,
            first_s=self.first_s,
            last_s=self.last_s,
            captured_s=look.offset_s if look else self.last_s,
            frame_number=look.frame_number if look else 0,
            vehicle_class=self.evidence.vehicle_class(self.settings.hgv_from),
            hgv=self.evidence.hgv,
            detector_score=self.evidence.detector_score,
            box_px=look.box_px if look else last_box_px,
            trailer=None,
            direction=direction,
            lane=lane,
            reading=readout.reading if readout else None,
            plate_reason=readout.reason if readout else NOT_AN_HGV,
            raw_reads=readout.raw_reads if readout else (),
            evidence=_pictures(readout) if hgv and readout else (),
        )

    def _read(self, models: Models, outcomes: Outcomes) -> Readout:
        """What the kept looks say; there is at least one, the last of those that made it an HGV."""
        return read_out(
            self._best.looks,
            models.localiser,
            models.readers,
            self.settings.grammar,
            self.settings.least_agreeing_looks,
            outcomes,
        )


def _pictures(readout: Readout) -> tuple[EvidencePicture, ...]:
    patch = readout.patch
    scene = overview(readout.look, patch.corners if patch else None)
    return (scene, plate_picture(patch.picture)) if patch else (scene,)
