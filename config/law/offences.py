"""Which section a breach of an order is charged under.

Source: Road Traffic Regulation Act 1984 ss. 5, 8, 11 and 16. Signs as in the Traffic Signs Regulations and
General Directions 2016, Schedule 3.
"""

from __future__ import annotations

from dataclasses import dataclass

from config.law.orders import OrderVersion

ENVIRONMENTAL_SIGN = "622.1A"
MAXIMUM_FINE_GBP = 1000


class SectionRefused(ValueError):
    """An offence section that does not fit the order; the text names the one that does."""


@dataclass(frozen=True)
class OffenceSection:
    """A section of an Act as a charge names it."""

    act: str
    section: str
    words: str

    def __str__(self) -> str:
        return f"section {self.section} of the {self.act}"


_RTRA = "Road Traffic Regulation Act 1984"
_RTA = "Road Traffic Act 1988"

PERMANENT = OffenceSection(
    _RTRA, "5(1)", "contravention of a traffic regulation order outside Greater London"
)
LONDON = OffenceSection(_RTRA, "8(1)", "contravention of a traffic regulation order in Greater London")
EXPERIMENTAL = OffenceSection(_RTRA, "11", "contravention of an experimental traffic order")
TEMPORARY = OffenceSection(_RTRA, "16(1)", "contravention of a temporary traffic order or notice")
TRAFFIC_SIGN = OffenceSection(_RTA, "36", "failure to comply with a traffic sign")


def offence_section(order: OrderVersion) -> OffenceSection:
    """The section that a breach of this order is charged under, by the order's type and place."""
    if order.type == "experimental":
        return EXPERIMENTAL
    if order.type == "temporary":
        return TEMPORARY
    return LONDON if order.london else PERMANENT


def checked_section(
    order: OrderVersion, section: OffenceSection, sign: str = ENVIRONMENTAL_SIGN
) -> OffenceSection:
    """`section`, where it fits the order and its sign.

    Raises SectionRefused for s. 36, which does not apply to sign 622.1A, and for another order's section.
    """
    right = offence_section(order)
    if section == TRAFFIC_SIGN and sign == ENVIRONMENTAL_SIGN:
        raise SectionRefused(
            f"{TRAFFIC_SIGN} does not apply to sign {ENVIRONMENTAL_SIGN}; charge under {right}"
        )
    if section != right:
        raise SectionRefused(f"the order is {order.type}; charge under {right}, not under {section}")
    return section
