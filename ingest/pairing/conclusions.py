"""What passages amount to, without a database: the same functions that storing and pairing go by.

For whoever has passages in hand and wants the centre's conclusions: the pairing pass itself, and simulations.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from config.wire import Health, Passage
from ingest.heartbeats.clocks import clock_bounds, furthest_off_s, is_clock_bad, is_clock_ok
from ingest.heartbeats.seeing import Beat, Interval, covers, seeing
from ingest.intake.mark import mark_of
from ingest.pairing.close import close_transits
from ingest.pairing.match import Law, Seen, Sighting, sightings
from ingest.pairing.transits import Pairs, SiteSeeing, Transit, transits_of
from ingest.values import TransitRecord


def conclude(
    passages: Iterable[Seen], law: Law, seeing: SiteSeeing, now: datetime
) -> Mapping[str, Sequence[TransitRecord]]:
    """The transits that all passages of an authority amount to at `now`, by VRM.

    A close pair comes under the mark that was read at its entry.
    """
    by_vrm: dict[str, list[Seen]] = defaultdict(list)
    for seen in passages:
        by_vrm[seen.vrm].append(seen)
    found = {vrm: pairs_of(ours, law, seeing, now, Counter()).transits for vrm, ours in by_vrm.items()}
    for close in close_transits(each for transits in [*found.values()] for each in transits):
        found[close.judged_by.seen.vrm].append(close)
    return {vrm: [_record(each, now) for each in transits] for vrm, transits in found.items()}


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
        agent_id=passage.agent_id,
        camera_id=passage.camera_id,
    )


def tells_of_bad_clock(health: Health, received_at: datetime, tolerance_s: float) -> bool:
    """Whether a heartbeat that came then casts doubt on its unit's clock."""
    return is_clock_bad(health, clock_bounds(health, received_at), tolerance_s)


def camera_seeing(
    heartbeats: Iterable[tuple[Health, datetime]], camera_id: str, tolerance_s: float
) -> list[Interval]:
    """When a camera was seeing, by its unit's heartbeats and when each came."""
    return seeing(
        Beat(
            sent_at=health.sent_at,
            state=camera.state,
            last_frame_at=camera.last_frame_at,
            faulty_since=camera.faulty_since,
            site_version=camera.site_version,
            clock_bad=tells_of_bad_clock(health, received_at, tolerance_s),
            seeing_since=camera.seeing_since,
        )
        for health, received_at in heartbeats
        for camera in health.cameras
        if camera.camera_id == camera_id
    )


def seeing_by(sites: Mapping[str, Sequence[Interval]]) -> SiteSeeing:
    """Whether a site was seeing, by the times at which it was."""
    return lambda site_id, start, end, slack_s: covers(sites.get(site_id, ()), start, end, slack_s=slack_s)


def _record(transit: Transit, now: datetime) -> TransitRecord:
    judged_by, entry, leaving = transit.judged_by, transit.entry, transit.exit
    return TransitRecord(
        transit_id=transit.transit_id,
        authority=judged_by.order.authority,
        order_id=judged_by.order.order_id,
        order_version=judged_by.order.version,
        zone_id=judged_by.zone.zone_id,
        vrm=judged_by.seen.vrm,
        exit_vrm=transit.exit_vrm,
        entry_passage_id=entry.seen.passage_id if entry else None,
        exit_passage_id=leaving.seen.passage_id if leaving else None,
        conclusion=transit.conclusion,
        reasons=transit.reasons,
        elapsed_s=transit.elapsed_s,
        started_at=(entry or leaving or judged_by).seen.captured_at,
        concluded_at=now,
    )
