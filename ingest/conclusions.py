"""What passages amount to, without a database: the same functions that storing and pairing go by.

For whoever has passages in hand and wants the centre's conclusions: the pairing pass itself, and simulations.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from config.wire import Health, Passage
from ingest.clocks import clock_bounds, furthest_off_s, is_clock_bad, is_clock_ok
from ingest.match import Law, Seen, Sighting, sightings
from ingest.store_passages import mark_of
from ingest.transits import Pairs, SiteSeeing, Transit, transits_of
from ingest.values import TransitRecord


def conclude(
    passages: Iterable[Seen], law: Law, seeing: SiteSeeing, now: datetime
) -> Mapping[str, Sequence[TransitRecord]]:
    """The transits that all passages of an authority amount to at `now`, by VRM."""
    by_vrm: dict[str, list[Seen]] = defaultdict(list)
    for seen in passages:
        by_vrm[seen.vrm].append(seen)
    return {
        vrm: [_record(each, now) for each in pairs_of(ours, law, seeing, now, Counter()).transits]
        for vrm, ours in by_vrm.items()
    }


def pairs_of(
    passages: Iterable[Seen], law: Law, seeing: SiteSeeing, now: datetime, endings: Counter[str]
) -> Pairs:
    """What the passages of one VRM amount to in all zones; `endings` counts how matching ended."""
    by_zone: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for seen in passages:
        match, found = sightings(seen, law)
        endings[f"match_{match}"] += 1
        for sighting in found:
            by_zone[sighting.order.order_id, sighting.zone.zone_id].append(sighting)
    everywhere = Pairs([], [])
    for _, zone in sorted(by_zone.items()):
        pairs = transits_of(zone, seeing, now)
        everywhere.transits.extend(pairs.transits)
        everywhere.waiting.extend(pairs.waiting)
    return everywhere


def seen_of(passage: Passage, tolerance_s: float, *, doubted: bool) -> Seen | None:
    """What pairing takes of a passage; None where no mark was read. `doubted` by a heartbeat around it."""
    vrm = mark_of(passage)
    if vrm is None:
        return None
    off_s, deployment = furthest_off_s(passage.clock, passage.source), passage.deployment
    return Seen(
        passage_id=passage.passage_id,
        vrm=vrm,
        captured_at=passage.captured_at,
        site_id=passage.site_id,
        site_version=passage.site_version,
        direction=passage.direction,
        latitude=passage.position.latitude,
        longitude=passage.position.longitude,
        deployed_from=deployment.started_at if deployment else None,
        deployed_until=deployment.ended_at if deployment else None,
        clock_ok=is_clock_ok(passage.clock, off_s, tolerance_s) and not doubted,
        clock_within_s=off_s,
    )


def tells_of_bad_clock(health: Health, received_at: datetime, tolerance_s: float) -> bool:
    """Whether a heartbeat that came then casts doubt on its unit's clock."""
    return is_clock_bad(health, clock_bounds(health, received_at), tolerance_s)


def _record(transit: Transit, now: datetime) -> TransitRecord:
    judged_by, entry, leaving = transit.judged_by, transit.entry, transit.exit
    return TransitRecord(
        transit_id=transit.transit_id,
        authority=judged_by.order.authority,
        order_id=judged_by.order.order_id,
        order_version=judged_by.order.version,
        zone_id=judged_by.zone.zone_id,
        vrm=judged_by.seen.vrm,
        entry_passage_id=entry.seen.passage_id if entry else None,
        exit_passage_id=leaving.seen.passage_id if leaving else None,
        conclusion=transit.conclusion,
        reasons=transit.reasons,
        elapsed_s=transit.elapsed_s,
        started_at=(entry or leaving or judged_by).seen.captured_at,
        concluded_at=now,
    )
