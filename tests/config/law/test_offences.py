"""The section follows the order's type and place; s. 36 is refused for sign 622.1A."""

from __future__ import annotations

from typing import Any

import pytest

from config.law.offences import (
    EXPERIMENTAL,
    LONDON,
    PERMANENT,
    TEMPORARY,
    TRAFFIC_SIGN,
    OffenceSection,
    SectionRefused,
    checked_section,
    offence_section,
)
from tests.enforcement.county import an_order

TYPES: list[tuple[dict[str, Any], OffenceSection, str]] = [
    ({"type": "permanent"}, PERMANENT, "5(1)"),
    ({"type": "permanent", "london": True}, LONDON, "8(1)"),
    ({"type": "experimental"}, EXPERIMENTAL, "11"),
    ({"type": "experimental", "london": True}, EXPERIMENTAL, "11"),
    ({"type": "temporary"}, TEMPORARY, "16(1)"),
    ({"type": "temporary", "london": True}, TEMPORARY, "16(1)"),
]


@pytest.mark.parametrize(("order", "section", "number"), TYPES)
def test_section_follows_the_order(order: dict[str, Any], section: OffenceSection, number: str) -> None:
    found = offence_section(an_order(**order))
    assert found == section == checked_section(an_order(**order), section)
    assert str(found) == f"section {number} of the Road Traffic Regulation Act 1984"


@pytest.mark.parametrize(("order", "section", "number"), TYPES)
def test_traffic_sign_section_is_refused(order: dict[str, Any], section: OffenceSection, number: str) -> None:
    with pytest.raises(SectionRefused, match=r"section 36 .* does not apply to sign 622\.1A"):
        checked_section(an_order(**order), TRAFFIC_SIGN)


@pytest.mark.parametrize("wrong", [LONDON, EXPERIMENTAL, TEMPORARY])
def test_section_of_another_order_is_refused(wrong: OffenceSection) -> None:
    with pytest.raises(SectionRefused, match="charge under section 5"):
        checked_section(an_order(), wrong)
