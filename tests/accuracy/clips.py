"""Scores the clips: lorries by the second, one passage and one text for one plate, and silence elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import av

from edge import frames
from edge.commands.replay import passages
from edge.frames import as_picture
from edge.seen import SeenVehicle
from edge.settings import Models, PipelineSettings
from edge.vehicles.region import Polygon, holds
from tests.accuracy.labels import DATA, clip_plates, freeway_lorries
from tests.accuracy.passages import Lorry, LorryMatch, Span, matched, plates_with_several_texts
from tests.accuracy.section import Miss, Section, cut_out, patches, sayings

VIDEO = DATA / "video"
DUSK = "uk_dual_carriageway_dusk_720p.mp4"
SPANISH = "es_dual_carriageway_rear_720p.mp4"
FREEWAY = "us_freeway_lorries_360p.mp4"
BLOWN = "uk_motorway_cars_720p_plates_blown.mp4"
WITHOUT_HGVS = frozenset({DUSK, SPANISH, BLOWN})
"""Clips of cars and vans, as a person sees them."""
NEAR_CARRIAGEWAY = (
    *((0.0, 0.8), (0.303, 0.4), (0.345, 0.1)),
    *((0.645, 0.064), (1.0, 0.65), (1.0, 1.0), (0.0, 1.0)),
)
"""The road of the freeway clip whose lorries are labelled, between its barriers, in parts of the picture."""


@dataclass(frozen=True)
class Watched:
    """A clip and the vehicles that passed in it."""

    path: Path
    vehicles: list[SeenVehicle]
    hgv_from: float

    @property
    def hgvs(self) -> list[SeenVehicle]:
        """Those that look like HGVs."""
        return [vehicle for vehicle in self.vehicles if vehicle.hgv >= self.hgv_from]

    @property
    def texts(self) -> list[str]:
        """All plates that were read, in order of time."""
        return [vehicle.reading.text for vehicle in self.vehicles if vehicle.reading]

    def counts(self) -> dict[str, Any]:
        """What every clip tells."""
        return {
            "vehicles": len(self.vehicles),
            "hgvs": len(self.hgvs),
            "hgvs_by_direction": dict(Counter(vehicle.direction for vehicle in self.hgvs)),
            "texts": len(self.texts),
        }


def scored_clip(path: Path, models: Models) -> Section:
    """The section of one clip: by its labels where it has any; elsewhere every text is a false one."""
    grammar: Literal["gb", "none"] = "none" if path.name == SPANISH else "gb"
    settings = PipelineSettings(grammar=grammar, keep_all_plates=True)
    watched = Watched(path, list(passages(str(path), models, settings)), settings.hgv_from)
    own = {DUSK: _dusk, SPANISH: _spanish, FREEWAY: _freeway}.get(path.name, _unlabelled)
    figures, misses = own(watched, models)
    return Section(path.stem, watched.counts() | figures, misses, _hgv_scores(watched))


def _hgv_scores(watched: Watched) -> list[tuple[float, bool]]:
    """What is known of the vehicles: on the freeway those that answer a lorry best are one, others none."""
    if watched.path.name in WITHOUT_HGVS:
        return [(vehicle.hgv, False) for vehicle in watched.vehicles]
    if watched.path.name != FREEWAY:
        return []
    size_px = _picture_at(watched.path, 0.0).shape[1::-1]
    near = [vehicle for vehicle in watched.vehicles if _is_on(NEAR_CARRIAGEWAY, vehicle, size_px)]
    near.sort(key=lambda vehicle: -vehicle.hgv)
    lorries = freeway_lorries()
    left = list(lorries)
    scores: list[tuple[float, bool]] = []
    for vehicle in near:
        span = Span(vehicle.first_s, vehicle.last_s)
        answered = min(
            (one for one in left if span.answers(one.near_s)),
            key=lambda one: abs(one.near_s - span.last_s),
            default=None,
        )
        if answered is not None:
            left.remove(answered)
        if answered is None or answered.sure:
            scores.append((vehicle.hgv, answered is not None))
    return scores


def _unlabelled(watched: Watched, models: Models) -> tuple[dict[str, Any], list[Miss]]:
    read = [vehicle for vehicle in watched.vehicles if vehicle.reading]
    return {"false_texts": len(read)}, [_miss("false text", watched, one, "", models) for one in read]


def _dusk(watched: Watched, models: Models) -> tuple[dict[str, Any], list[Miss]]:
    readable, doubtful = clip_plates(watched.path.name)
    read = Counter(watched.texts)
    wrong = [v for v in watched.vehicles if v.reading and v.reading.text not in {*readable, *doubtful}]
    figures = {
        "plates": len(readable),
        "plates_once": sum(read[text] == 1 for text in readable),
        "plates_in_several_passages": sum(read[text] > 1 for text in {*readable, *doubtful}),
        "wrong": len(wrong),
    }
    misses = [_miss("wrong text", watched, vehicle, "", models) for vehicle in wrong]
    misses += [_unseen("unread", watched, text) for text in readable if not read[text]]
    return figures, misses


def _spanish(watched: Watched, models: Models) -> tuple[dict[str, Any], list[Miss]]:
    """Nobody labelled these plates: reads that nearly agree are taken for reads of one plate."""
    groups = plates_with_several_texts(watched.texts)
    figures = {
        "different_texts": len(set(watched.texts)),
        "plates_with_several_texts": len(groups),
        "texts_in_several_passages": sum(count > 1 for count in Counter(watched.texts).values()),
    }
    doubled = {text for group in groups for text in group}
    misses = [
        _miss("several texts", watched, vehicle, "", models)
        for vehicle in watched.vehicles
        if vehicle.reading and vehicle.reading.text in doubled
    ]
    return figures, misses


def _freeway(watched: Watched, models: Models) -> tuple[dict[str, Any], list[Miss]]:
    lorries, size_px = freeway_lorries(), _picture_at(watched.path, 0.0).shape[1::-1]
    near, match = answers(lorries, watched.hgvs, size_px)
    sure, unsure = match.count(lorries, sure=True), match.count(lorries, sure=False)
    figures = {
        "lorries": sum(one.sure for one in lorries),
        "lorries_found": sure,
        "unsure_found": unsure,
        "hgv_passages_near": len(near),
        "hgv_passages_elsewhere": len(watched.hgvs) - len(near),
        "hgv_passages_of_none": len(match.unmatched),
        "passages_per_lorry": round(len(near) / max(1, sure + unsure), 2),
        "false_texts": len(watched.texts),
    }
    misses = [
        _lorry_miss(watched, one)
        for one, passage in zip(lorries, match.passage_of, strict=True)
        if one.sure and passage is None
    ]
    misses += [_miss("HGV passage of no lorry", watched, near[i], "", models) for i in match.unmatched]
    misses += [_miss("false text", watched, v, "", models) for v in watched.vehicles if v.reading]
    return figures, misses


def answers(
    lorries: Sequence[Lorry],
    hgvs: Sequence[SeenVehicle],
    size_px: Sequence[int],
    road: Polygon = NEAR_CARRIAGEWAY,
) -> tuple[list[SeenVehicle], LorryMatch]:
    """The HGVs on the road whose lorries are labelled, and which of them answers which lorry."""
    near = [vehicle for vehicle in hgvs if _is_on(road, vehicle, size_px)]
    return near, matched(lorries, [Span(one.first_s, one.last_s) for one in near])


def _is_on(road: Polygon, vehicle: SeenVehicle, size_px: Sequence[int]) -> bool:
    x1, _, x2, y2 = vehicle.box_px
    return holds(road, (x1 + x2) / 2 / size_px[0], min(y2 / size_px[1], 1.0))


def _miss(kind: str, watched: Watched, vehicle: SeenVehicle, wanted: str, models: Models) -> Miss:
    picture = _picture_at(watched.path, vehicle.captured_s)
    given = vehicle.reading.text if vehicle.reading else ""
    pictures = [
        picture,
        cut_out(picture, vehicle.box_px),
        *patches(models.localiser, picture, vehicle.box_px),
    ]
    said = [f"{vehicle.first_s:.1f} to {vehicle.last_s:.1f} s, {vehicle.direction}", *sayings(vehicle)]
    return Miss(kind, f"{watched.path.name} at {vehicle.captured_s:.1f} s", wanted, given, said, pictures)


def _lorry_miss(watched: Watched, lorry: Lorry) -> Miss:
    """A lorry without an HGV passage, with what passed about then: the largest of it first."""
    about = [v for v in watched.vehicles if Span(v.first_s, v.last_s).answers(lorry.near_s)]
    about.sort(key=lambda v: (v.box_px[2] - v.box_px[0]) * (v.box_px[1] - v.box_px[3]))
    said = [f"{v.first_s:.1f} to {v.last_s:.1f} s, box {v.box_px}, {sayings(v)[0]}" for v in about[:4]]
    where = f"{watched.path.name} at {lorry.near_s:.1f} s"
    return Miss(
        "lorry without a passage",
        where,
        lorry.what,
        "",
        said,
        [_picture_at(watched.path, lorry.near_s)],
    )


def _unseen(kind: str, watched: Watched, wanted: str) -> Miss:
    said = [f"{v.first_s:.1f} to {v.last_s:.1f} s: {s}" for v in watched.vehicles for s in sayings(v)[:1]]
    return Miss(kind, watched.path.name, wanted, "", said, [])


def _picture_at(clip: Path, offset_s: float) -> frames.Picture:
    """The clip's picture nearest to that second."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        began_s = best = None
        for picture in container.decode(stream):
            began_s = picture.time if began_s is None else began_s
            best = picture
            if picture.time - began_s >= offset_s - 1e-3:
                break
        if best is None:
            raise LookupError(f"{clip} holds no picture")
        return as_picture(best.to_ndarray(format="bgr24"))
