"""Two sightings whose marks a reader may have confused: for an officer to look at, never merged.

An entry without an exit and an exit without an entry make a close pair where they would be through if their
marks were the same, and the marks are as near to each other as one reader's mistake. Close pairs are found by
the first and the last characters of the marks, look-alikes taken as one: a mistake leaves one of them whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import combinations
from string import ascii_uppercase, digits

from config.vrm import confusable_distance, spaced
from ingest.pairing.match import Sighting
from ingest.pairing.reasons import between_s
from ingest.pairing.transits import Transit, pair_between, transit_id
from ingest.pairing.verdicts import judge_pair, other_ends
from ingest.values import Fact, Reason

# Two look-alikes (0.5 each), or one character read wrong, too many or too few.
CLOSE_WITHIN = 1.0
# In a shorter mark one character is too much of it.
SHORTEST_MARK = 6
_KEY_LENGTH = SHORTEST_MARK // 2
# What a sighting alone may say and still have its other end under another mark.
_CANDIDATES = ("no_exit_seen", "no_entry_seen", "camera_not_seeing", "van_end")


@dataclass(frozen=True)
class CloseKeys:
    """The first and the last characters of a mark; two close marks have one of them in common."""

    head: str
    tail: str


def close_keys(vrm: str) -> CloseKeys | None:
    """What close marks are found by; None for a mark that is too short to be close to another."""
    if len(vrm) < SHORTEST_MARK:
        return None
    alike = vrm.translate(_look_alikes())
    return CloseKeys(alike[:_KEY_LENGTH], alike[-_KEY_LENGTH:])


def are_close(one: str, other: str) -> bool:
    """Whether two marks are different, and near enough to be one mark read twice."""
    if one == other or min(len(one), len(other)) < SHORTEST_MARK:
        return False
    return confusable_distance(one, other) <= CLOSE_WITHIN


def may_be_close(transit: Transit) -> bool:
    """Whether a transit is a sighting alone, whose other end may have been read as another mark."""
    return (
        transit.is_alone
        and transit.reasons[0].code in _CANDIDATES
        and close_keys(transit.judged_by.seen.vrm) is not None
    )


def search_window(sighting: Sighting) -> tuple[datetime, datetime]:
    """Between which instants the other end of a through drive may have been seen."""
    watches = other_ends(sighting)
    return min(watch.start for watch in watches), max(watch.end for watch in watches)


def close_transit(one: Sighting, other: Sighting) -> Transit | None:
    """The close pair that two sightings alone make; None where they make none."""
    if not are_close(one.seen.vrm, other.seen.vrm):
        return None
    entry, leaving = sorted((one, other), key=lambda each: (each.seen.captured_at, each.seen.passage_id))
    pair = pair_between(entry, leaving)
    if pair is None:
        return None
    conclusion, reasons = judge_pair(entry, leaving, pair, (), _nobody_asked)
    if conclusion != "through":
        return None
    return Transit(
        transit_id=transit_id(entry, entry, leaving),
        judged_by=entry,
        entry=entry,
        exit=leaving,
        conclusion="close",
        reasons=(_reason(entry.seen.vrm, leaving.seen.vrm), *reasons),
        elapsed_s=between_s(entry, leaving),
    )


def close_transits(transits: Iterable[Transit]) -> list[Transit]:
    """All close pairs among the sightings alone of any marks, by time."""
    by_key: dict[tuple[str, ...], list[Sighting]] = defaultdict(list)
    for transit in transits:
        if may_be_close(transit):
            for key in _buckets(transit.judged_by):
                by_key[key].append(transit.judged_by)
    found: dict[str, Transit] = {}
    for alike in by_key.values():
        alike.sort(key=lambda each: each.seen.captured_at)
        for place, one in enumerate(alike):
            until = one.seen.captured_at + _longest(one)
            for other in alike[place + 1 :]:
                if other.seen.captured_at > until:
                    break
                close = close_transit(one, other)
                if close is not None:
                    found[close.transit_id] = close
    return sorted(found.values(), key=lambda each: (each.judged_by.seen.captured_at, each.transit_id))


def _buckets(sighting: Sighting) -> list[tuple[str, ...]]:
    keys = close_keys(sighting.seen.vrm)
    zone = sighting.order.order_id, sighting.zone.zone_id
    return [] if keys is None else [(*zone, "head", keys.head), (*zone, "tail", keys.tail)]


def _longest(sighting: Sighting) -> timedelta:
    return timedelta(seconds=max(pair.max_elapsed_s for pair in sighting.zone.pairs))


def _reason(entry_vrm: str, exit_vrm: str) -> Reason:
    text = (
        f"Read as {spaced(entry_vrm)} going in and as {spaced(exit_vrm)} coming out: near enough to be one "
        "plate read twice, or two vehicles of which one end each was missed. Only the pictures can tell."
    )
    distance = confusable_distance(entry_vrm, exit_vrm)
    facts: dict[str, Fact] = {"entry_vrm": entry_vrm, "exit_vrm": exit_vrm, "confusable_distance": distance}
    return Reason("close_marks", text, facts)


def _nobody_asked(site_id: str, start: datetime, end: datetime, slack_s: float) -> bool:
    """Both ends were seen; whether another camera was seeing matters for a stay only."""
    return True


@lru_cache(maxsize=1)
def _look_alikes() -> dict[int, str]:
    """Each character's stand-in: characters that are confused, also by way of a third, have the same."""
    stands_in = {character: character for character in digits + ascii_uppercase}
    for one, other in combinations(stands_in, 2):
        if confusable_distance(one, other) < 1:
            kept, gone = stands_in[one], stands_in[other]
            stands_in = {each: kept if now == gone else now for each, now in stands_in.items()}
    return str.maketrans(stands_in)
