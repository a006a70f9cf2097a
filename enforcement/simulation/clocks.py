"""A camera's times over the months: when it saw, when its clock was off, and what its heartbeats tell."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from config.wire import CameraHealth, ClockState, Health
from config.wire.unit_state import Heard
from enforcement.simulation.chance import chance_of
from enforcement.simulation.parameters import Cameras, Episodes, Parameters
from enforcement.simulation.places import AUTHORITY
from ingest import records

BEAT_S = 30.0
OUTBOX = "0" * 32
SOFTWARE = "simulation"

_UNDER_WAY = timedelta(seconds=0.2)
_NEAR_S = 60.0


class Clock(StrEnum):
    """How a clock is off, by what its unit says."""

    GOOD = "good"
    DRIFT = "drift"
    OUTSIDE = "outside"
    LYING = "lying"
    LYING_SUBTLY = "lying_subtly"


@dataclass(frozen=True, slots=True)
class Spell:
    """A time during which something was so; true instants. `offset_s` is how far a clock was ahead."""

    start: datetime
    end: datetime
    clock: Clock = Clock.GOOD
    offset_s: float = 0.0

    def has(self, at: datetime) -> bool:
        """Whether an instant lies inside."""
        return self.start <= at < self.end


@dataclass(frozen=True)
class Timing:
    """One camera's outages and clock errors, and the heartbeats that came: what they say, and when."""

    outages: tuple[Spell, ...]
    unnoticed: tuple[Spell, ...]
    off: tuple[Spell, ...]
    heartbeats: tuple[tuple[Health, datetime], ...]
    _bad_beats: tuple[tuple[datetime, bool], ...]

    def clock_at(self, at: datetime) -> Spell | None:
        """The error that the clock had at a true instant, if any."""
        return _spell_at(self.off, at)

    def is_out(self, at: datetime) -> bool:
        """Whether the camera was off, and said so."""
        return _spell_at(self.outages, at) is not None

    def is_covered(self, at: datetime) -> bool:
        """Whether the camera saw nothing without knowing it."""
        return _spell_at(self.unnoticed, at) is not None

    def is_doubted(self, captured_at: datetime) -> bool:
        """Whether one of the heartbeats around a time of the unit's own clock shows a bad clock."""
        beats = self._bad_beats
        before = bisect_right(beats, captured_at, key=lambda beat: beat[0])
        return any(bad for _, bad in beats[max(0, before - 1) : before + 1])


def draw_timing(site_id: str, parameters: Parameters, seed: int) -> Timing:
    """What happened to a site's camera and its clock, and its heartbeats."""
    chance = chance_of(seed, "timing", site_id)
    period, cameras = parameters.period, parameters.cameras
    start = datetime(period.start.year, period.start.month, period.start.day, tzinfo=UTC) - timedelta(days=2)
    end = datetime(period.end.year, period.end.month, period.end.day, tzinfo=UTC) + timedelta(days=2)
    whole = Spell(start, end)
    outages = _apart(
        _spells(chance, whole, cameras.outages_per_year, cameras.outage_median_h, cameras.outage_sigma)
    )
    unnoticed = _apart(_spells(chance, whole, cameras.unnoticed_per_year, cameras.unnoticed_h, 0.0))
    off = _apart(
        spell
        for clock, episodes in (
            (Clock.DRIFT, cameras.drifts),
            (Clock.OUTSIDE, cameras.outside),
            (Clock.LYING, cameras.lying),
            (Clock.LYING_SUBTLY, cameras.lying_subtly),
        )
        for spell in _clock_spells(chance, whole, clock, episodes)
    )
    beats = tuple(_heartbeats(site_id, whole, outages, off, cameras))
    bad = sorted(
        (health.sent_at, records.tells_of_bad_clock(health, came, cameras.tolerance_s))
        for health, came in beats
    )
    return Timing(tuple(outages), tuple(unnoticed), tuple(off), beats, tuple(bad))


