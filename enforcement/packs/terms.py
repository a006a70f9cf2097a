"""The order and the offence in a court's words."""

from __future__ import annotations

from config.law.offences import MAXIMUM_FINE_GBP, checked_section, offence_section
from config.law.orders import CameraPair, OrderVersion
from enforcement.cases.values import CaseFile, zone_of


def offence_words(order: OrderVersion) -> str:
    """The section that the order's type gives, and what it forbids. Never s. 36: it fits no weight order."""
    section = checked_section(order, offence_section(order))
    return f"{section.words}, contrary to {section} (maximum fine £{MAXIMUM_FINE_GBP:,})"


def bound_vehicles(order: OrderVersion) -> str:
    """Whom the order bars."""
    return "vehicles" if order.purpose == "structural" else "goods vehicles"


def pair_of(case: CaseFile) -> CameraPair | None:
    """The pair of cameras between which the vehicle drove, with its window."""
    wanted = (case.entry.site_id, case.entry.direction, case.exit.site_id, case.exit.direction)
    for pair in zone_of(case.order, case.transit.zone_id).pairs:
        ends = (pair.entry.site_id, pair.entry.direction, pair.exit.site_id, pair.exit.direction)
        if ends == wanted:
            return pair
    return None
