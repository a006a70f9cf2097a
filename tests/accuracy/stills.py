"""Scores the sets of stills: plates, and whether what looks like an HGV is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from edge import frames
from edge.outcomes import Outcomes
from edge.seen import SeenVehicle
from edge.settings import Models, PipelineSettings
from edge.sources.folder import read_picture, still_frame
from edge.sources.opening import EPOCH
from edge.still import vehicles_in
from tests.accuracy.labels import Picture
from tests.accuracy.plates import Comparison, Kind, allowing, compared, edits, forgiven
from tests.accuracy.section import Miss, Section, cut_out, patches, plate_figures, sayings


@dataclass(frozen=True)
class Looked:
    """A still and what the system made of it."""

    still: Picture
    picture: frames.Picture
    vehicles: list[SeenVehicle]
    plates: Comparison

    def others(self) -> list[tuple[str, Kind]]:
        """The texts that are no label's, with what they are."""
        boxes = [(one.reading.text, one.box_px) for one in self.vehicles if one.reading]
        return allowing(self.plates.others, boxes, self.still.unlabelled_px)

    def likely_vehicle(self, text: str) -> SeenVehicle | None:
        """The vehicle whose reads come nearest to a text; of equal ones the largest."""

        def rank(vehicle: SeenVehicle) -> tuple[int, int]:
            x1, y1, x2, y2 = vehicle.box_px
            near = min((edits(forgiven(read.text), forgiven(text)) for read in vehicle.raw_reads), default=99)
            return near, -(x2 - x1) * (y2 - y1)

        return min(self.vehicles, key=rank, default=None)


def scored_stills(
    name: str, stills: Sequence[Picture], models: Models, grammar: Literal["gb", "none"]
) -> Section:
    """The section of a set of stills; with grammar none O counts as 0 and I as 1."""
    settings = PipelineSettings(grammar=grammar, keep_all_plates=True, least_agreeing_looks=1)
    looked = [_looked(still, models, settings) for still in stills]
    wrong = [kind for one in looked for _, kind in one.others()]
    figures = {
        "pictures": len(looked),
        "plates": plate_figures([plate for one in looked for plate in one.plates.plates]),
        "misread": wrong.count("misread"),
        "false": wrong.count("false"),
        "repeated": wrong.count("repeated"),
        "unlabelled": wrong.count("unlabelled"),
        "wrong": wrong.count("misread") + wrong.count("false"),
    }
    misses = [miss for one in looked for miss in _plate_misses(one, models)]
    if any(still.lorry is not None for still in stills):
        figures["hgv"] = _hgv_figures(looked, settings.hgv_from)
        misses += [miss for one in looked for miss in _hgv_misses(one, settings.hgv_from)]
    return Section(name, figures, misses, [score for one in looked for score in _hgv_scores(one)])


def _hgv_scores(one: Looked) -> list[tuple[float, bool]]:
    """What is known: a lorry's still shows one at least, another still none."""
    scores = sorted((vehicle.hgv for vehicle in one.vehicles), reverse=True)
    if one.still.lorry is None:
        return []
    return [(score, one.still.lorry) for score in (scores[:1] if one.still.lorry else scores)]


def _looked(still: Picture, models: Models, settings: PipelineSettings) -> Looked:
    picture = read_picture(still.path)
    frame = still_frame(picture, 0, EPOCH, 0.0)
    vehicles = vehicles_in(frame, models, settings, still.path.name, Outcomes())
    texts = [vehicle.reading.text for vehicle in vehicles if vehicle.reading]
    if settings.grammar == "none":
        texts = [forgiven(text) for text in texts]
    return Looked(still, picture, vehicles, compared(still.plates, texts))


def _hgv_figures(looked: Sequence[Looked], hgv_from: float) -> dict[str, int]:
    seen = [(one.still.lorry, sum(v.hgv >= hgv_from for v in one.vehicles)) for one in looked]
    return {
        "lorry_pictures": sum(bool(lorry) for lorry, _ in seen),
        "lorry_pictures_found": sum(bool(lorry) and hgvs > 0 for lorry, hgvs in seen),
        "other_pictures": sum(lorry is False for lorry, _ in seen),
        "other_pictures_false": sum(lorry is False and hgvs > 0 for lorry, hgvs in seen),
        "hgv_vehicles": sum(hgvs for _, hgvs in seen),
    }


def _plate_misses(one: Looked, models: Models) -> list[Miss]:
    misses = []
    for plate in one.plates.plates:
        if not plate.exact:
            vehicle = one.likely_vehicle(plate.label.text)
            kind = "unread" if plate.given is None else "misread"
            misses.append(_miss(kind, one, plate.label.text, plate.given or "", vehicle, models))
    for text, kind in one.others():
        if kind != "misread":
            misses.append(_miss(f"{kind} text", one, "", text, one.likely_vehicle(text), models))
    return misses


def _miss(
    kind: str, one: Looked, wanted: str, given: str, vehicle: SeenVehicle | None, models: Models
) -> Miss:
    where = one.still.path.name
    if vehicle is None:
        return Miss(kind, where, wanted, given, ["no vehicle found"], [one.picture])
    pictures = [
        one.picture,
        cut_out(one.picture, vehicle.box_px),
        *patches(models.localiser, one.picture, vehicle.box_px),
    ]
    return Miss(kind, where, wanted, given, sayings(vehicle), pictures)


def _hgv_misses(one: Looked, hgv_from: float) -> list[Miss]:
    hgvs = [vehicle for vehicle in one.vehicles if vehicle.hgv >= hgv_from]
    if one.still.lorry is None or one.still.lorry == bool(hgvs):
        return []
    kind = "lorry not found" if one.still.lorry else "false HGV"
    shown = hgvs or one.vehicles
    said = [sayings(vehicle)[0] for vehicle in shown]
    pictures = [one.picture, *(cut_out(one.picture, vehicle.box_px) for vehicle in shown)]
    return [Miss(kind, one.still.path.name, "", "", said, pictures)]
