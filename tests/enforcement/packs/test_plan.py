"""The plan is to scale, north is up, and the order's pages say what its version says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import msgspec
import pytest
import shapely
from sqlalchemy.orm import Session

from config.law.orders import Exemption, ExemptionTerms, Hours
from enforcement.packs.gathering import gather
from enforcement.packs.order_pages import order_blocks, plan_blocks
from enforcement.packs.pages import Facts, Table, Words
from enforcement.packs.plan import HEIGHT, WIDTH, PlanCamera, grid_place, plan_svg
from tests.enforcement.packs.court import NOW, Court

ROADS = {
    "west to east": ((510000, 220000), (511000, 220000)),
    "south to north": ((510000, 220000), (510000, 222000)),
    "a few metres": ((510000, 220000), (510003, 220004)),
    "twenty kilometres": ((510000, 220000), (524000, 234000)),
}


def _drawn(svg: str) -> tuple[list[tuple[float, float]], float, float]:
    """Where the cameras are drawn, and the scale bar's length drawn and in metres."""
    circles = [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', svg)]
    halves = [float(width) for width in re.findall(r'width="([\d.]+)" height="18"', svg)]
    told = re.search(r">([\d.]+) m</text>", svg)
    assert told
    return circles, sum(halves), float(told[1])


@pytest.mark.parametrize("name", ROADS)
def test_plan_is_to_scale_with_north_up_and_all_on_it(name: str) -> None:
    (east_a, north_a), (east_b, north_b) = ROADS[name]
    cameras = [PlanCamera("A", east_a, north_a), PlanCamera("B", east_b, north_b)]
    svg = plan_svg([shapely.LineString(ROADS[name])], cameras)
    (a, b), bar, bar_m = _drawn(svg)
    assert (b[0] - a[0], a[1] - b[1]) == pytest.approx(
        ((east_b - east_a) * bar / bar_m, (north_b - north_a) * bar / bar_m), rel=0.01, abs=1
    )
    for x, y in (a, b):
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT
    assert 100 < bar < WIDTH / 2


def test_a_known_place_lies_where_the_grid_has_it() -> None:
    """Ordnance Survey's own example, OSGB36 to WGS84 by the published transformation: Caister water tower."""
    east_m, north_m = grid_place(52.658007833, 1.716073973)
    assert (east_m, north_m) == pytest.approx((651409.8, 313177.3), abs=6)


def test_order_pages_tell_hours_terms_and_missing_geometry(approved: Court) -> None:
    with Session(approved.engine) as session:
        material = gather(session, approved.sources, 1, officer="4711", now=NOW)
    mornings = Hours(days=("mon", "tue"), from_="07:00", until="10:00", last_day=date(2026, 12, 24))
    order = msgspec.structs.replace(
        material.case.order,
        type="experimental",
        sections=(),
        hours=(mornings,),
        exemptions=(Exemption.ACCESS_LOADING, Exemption.REFUSE),
        exemption_terms=(
            ExemptionTerms(exemption=Exemption.REFUSE, effective_from=date(2026, 1, 1), hours=(mornings,)),
        ),
    )
    changed = replace(material, case=replace(material.case, order=order))
    facts, tables = [], []
    for block in order_blocks(changed):
        facts += list(block.rows) if isinstance(block, Facts) else []
        tables += list(block.rows) if isinstance(block, Table) else []
    assert ("Hours", "Monday, Tuesday, 07:00 to 10:00, to 24 December 2026 inclusive") in facts
    assert "section 11 of the Road Traffic Regulation Act 1984" in dict(facts)["Offence"]
    assert (
        "refuse collection",
        "Monday, Tuesday, 07:00 to 10:00, to 24 December 2026 inclusive, from 1 January 2026",
    ) in tables
    assert ("access, loading and unloading inside the zone", "always") in tables
    assert ("not stored",) in tables
    words = [block.text for block in plan_blocks(changed) if isinstance(block, Words)]
    assert "holds no geometry of the road" in words[0]
