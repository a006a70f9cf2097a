"""Rule 8: the offence section derives from the order's type; s. 36 is refused for 622.1A."""

from __future__ import annotations

import msgspec
import pytest

from config.law.offences import TRAFFIC_SIGN, SectionRefused, checked_section, offence_section
from tests.rules.village import ORDER


@pytest.mark.parametrize(
    ("kind", "london", "section"),
    [
        ("permanent", False, "5(1)"),
        ("permanent", True, "8(1)"),
        ("experimental", False, "11"),
        ("temporary", False, "16(1)"),
    ],
)
def test_the_section_follows_the_orders_type(kind: str, london: bool, section: str) -> None:
    order = msgspec.structs.replace(ORDER, type=kind, london=london)
    found = offence_section(order)
    assert (found.act, found.section) == ("Road Traffic Regulation Act 1984", section)
    assert checked_section(order, found) == found


def test_section_36_is_refused_for_an_environmental_sign() -> None:
    with pytest.raises(SectionRefused, match=r"622\.1A"):
        checked_section(ORDER, TRAFFIC_SIGN)


def test_another_orders_section_is_refused() -> None:
    experimental = msgspec.structs.replace(ORDER, type="experimental")
    with pytest.raises(SectionRefused):
        checked_section(ORDER, offence_section(experimental))
