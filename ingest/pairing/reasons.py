"""Why a transit was concluded, in data: the conclusion's own reason first, then what it rests on.

Each has a code for software, a sentence for people and the figures behind it; instants in the figures are UTC
in ISO form, times in sentences are local.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from config.law.orders import CameraPair
from ingest.pairing.match import Sighting
from ingest.pairing.words import local_time, span
from ingest.values import Fact, Reason


def pair_facts(entry: Sighting, leaving: Sighting, pair: CameraPair, elapsed_s: float) -> dict[str, Fact]:
    """The figures that a pair's conclusion is drawn from."""
    return {
        "elapsed_s": elapsed_s,
        "min_elapsed_s": pair.min_elapsed_s,
        "max_elapsed_s": pair.max_elapsed_s,
        "entry_site": entry.seen.site_id,
        "exit_site": leaving.seen.site_id,
    }


def steps(
    entry: Sighting, leaving: Sighting, pair: CameraPair | None, between: Sequence[Sighting]
) -> tuple[Reason, ...]:
    """What a conclusion from an entry and an exit rests on, step by step."""
    found = [went_in(entry), came_out(leaving)]
    found += [seen_inside(between)] if between else []
    found += [window(pair)] if pair is not None else []
    return (*found, clocks(entry, leaving), order(entry))


def went_in(sighting: Sighting) -> Reason:
    """Where and when it was seen going in."""
    return _sighted("went_in", "Seen going in", sighting)


def came_out(sighting: Sighting) -> Reason:
    """Where and when it was seen coming out."""
    return _sighted("came_out", "Seen coming out", sighting)


def was_inside(sighting: Sighting) -> Reason:
    """Where and when it was seen between the ends."""
    return _sighted("inside", "Seen inside", sighting)


def _sighted(code: str, words: str, sighting: Sighting) -> Reason:
    seen = sighting.seen
    text = f"{words}: {sighting.place}, at {local_time(seen.captured_at)}."
    facts: dict[str, Fact] = {
        "passage_id": seen.passage_id,
        "site": seen.site_id,
        "site_version": seen.site_version,
        "direction": seen.direction,
        "at": seen.captured_at.isoformat(),
        "clock_within_s": seen.clock_within_s,
    }
    return Reason(code, text, facts | _deployment(sighting))


def _deployment(sighting: Sighting) -> dict[str, Fact]:
    seen = sighting.seen
    if seen.deployed_from is None:
        return {}
    return {
        "deployed_from": seen.deployed_from.isoformat(),
        "deployed_until": _iso(seen.deployed_until),
        "latitude": seen.latitude,
        "longitude": seen.longitude,
    }


def seen_inside(between: Sequence[Sighting]) -> Reason:
    """That it was seen between its ends, too."""
    text = f"Seen {len(between)} time{'s' * (len(between) != 1)} in between, inside the zone."
    ids = " ".join(sighting.seen.passage_id for sighting in between)
    return Reason("seen_inside", text, {"times": len(between), "passage_ids": ids})


def window(pair: CameraPair) -> Reason:
    """What driving through takes, and who has measured it."""
    text = (
        f"Driving straight through takes {span(pair.min_elapsed_s)} to {span(pair.max_elapsed_s)}, "
        f"both included, by the calibration of {pair.calibrated_on.isoformat()} by {pair.calibrated_by}."
    )
    facts: dict[str, Fact] = {
        "min_elapsed_s": pair.min_elapsed_s,
        "max_elapsed_s": pair.max_elapsed_s,
        "calibrated_by": pair.calibrated_by,
        "calibrated_on": pair.calibrated_on.isoformat(),
    }
    return Reason("window", text, facts)


def clocks(entry: Sighting, leaving: Sighting) -> Reason:
    """How far the time between the two may be off."""
    within_s, elapsed_s = clocks_within_s(entry, leaving), between_s(entry, leaving)
    if within_s is None:
        text = "How far the two clocks may have been off is not known."
        return Reason("clocks", text, {"clock_error_s": None})
    text = f"The two clocks together were right to within {span(within_s)}."
    facts: dict[str, Fact] = {
        "clock_error_s": within_s,
        "least_elapsed_s": elapsed_s - within_s,
        "most_elapsed_s": elapsed_s + within_s,
    }
    return Reason("clocks", text, facts)


def order(sighting: Sighting) -> Reason:
    """The order version that judges."""
    version = sighting.order
    text = f"Judged by version {version.version} of {version.title}, the one that stood then."
    facts: dict[str, Fact] = {
        "order_id": version.order_id,
        "order_version": version.version,
        "zone_id": sighting.zone.zone_id,
    }
    return Reason("order", text, facts)


def not_watched(site_id: str, start: datetime, end: datetime, *, is_van: bool) -> Reason:
    """That an end was not watched for all the time in which something would have been seen there."""
    if is_van:
        code, text = (
            "van_end",
            "Another end is watched by a van, which nobody can say stood there all the time.",
        )
    else:
        code, text = (
            "camera_not_seeing",
            "The camera at another end was not seeing for the whole time in which it had to see.",
        )
    facts: dict[str, Fact] = {
        "other_site": site_id,
        "watched_from": start.isoformat(),
        "watched_until": end.isoformat(),
    }
    return Reason(code, f"{text} Nothing follows from what it did not see.", facts)


def between_s(entry: Sighting, leaving: Sighting) -> float:
    """Seconds from the one sighting to the other."""
    return (leaving.seen.captured_at - entry.seen.captured_at).total_seconds()


def clocks_within_s(entry: Sighting, leaving: Sighting) -> float | None:
    """How far the time between two sightings may be off at most, by both bounds; None where nobody knows."""
    bounds = entry.seen.clock_within_s, leaving.seen.clock_within_s
    return None if bounds[0] is None or bounds[1] is None else bounds[0] + bounds[1]


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
