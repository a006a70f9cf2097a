"""One village through the real decision code: from passages to transits to cases. Nothing of it is copied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.wire import Passage
from enforcement.cases.judging import Outcome, Question, after_register, before_register
from enforcement.errors import RegisterUnavailable
from enforcement.register.answers import RegisterAnswer
from enforcement.simulation.cameras import PICTURES, CameraCrew, Look
from enforcement.simulation.parameters import Parameters
from enforcement.simulation.places import Place
from enforcement.simulation.register import SimulatedRegister
from ingest import records
from ingest.records import EvidenceRecord, PassageRecord, Reason, TransitRecord

_AFTER = timedelta(hours=1)
_ASKED_AGAIN = timedelta(days=1)
_HELD = {picture.sha256 for picture in PICTURES}


@dataclass(frozen=True)
class Judged:
    """A transit with two ends, how it ended and why, and what the register answered if it was asked."""

    transit: TransitRecord
    entry: Look
    exit: Look
    outcome: Outcome
    reasons: tuple[Reason, ...]
    answer: RegisterAnswer | None
    asked: int


def transits_of_village(
    place: Place, crew: CameraCrew, looks: Iterable[Look], parameters: Parameters
) -> list[TransitRecord]:
    """What the village's passages amount to once all are in."""
    tolerance_s = parameters.cameras.tolerance_s
    seen = [
        seen
        for look in looks
        if look.passage is not None
        for seen in [
            records.seen_of(
                look.passage,
                tolerance_s,
                doubted=crew.timing[look.passage.site_id].is_doubted(look.passage.captured_at),
            )
        ]
        if seen is not None
    ]
    seeing = records.seeing_by(
        {
            site_id: records.camera_seeing(timing.heartbeats, site_id, tolerance_s)
            for site_id, timing in crew.timing.items()
        }
    )
    concluded = records.conclude(seen, law_of(place), seeing, all_in(parameters))
    return [transit for _, transits in sorted(concluded.items()) for transit in transits]


def law_of(place: Place) -> records.Law:
    """The village's sites and orders as ingest has them."""
    return records.Law({(site.site_id, site.site_version): site for site in place.sites}, place.orders)


def all_in(parameters: Parameters) -> datetime:
    """An instant by which everything has come and nothing is waited for any more."""
    end = parameters.period.end
    return datetime(end.year, end.month, end.day, tzinfo=UTC) + timedelta(days=4)


def judge_all(
    place: Place,
    transits: Iterable[TransitRecord],
    looks: Mapping[str, Look],
    register: SimulatedRegister,
) -> Iterator[Judged]:
    """What becomes of each through or close transit before an officer sees it. `looks` are by passage id."""
    for transit in transits:
        if transit.conclusion not in ("through", "close"):
            continue
        if transit.entry_passage_id is not None and transit.exit_passage_id is not None:
            ends = (looks[transit.entry_passage_id], looks[transit.exit_passage_id])
            yield _judged(place, transit, ends, register)


def _judged(
    place: Place, transit: TransitRecord, ends: tuple[Look, Look], register: SimulatedRegister
) -> Judged:
    entry, leaving = ends
    question = Question(
        transit=transit,
        entry=_record(entry),
        exit=_record(leaving),
        order=place.orders[transit.order_id][transit.order_version - 1],
        permits=tuple(place.permits.get(transit.vrm, ())),
    )
    now = question.exit.captured_at + _AFTER
    asked = 0
    while True:
        early = before_register(question, now)
        if early is not None:
            return Judged(transit, entry, leaving, early, (), None, asked)
        asked += 1
        try:
            answer = register.look_up(transit.vrm)
        except RegisterUnavailable:
            now += _ASKED_AGAIN
            continue
        judgement = after_register(question, answer)
        return Judged(transit, entry, leaving, judgement.outcome, judgement.reasons, answer, asked)


def _record(look: Look) -> PassageRecord:
    """A passage as ingest's records tell it, its pictures held unless they were lost."""
    passage: Passage | None = look.passage
    if passage is None:
        raise ValueError("a transit rests on a passage that no camera told")
    clock = passage.clock
    return PassageRecord(
        passage_id=passage.passage_id,
        authority=passage.authority,
        agent_id=passage.agent_id,
        camera_id=passage.camera_id,
        site_id=passage.site_id,
        site_version=passage.site_version,
        source=passage.source,
        captured_at=passage.captured_at,
        first_seen=passage.first_seen,
        last_seen=passage.last_seen,
        received_at=passage.captured_at,
        direction=passage.direction,
        lane=passage.lane,
        vrm=passage.plate.text if passage.plate else None,
        read_confidence=passage.plate.confidence if passage.plate else None,
        looks=passage.plate.looks if passage.plate else None,
        plate_reason=passage.plate_reason,
        raw_reads=(),
        vehicle_class=passage.vehicle.class_,
        hgv=passage.vehicle.hgv,
        trailer=passage.vehicle.trailer,
        box=passage.vehicle.box,
        latitude=passage.position.latitude,
        longitude=passage.position.longitude,
        deployment_id=None,
        deployment_started_at=None,
        deployment_ended_at=None,
        clock_source=clock.source,
        clock_offset_s=clock.offset_s,
        clock_error_s=clock.error_bound_s,
        clock_ok=True,
        software=passage.software,
        models=passage.models,
        evidence=_evidence(passage),
    )


def _evidence(passage: Passage) -> tuple[EvidenceRecord, ...]:
    return tuple(
        EvidenceRecord(
            sha256=picture.sha256,
            kind=picture.kind,
            state="held" if picture.sha256 in _HELD else "lost",
            size_bytes=picture.size_bytes,
            width_px=picture.width_px,
            height_px=picture.height_px,
        )
        for picture in passage.evidence
    )


def by_passage(looks: Sequence[Look]) -> dict[str, Look]:
    """The looks that left a passage, by its id."""
    return {look.passage.passage_id: look for look in looks if look.passage is not None}