def clock_state(spell: Spell | None, error_bound_s: float) -> ClockState:
    """What a unit says of its clock: the truth, or that all is well."""
    told = spell is not None and spell.clock in (Clock.DRIFT, Clock.OUTSIDE)
    offset_s = round(spell.offset_s, 3) if told and spell is not None else 0.0
    return ClockState(source="chrony", offset_s=offset_s, error_bound_s=error_bound_s)


def _spells(
    chance: random.Random, whole: Spell, per_year: float, median_h: float, sigma: float
) -> list[Spell]:
    found, at = [], whole.start
    while per_year:
        at += timedelta(days=chance.expovariate(per_year / 365.25))
        length = timedelta(hours=median_h * chance.lognormvariate(0.0, sigma))
        if at + length > whole.end - timedelta(hours=1):
            break
        found.append(Spell(at, at + length))
        at += length
    return found


def _clock_spells(chance: random.Random, whole: Spell, clock: Clock, episodes: Episodes) -> list[Spell]:
    return [
        Spell(
            spell.start,
            spell.end,
            clock,
            chance.choice((-1, 1)) * chance.uniform(episodes.least_s, episodes.most_s),
        )
        for spell in _spells(chance, whole, episodes.per_year, episodes.hours, 0.0)
    ]


def _apart(spells: Iterable[Spell]) -> list[Spell]:
    """The spells in order, less those that begin before the one before is well over."""
    kept: list[Spell] = []
    for spell in sorted(spells, key=lambda spell: spell.start):
        if not kept or spell.start > kept[-1].end + timedelta(minutes=30):
            kept.append(spell)
    return kept


def _spell_at(spells: Sequence[Spell], at: datetime) -> Spell | None:
    before = bisect_right(spells, at, key=lambda spell: spell.start)
    spell = spells[before - 1] if before else None
    return spell if spell is not None and spell.has(at) else None


def _heartbeats(
    site_id: str, whole: Spell, outages: Sequence[Spell], off: Sequence[Spell], cameras: Cameras
) -> Iterable[tuple[Health, datetime]]:
    """The heartbeats that matter: at both ends of each time of seeing, and every half minute where a clock
    changes. Those between say the same again.
    """
    starts = [whole.start, *(outage.end for outage in outages)]
    ends = [*(outage.start for outage in outages), whole.end]
    changes = sorted(edge for spell in off for edge in (spell.start, spell.end))
    around = timedelta(seconds=_NEAR_S + cameras.lying.most_s)
    for start, end in zip(starts, ends, strict=True):
        times = {start + timedelta(seconds=BEAT_S), end - timedelta(seconds=1)}
        for change in changes[bisect_left(changes, start - around) : bisect_right(changes, end + around)]:
            beats = int(2 * around.total_seconds() / BEAT_S)
            times |= {change - around + timedelta(seconds=BEAT_S * (n + 0.5)) for n in range(beats)}
        for at in sorted(time for time in times if start < time < end):
            yield _heartbeat(site_id, at, start, off, cameras)


def _heartbeat(
    site_id: str, at: datetime, seeing_since: datetime, off: Sequence[Spell], cameras: Cameras
) -> tuple[Health, datetime]:
    spell, then = _spell_at(off, at), _spell_at(off, seeing_since)
    by_its_clock = at + timedelta(seconds=spell.offset_s if spell else 0.0)
    camera = CameraHealth(
        camera_id=site_id,
        site_version=1,
        state="seeing",
        frames=1,
        last_frame_at=by_its_clock,
        seeing_since=seeing_since + timedelta(seconds=then.offset_s if then else 0.0),
    )
    health = Health(
        authority=AUTHORITY,
        agent_id=f"unit-{site_id}",
        sent_at=by_its_clock,
        outbox_id=OUTBOX,
        last_seq=0,
        depth=0,
        clock=clock_state(spell, cameras.error_bound_s),
        cameras=(camera,),
        software=SOFTWARE,
        heard=Heard(sent_at=at - timedelta(seconds=60), held_s=59.8),
    )
    return health, at + _UNDER_WAY
