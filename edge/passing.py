"""One vehicle while it passes: how much of an HGV it is, its best looks, and the SeenVehicle it becomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from edge.evidence import overview, plate_picture
from edge.frames import BoxPx, Frame
from edge.looks import EDGE_PX, BestLooks, look_at, quality_of
from edge.outcomes import Outcomes
from edge.plates.readout import PlateEyes, Readout, read_out
from edge.road.size import size_says
from edge.seen import EvidencePicture, SeenVehicle
from edge.settings import Models, PipelineSettings
from edge.stages import Stages
from edge.vehicles.course import Course
from edge.vehicles.hgv import HgvEvidence

PERHAPS = 0.15
"""From this score on looks are kept: far away a lorry may still look like something else."""
TYPE_LOOKS = 6
TYPE_FROM = 0.08
"""How large a vehicle is, in parts of the picture's width, before its type can be seen."""
TYPE_GROWTH, DOUBTED_GROWTH, DOUBTED = 1.6, 1.4, (0.06, 0.98)
"""The type model is asked again when the vehicle has grown or shrunk by this; sooner where the score is in
doubt."""
NOT_AN_HGV = "not an HGV"


@dataclass
class Passing:
    """A vehicle that is being seen: tell it each time it is `detected`, `look` at it, `close` it."""

    track_id: int
    first_seen: datetime
    first_s: float
    settings: PipelineSettings
    models: Models
    stages: Stages
    evidence: HgvEvidence = field(default_factory=HgvEvidence)
    last_seen: datetime = field(init=False)
    last_s: float = field(init=False)
    _box_px: BoxPx = (0, 0, 0, 0)
    _best: BestLooks = field(init=False)
    _type_looks: int = 0
    _type_size_px: float = 0.0

    def __post_init__(self) -> None:
        self.last_seen, self.last_s = self.first_seen, self.first_s
        self._best = BestLooks(self.settings.most_looks)

    def detected(self, frame: Frame, box_px: BoxPx, class_scores: tuple[float, float, float, float]) -> None:
        """Take in that the detector has found the vehicle at `box_px` in `frame`."""
        self.last_seen, self.last_s, self._box_px = frame.at, frame.offset_s, box_px
        size_px = float(box_px[2] - box_px[0]), float(box_px[3] - box_px[1])
        beside = box_px[0] < EDGE_PX or box_px[2] > frame.width_px - EDGE_PX
        cut = beside or box_px[1] < EDGE_PX or box_px[3] > frame.height_px - EDGE_PX
        self.evidence.add_detection(class_scores, size_px, cut)
        mean_px = sum(size_px) / 2
        if not beside and mean_px >= TYPE_FROM * frame.width_px and self._wants_type(mean_px):
            with self.stages.stage("type"):
                odds = self.models.vehicle_type.odds(frame, box_px)
            self.evidence.add_type(odds, size_px, cut)
            self._type_looks, self._type_size_px = self._type_looks + 1, mean_px
        if not self.wants_looks():
            self.forget()

    def _wants_type(self, size_px: float) -> bool:
        taken_for_light = self.evidence.plainly_light and not self.is_hgv()
        if self._type_looks >= TYPE_LOOKS or taken_for_light:
            return False
        growth = DOUBTED_GROWTH if DOUBTED[0] < self.evidence.hgv < DOUBTED[1] else TYPE_GROWTH
        larger = size_px / self._type_size_px if self._type_size_px else growth
        return not 1 / growth < larger < growth

    def wants_looks(self) -> bool:
        """Whether it may be an HGV, so that its looks are kept."""
        return self.evidence.hgv >= PERHAPS or self.settings.keep_all_plates

    def look(self, frame: Frame, box_px: BoxPx, all_px: Callable[[], Sequence[BoxPx]]) -> None:
        """Keep the vehicle's picture at `box_px` if it shows it better than those kept.

        `all_px` gives the boxes of all vehicles in the frame; few looks are kept, so it is seldom asked.
        """
        with self.stages.stage("look"):
            quality = quality_of(frame.luma, box_px)
            if self._best.wants(frame.offset_s, quality):
                neighbours_px = tuple(other for other in all_px() if other != box_px)
                self._best.add(look_at(frame, box_px, neighbours_px, quality))

    def forget(self) -> None:
        """Let the kept pictures go: the vehicle will not be told of, or has been."""
        self._best.forget()

    def is_hgv(self) -> bool:
        """Whether all that was seen says HGV."""
        return self.evidence.hgv >= self.settings.hgv_from

    def close(
        self,
        source: str,
        course: Course,
        outcomes: Outcomes,
    ) -> SeenVehicle:
        """The vehicle as it was seen; its plate is read only if it looks like an HGV or all are kept."""
        if self.wants_looks():  # size never makes an HGV of what was so little like one that no look was kept
            self.evidence.add_size(size_says(course.measured.length_m, course.measured.height_m).logit)
        hgv = self.is_hgv()
        outcomes.count("vehicles_hgv" if hgv else "vehicles_not_hgv")
        readout = self._read(outcomes) if hgv or self.settings.keep_all_plates else None
        look = readout.look if readout else None
        self.forget()
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
            box_px=look.box_px if look else self._box_px,
            trailer=course.trailer,
            direction=course.direction,
            lane=course.lane,
            measured=course.measured,
            reading=readout.reading if readout else None,
            plate_reason=readout.reason if readout else NOT_AN_HGV,
            raw_reads=readout.raw_reads if readout else (),
            evidence=_pictures(readout) if hgv and readout else (),
        )

    def _read(self, outcomes: Outcomes) -> Readout:
        """What the kept looks say; there is at least one, the last of those that made it an HGV."""
        eyes = PlateEyes(
            self.models.localiser,
            self.models.readers,
            self.settings.grammar,
            self.settings.least_agreeing_looks,
            self.stages,
        )
        return read_out(self._best.looks, eyes, outcomes)


def _pictures(readout: Readout) -> tuple[EvidencePicture, ...]:
    patch = readout.patch
    scene = overview(readout.look, patch.corners if patch else None)
    return (scene, plate_picture(patch.picture)) if patch else (scene,)
