"""From vehicles before cameras to passages as units sign them; what became of each crossing is remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from config.wire import EvidenceRef, Passage, Plate, Position, Vehicle
from enforcement.simulation.chance import chance_of
from enforcement.simulation.clocks import SOFTWARE, Clock, Spell, Timing, clock_state, draw_timing
from enforcement.simulation.drives import Crossing, Journey
from enforcement.simulation.fleet import Kind
from enforcement.simulation.parameters import Parameters
from enforcement.simulation.places import AUTHORITY, Place
from enforcement.simulation.reading import as_published, misread, nonsense


class Sight(StrEnum):
    """What became of a vehicle before a camera."""

    READ = "read"
    MISREAD = "misread"
    UNREAD = "unread"
    TRAILER_MARK = "trailer_mark"
    FOREIGN = "foreign"
    NOT_CAPTURED = "not_captured"
    CAMERA_OFF = "camera_off"
    CAMERA_COVERED = "camera_covered"


@dataclass(frozen=True, slots=True)
class Look:
    """A crossing, what became of it, and the passage that the unit told, if it did."""

    journey: Journey
    crossing: Crossing
    sight: Sight
    clock: Clock
    passage: Passage | None


@dataclass(frozen=True, slots=True)
class _Read:
    sight: Sight
    text: str | None


class CameraCrew:
    """The cameras of one village."""

    def __init__(self, place: Place, parameters: Parameters, seed: int) -> None:
        self._place = place
        self._cameras = parameters.cameras
        self._chance = chance_of(seed, "cameras", place.number)
        self.timing: dict[str, Timing] = {
            site.site_id: draw_timing(site.site_id, parameters, seed) for site in place.sites
        }
        self._count = 0

    def looks(self, journeys: Iterable[Journey]) -> Iterator[Look]:
        """What became of each crossing of each journey."""
        for journey in journeys:
            wrong: str | None = None
            for crossing in journey.crossings:
                for look in self._looks(journey, crossing, wrong):
                    if look.sight is Sight.MISREAD and look.passage and look.passage.plate:
                        wrong = look.passage.plate.text
                    yield look

    def _looks(self, journey: Journey, crossing: Crossing, wrong: str | None) -> Iterator[Look]:
        timing, cameras = self.timing[crossing.site_id], self._cameras
        spell = timing.clock_at(crossing.at)
        clock = spell.clock if spell else Clock.GOOD
        unseen = self._unseen(timing, crossing)
        if unseen is not None:
            yield Look(journey, crossing, unseen, clock, None)
            return
        times = [0.0, self._chance.uniform(3, 20)] if self._happens(cameras.seen_twice) else [0.0]
        for after_s in times:
            read = self._read(journey, crossing, wrong)
            passage = self._passage(journey, crossing, crossing.at + timedelta(seconds=after_s), read, spell)
            yield Look(journey, crossing, read.sight, clock, passage)

    def _unseen(self, timing: Timing, crossing: Crossing) -> Sight | None:
        missed = self._happens(self._cameras.missed)
        if timing.is_out(crossing.at):
            return Sight.CAMERA_OFF
        if timing.is_covered(crossing.at):
            return Sight.CAMERA_COVERED
        return Sight.NOT_CAPTURED if missed else None

    def _read(self, journey: Journey, crossing: Crossing, wrong: str | None) -> _Read:
        cameras, drawn = self._cameras, self._chance.random()
        if journey.foreign:
            british = drawn < cameras.foreign_as_british
            return _Read(Sight.FOREIGN, nonsense(self._chance) if british else None)
        for sight, share in (
            (Sight.UNREAD, cameras.unread),
            (Sight.TRAILER_MARK, cameras.trailer_mark if crossing.direction == "away" else 0.0),
        ):
            if drawn < share:
                return _Read(sight, None)
            drawn -= share
        again = wrong is not None and self._happens(cameras.misread_again)
        if again or drawn < cameras.misread:
            text = wrong if again else as_published(misread(journey.plate, self._chance, cameras.confused))
            return _Read(Sight.MISREAD if text else Sight.UNREAD, text)
        return _Read(Sight.READ, journey.plate)

    def _passage(
        self, journey: Journey, crossing: Crossing, at: datetime, read: _Read, spell: Spell | None
    ) -> Passage:
        self._count += 1
        cameras = self._cameras
        name = hashlib.sha256(f"{self._place.number}/{self._count}".encode()).hexdigest()
        offset_s = self._chance.gauss(0.0, cameras.jitter_s) + (spell.offset_s if spell else 0.0)
        captured_at = at + timedelta(seconds=offset_s)
        pictures = (picture("overview", name),) if self._happens(cameras.pictures_lost) else PICTURES
        return Passage(
            passage_id=name[:32],
            authority=AUTHORITY,
            agent_id=f"unit-{crossing.site_id}",
            camera_id=crossing.site_id,
            site_id=crossing.site_id,
            site_version=1,
            source="live",
            captured_at=captured_at,
            first_seen=captured_at,
            last_seen=captured_at,
            frame_number=self._count,
            direction=crossing.direction,  # type: ignore[arg-type]  # a camera point's, one of the literals
            position=_POSITION,
            vehicle=_TOWING if self._trailer_seen(journey) else _SOLO,
            plate=Plate(text=read.text, confidence=0.98, looks=3) if read.text else None,
            plate_reason=None if read.text else "no mark that fits",
            evidence=pictures,
            clock=clock_state(spell, cameras.error_bound_s),
            software=SOFTWARE,
        )

    def _trailer_seen(self, journey: Journey) -> bool:
        cameras = self._cameras
        towing = journey.vehicle.trailer_kg > 0 or (
            journey.vehicle.operator.kind is Kind.HAULAGE and (journey.vehicle.weight_kg or 0) >= 40_000
        )
        return self._happens(cameras.trailer_seen if towing else cameras.trailer_imagined)

    def _happens(self, share: float) -> bool:
        return self._chance.random() < share


_POSITION = Position(latitude=51.87, longitude=-0.4, source="site")
_SOLO = Vehicle(class_="truck", hgv=0.9, detector_score=0.9, box=(0, 0, 3, 2))
_TOWING = Vehicle(class_="truck", hgv=0.9, detector_score=0.9, box=(0, 0, 3, 2), trailer=True)


def picture(kind: Literal["overview", "plate"], sha256: str) -> EvidenceRef:
    """What a passage says of a picture."""
    return EvidenceRef(kind=kind, sha256=sha256, size_bytes=9, width_px=64, height_px=48)


PICTURES = (picture("overview", "0" * 64), picture("plate", "1" * 64))
"""The pictures that all passages share whose pictures are held."""
