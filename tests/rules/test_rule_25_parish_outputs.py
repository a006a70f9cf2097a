"""Rule 25: parish outputs hold no VRM or exact time; small cells suppressed; uptime stated; accessible."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from config.vrm import spaced
from enforcement.cases.opening import open_cases
from enforcement.policy import load_policy
from enforcement.summary.figures import month_of
from enforcement.summary.publishing import publish_summaries
from enforcement.summary.suppression import suppressed
from tests.enforcement.county import NOON, County
from tests.rules.village import PILOT

LORRY = "AB12CDE"
LATER = datetime(2026, 10, 2, 8, tzinfo=UTC)


@pytest.fixture
def page(county: County, tmp_path: Path) -> str:
    """The text of a parish's page and PDF about a month in which one lorry drove through eight times."""
    county.register_entry(LORRY, "N3", 44_000)
    county.seeing("west", NOON - timedelta(days=10), 60)
    for days in range(1, 9):
        county.through(LORRY, at=NOON - timedelta(days=days, minutes=13))
    open_cases(county.engine, "demo", county.register, county.now)
    policy, month = load_policy(PILOT / "policy.yaml", "demo"), month_of("2026-09", LATER)
    (published, *_) = publish_summaries(
        county.engine, "demo", policy, tmp_path, month, who="command:summary", now=LATER
    )
    pdf = PdfReader(published.pdf)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"], "the PDF is not tagged"
    html = published.html.read_text(encoding="utf-8")
    assert 'lang="en-GB"' in html
    return html + "".join(leaf.extract_text() for leaf in pdf.pages)


def test_no_registration_and_no_exact_time(page: str) -> None:
    assert LORRY not in page
    assert spaced(LORRY) not in page
    assert "11:47" not in page, "thirteen minutes to noon"
    assert "12:47" not in page, "the same by the clock on the wall"
    assert not re.search(r"\d\d:\d\d:\d\d", page)


def test_uptime_is_stated(page: str) -> None:
    assert "uptime" in page.lower()


@given(st.lists(st.integers(0, 60), min_size=1, max_size=31))
def test_small_cells_and_what_would_give_them_away_are_hidden(counts: list[int]) -> None:
    shown = suppressed(counts)
    assert all(cell is None or cell >= 5 for cell in shown.cells)
    known = [cell for cell in shown.cells if cell is not None]
    if shown.total is not None and len(known) == len(counts) - 1:
        (lost,) = (count for count, cell in zip(counts, shown.cells, strict=True) if cell is None)
        assert shown.total - sum(known) != lost, "the only hidden cell can be worked out from the total"
