"""Days, times, weights and exemptions in everyday words. Times are local (Europe/London)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from config.clock import LONDON
from config.law.orders import Exemption, OrderVersion

_EXEMPTIONS = {
    Exemption.ACCESS_LOADING: "to load or unload, or for access",
    Exemption.OFF_STREET_PREMISES: "to reach premises off the road",
    Exemption.EMERGENCY_SERVICES: "for the police, fire or ambulance service",
    Exemption.BUSES: "as a bus",
    Exemption.AGRICULTURAL: "for work on farm land beside the road",
    Exemption.HIGHWAY_MAINTENANCE: "to maintain the road",
    Exemption.STATUTORY_UNDERTAKERS: "for gas, water, power or phone works",
    Exemption.REFUSE: "to collect refuse",
    Exemption.DRIVER_TRAINING: "to train or test drivers",
    Exemption.PERMIT_HOLDERS: "with a permit under this order",
}


def plain_exemptions(order: OrderVersion, at: datetime) -> tuple[str, ...]:
    """The exemptions that held at the instant `at`, in the order's sequence."""
    return tuple(_EXEMPTIONS[exemption] for exemption in order.exemptions if order.exempts(exemption, at))


def tonnes(weight_kg: int) -> str:
    """A limit as people say it: 7,500 kg is "7.5 tonnes"."""
    return f"{_thousands(weight_kg)} tonnes"


def on_sign(weight_kg: int) -> str:
    """A limit as signs give it: 7,500 kg is "7.5t"."""
    return f"{_thousands(weight_kg)}t"


def minutes(between: timedelta) -> str:
    """A span to the second, such as "3 minutes and 12 seconds"."""
    whole, seconds = divmod(round(between.total_seconds()), 60)
    parts = [f"{n} {unit}{'s' * (n != 1)}" for n, unit in ((whole, "minute"), (seconds, "second")) if n]
    return " and ".join(parts)


def plain_day(day: date) -> str:
    """A day such as "14 September 2026"."""
    return f"{day.day} {day:%B %Y}"


def plain_weekday(day: date) -> str:
    """A day such as "Monday 14 September 2026"."""
    return f"{day:%A} {plain_day(day)}"


def clock_time(at: datetime) -> str:
    """A local time to the second with its zone, such as "10:00:05 BST"."""
    return f"{at.astimezone(LONDON):%H:%M:%S %Z}"


def _thousands(weight_kg: int) -> str:
    return f"{weight_kg / 1000:.3f}".rstrip("0").rstrip(".")
