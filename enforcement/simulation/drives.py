"""One drive as it truly was: before which cameras, along which stretches, and whether it was a breach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from enforcement.simulation.fleet import Vehicle
from enforcement.simulation.places import Place


class Purpose(StrEnum):
    """What a journey is in truth."""

    THROUGH = "through"
    LAYBY = "layby"
    DELIVERY = "delivery"
    EXEMPT_DUTY = "exempt_duty"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Crossing:
    """A vehicle before a camera, at the true time."""

    site_id: str
    direction: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Leg:
    """Two crossings, one after the other, with a stretch under an order between them.

    `stopped_for` is None where nothing stopped the vehicle there.
    """

    order_id: str
    entry: Crossing
    exit: Crossing
    stopped_for: Purpose | None


@dataclass(frozen=True, slots=True)
class Journey:
    """One drive. `plate` is what the vehicle shows, another one's where it is a clone."""

    number: int
    vehicle: Vehicle
    plate: str
    foreign: bool
    purpose: Purpose
    crossings: tuple[Crossing, ...]
    legs: tuple[Leg, ...]

    @property
    def is_clone(self) -> bool:
        """Whether the plate is another vehicle's."""
        return not self.foreign and self.plate != self.vehicle.vrm

    def is_breach(self, leg: Leg, place: Place) -> bool:
        """Whether driving a stretch was a breach: over the limit, in the hours, no leave, no access."""
        if not (self.vehicle.is_over or self.foreign) or leg.stopped_for is Purpose.DELIVERY:
            return False
        if self.purpose is Purpose.EXEMPT_DUTY:
            return False
        ends = (leg.entry.at, leg.exit.at)
        if not any(place.order_at(leg.order_id, at) for at in ends):
            return False
        return not any(place.is_permitted(leg.order_id, self.vehicle.vrm, at) for at in ends)
