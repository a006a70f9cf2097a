"""Why a breach got no letter: the first thing on its way that went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from enforcement.cases.judging import Outcome
from enforcement.simulation.cameras import Look, Sight
from enforcement.simulation.drives import Crossing, Journey, Leg, Purpose
from enforcement.simulation.people import Fate
from ingest.records import TransitRecord

# What each sight means for an end of a drive; the first that holds at either end is the cause.
_UNSEEN = {
    Sight.CAMERA_OFF: "camera_off",
    Sight.CAMERA_COVERED: "camera_covered",
    Sight.NOT_CAPTURED: "missed",
    Sight.FOREIGN: "foreign_mark",
    Sight.TRAILER_MARK: "trailer_mark",
    Sight.UNREAD: "unread",
    Sight.MISREAD: "misread",
}
_AT_AN_END = ("missed", "unread", "misread")


def missed_because(
    journey: Journey,
    leg: Leg,
    looks: Mapping[Crossing, Sequence[Look]],
    transits: Mapping[str, Sequence[TransitRecord]],
    outcomes: Mapping[str, Outcome],
    fates: Mapping[str, Fate],
) -> str:
    """The cause, by a name, for a breach without a letter.

    `looks` are by crossing, `transits` by the passage they rest on, outcomes and fates by transit.
    """
    unseen = _unseen(leg, looks)
    if unseen is not None:
        return unseen
    if journey.is_clone:
        return "cloned_plate"
    transit = _transit_of(leg, looks, transits)
    if transit is None:
        return "mispaired"
    if transit.conclusion == "through":
        fate = fates.get(transit.transit_id)
        return fate.value if fate is not None else f"register_{outcomes[transit.transit_id].value}"
    if transit.conclusion == "stayed":
        return "stopped_in_layby" if leg.stopped_for is Purpose.LAYBY else "slower_than_window"
    if transit.conclusion == "implausible":
        return "faster_than_window"
    return f"no_inference_{transit.reasons[0].code}"


def _unseen(leg: Leg, looks: Mapping[Crossing, Sequence[Look]]) -> str | None:
    ends = {
        end: {look.sight for look in looks[crossing]}
        for end, crossing in (("entry", leg.entry), ("exit", leg.exit))
    }
    for sight, name in _UNSEEN.items():
        for end, sights in ends.items():
            if Sight.READ not in sights and sight in sights:
                return f"{name}_at_{end}" if name in _AT_AN_END else name
    return None


def _transit_of(
    leg: Leg, looks: Mapping[Crossing, Sequence[Look]], transits: Mapping[str, Sequence[TransitRecord]]
) -> TransitRecord | None:
    """The transit that rests on both ends of a stretch; of several the one that came furthest."""
    entries, exits = (
        {look.passage.passage_id for look in looks[crossing] if look.passage is not None}
        for crossing in (leg.entry, leg.exit)
    )
    found = [
        transit
        for passage_id in sorted(entries)
        for transit in transits.get(passage_id, ())
        if transit.order_id == leg.order_id
        and transit.entry_passage_id in entries
        and transit.exit_passage_id in exits
    ]
    return min(found, key=lambda transit: (transit.conclusion != "through", transit.transit_id), default=None)
