"""Whether a case is right, and if not, why: by what the vehicles really did."""

from __future__ import annotations

from enum import StrEnum

from enforcement.simulation.cameras import Look, Sight
from enforcement.simulation.clocks import Clock
from enforcement.simulation.drives import Leg, Purpose
from enforcement.simulation.judging import Judged
from enforcement.simulation.places import Place


class Wrong(StrEnum):
    """Why a case against a vehicle is wrong."""

    FOREIGN = "foreign_mark"
    CLONE = "cloned_plate"
    MISREAD = "misread"
    MISPAIRED = "mispaired"
    CLOCK = "clock"
    DELIVERY = "short_delivery"
    EXEMPT_DUTY = "exempt_duty"
    WEIGHT = "not_over_the_limit"
    NO_BREACH = "no_breach"


def breach_of(judged: Judged, place: Place) -> Leg | None:
    """The breach that the accused vehicle did commit there and then, if it did."""
    for look in (judged.entry, judged.exit):
        journey = look.journey
        if journey.foreign or journey.vehicle.vrm != judged.transit.vrm:
            continue
        for leg in journey.legs:
            seen = judged.entry.crossing is leg.entry or judged.exit.crossing is leg.exit
            if seen and leg.order_id == judged.transit.order_id and journey.is_breach(leg, place):
                return leg
    return None


def wrong_because(judged: Judged, place: Place) -> Wrong | None:
    """Why the case is wrong; None for a right one."""
    if breach_of(judged, place) is not None:
        return None
    ends = (judged.entry, judged.exit)
    by_reading = _by_reading(ends, judged.transit.vrm)
    if by_reading is not None:
        return by_reading
    journey = judged.entry.journey
    if journey is not judged.exit.journey:
        return Wrong.MISPAIRED
    if not journey.vehicle.is_over:
        return Wrong.WEIGHT
    if any(look.clock in (Clock.LYING, Clock.LYING_SUBTLY) for look in ends):
        return Wrong.CLOCK
    if any(leg.stopped_for is Purpose.DELIVERY for leg in journey.legs if leg.entry is ends[0].crossing):
        return Wrong.DELIVERY
    return Wrong.EXEMPT_DUTY if journey.purpose is Purpose.EXEMPT_DUTY else Wrong.NO_BREACH


def _by_reading(ends: tuple[Look, Look], accused: str) -> Wrong | None:
    """What is wrong with the mark."""
    if any(look.journey.foreign for look in ends):
        return Wrong.FOREIGN
    if any(look.journey.is_clone and look.journey.plate == accused for look in ends):
        return Wrong.CLONE
    return Wrong.MISREAD if any(look.sight is Sight.MISREAD for look in ends) else None
