"""The parish summary: right figures, local time, nothing personal, readable by everybody."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.law.orders import Zone
from enforcement.cases.opening import open_cases
from enforcement.policy import Policy, load_policy
from enforcement.summary.figures import Month, ParishFigures, month_of, parish_figures
from enforcement.summary.page import Table, parish_summary
from enforcement.summary.publishing import Published, publish_summaries, published_complete
from enforcement.tables import AuditRow, SummaryRow
from tests.enforcement.county import NOON, County, an_order

POLICY = Path(__file__).parents[2] / "config" / "pilot" / "policy.yaml"
LATER = datetime(2026, 10, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(POLICY, "demo")


def _figures(county: County, month: Month) -> ParishFigures:
    with Session(county.engine) as session:
        (figures,) = parish_figures(session, "demo", month)
    return figures


@pytest.mark.parametrize(
    ("name", "since", "until", "days"),
    [
        ("2026-09", "2026-08-31T23:00:00Z", "2026-09-30T23:00:00Z", 30),
        ("2026-03", "2026-03-01T00:00:00Z", "2026-03-31T23:00:00Z", 31),
        ("2026-10", "2026-09-30T23:00:00Z", "2026-11-01T00:00:00Z", 31),
        ("2028-02", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z", 29),
        ("2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", 31),
    ],
)
def test_months_are_local(name: str, since: str, until: str, days: int) -> None:
    month = month_of(name, datetime(2030, 1, 1, tzinfo=UTC))
    assert (month.since, month.until) == (datetime.fromisoformat(since), datetime.fromisoformat(until))
    assert (len(month.days), month.complete) == (days, True)


def test_month_that_runs_is_covered_until_now() -> None:
    month = month_of("2026-09", NOON)
    assert (month.until, month.days[-1], month.complete) == (NOON, 15, False)


@pytest.mark.parametrize("name", ["2026-10", "2026-9-1", "September", "2026-13", ""])
def test_month_that_is_none_or_has_not_begun(name: str) -> None:
    with pytest.raises(ValueError, match=r"begun|match|unconverted"):
        month_of(name, NOON)


def test_counts_fall_on_their_local_day_and_band(county: County) -> None:
    before_midnight = datetime(2026, 9, 10, 22, 59, tzinfo=UTC)
    for at in (before_midnight, before_midnight + timedelta(minutes=1)):
        county.passage("AB12CDE", at)
        county.traffic(at, 7, direction="away")
    county.passage("AB12CDE", datetime(2026, 8, 31, 22, 59, tzinfo=UTC))
    (west, _) = _figures(county, month_of("2026-09", LATER)).sites
    assert west.hgvs.by_day == {10: 1, 11: 1}
    assert west.hgvs.by_band == {(18, "towards"): 1, (0, "towards"): 1}
    assert west.traffic.by_day == {10: 7, 11: 7}
    assert west.traffic.by_band == {(18, "away"): 7, (0, "away"): 7}


def test_uptime_comes_from_heartbeats(county: County) -> None:
    county.passage("AB12CDE", NOON)
    county.seeing("west", NOON, 90)
    west, east = _figures(county, month_of("2026-09", LATER)).sites
    assert (west.uptime_s, east.uptime_s) == (5400, None)


def test_transits_and_what_became_of_them(county: County) -> None:
    weights = {"AB11CDE": 44000, "AB12CDE": 7500, "AB13CDE": 0}
    for vrm, weight in weights.items():
        county.register_entry(vrm, "N3", weight)
        county.through(vrm)
    county.through("AB14CDE", conclusion="stayed")
    county.through("AB15CDE", at=NOON - timedelta(days=40))
    open_cases(county.engine, "demo", county.register, county.now)
    county.through("AB16CDE")
    figures = _figures(county, month_of("2026-09", LATER))
    assert figures.transits == {"through": 4, "stayed": 1}
    assert figures.results == {"waiting": 3, "no_case": 1}


def test_each_parish_gets_its_own_zones(county: County) -> None:
    plain = an_order().zones[0]
    other = Zone(zone_id="lane", name="Lane", parish="Elsewhere", pairs=plain.pairs)
    county.add_order(an_order(order_id="lane-2025", zones=(other,)))
    county.add_order(an_order(order_id="gone-2020", zones=(other,), effective_to=date(2026, 9, 1)))
    county.through("AB12CDE")
    with Session(county.engine) as session:
        figures = parish_figures(session, "demo", month_of("2026-09", LATER))
    assert [(parish.parish, parish.transits["through"]) for parish in figures] == [
        ("Elsewhere", 0),
        ("Village", 1),
    ]
    assert [order.order_id for order in figures[0].orders] == ["lane-2025"]


def _tables(figures: ParishFigures) -> list[Table]:
    summary = parish_summary(figures, "Demo Constabulary", LATER)
    return [table for section in summary.sections for table in section.tables]


def test_results_are_left_out_where_too_few_drove_through(county: County) -> None:
    figures = _figures(county, month_of("2026-09", LATER))
    few = ParishFigures(**{**vars(figures), "transits": Counter(through=4, stayed=40, unresolved=9)})
    many = ParishFigures(
        **{**vars(figures), "transits": Counter(through=40, stayed=9), "results": Counter(confirmed=40)}
    )
    assert "Lorries that drove straight through" not in [table.caption for table in _tables(few)]
    shown = {table.caption: table for table in _tables(many)}["Lorries that drove straight through"]
    assert shown.total is not None
    assert shown.total.cells == ("40",)


def test_no_number_under_five_is_printed(county: County) -> None:
    for number in range(60):
        at = datetime(2026, 9, 1 + number % 12, 6 + number % 5, tzinfo=UTC)
        county.passage(f"AB{10 + number}CDE", at, direction="towards" if number % 3 else "away")
    for hour in range(24):
        county.traffic(datetime(2026, 9, 3, hour, tzinfo=UTC), hour)
    tables = _tables(_figures(county, month_of("2026-09", LATER)))
    counts = [table for table in tables if table.caption != "Camera uptime"]
    cells = [cell for table in counts for row in (*table.rows, table.total) if row for cell in row.cells]
    assert any(cell.isdigit() for cell in cells)
    assert [
        cell for cell in cells if cell.replace(",", "").isdigit() and int(cell.replace(",", "")) < 5
    ] == []


class _Page(HTMLParser):
    """What the rules of accessible tables ask of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.bare_headings = 0
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.bare_headings += tag == "th" and dict(attrs).get("scope") not in ("col", "row")
        self.language = dict(attrs).get("lang") or "" if tag == "html" else self.language


@pytest.fixture
def published(county: County, policy: Policy, tmp_path: Path) -> list[Published]:
    county.register_entry("AB12CDE", "N3", 44000)
    for days in range(1, 9):
        county.through("AB12CDE", at=NOON - timedelta(days=days, minutes=13))
    open_cases(county.engine, "demo", county.register, county.now)
    month = month_of("2026-09", LATER)
    return publish_summaries(county.engine, "demo", policy, tmp_path, month, who="command:summary", now=LATER)


def test_page_is_accessible(published: list[Published]) -> None:
    page = _Page()
    page.feed(published[0].html.read_text(encoding="utf-8"))
    assert page.language == "en-GB"
    assert page.tags["table"] == page.tags["caption"] > 4
    assert page.bare_headings == 0
    assert (page.tags["h1"], page.tags["main"], page.tags["title"]) == (1, 1, 1)


def test_pdf_is_tagged(published: list[Published]) -> None:
    reader = PdfReader(published[0].pdf)
    catalogue = reader.trailer["/Root"]
    assert (catalogue["/Lang"], catalogue["/MarkInfo"]["/Marked"]) == ("en-GB", True)
    assert reader.metadata
    assert reader.metadata.title == "Lorries in Village, September 2026"


def test_nothing_personal_is_published(published: list[Published]) -> None:
    pages = "".join(page.extract_text() for page in PdfReader(published[0].pdf).pages)
    for text in (published[0].html.read_text(encoding="utf-8"), pages):
        assert "Drove straight through" in text
        assert not re.search(r"AB12 ?CDE|MERCEDES|\d{1,2}:\d\d", text)


def test_names_in_a_page_are_escaped(county: County, policy: Policy, tmp_path: Path) -> None:
    zone = msgspec.structs.replace(
        an_order().zones[0], parish="Odd <script>alert(1)</script> & Sons #panic()"
    )
    county.add_order(an_order(version=2, zones=(zone,)))
    month = month_of("2026-09", LATER)
    published = publish_summaries(county.engine, "demo", policy, tmp_path, month, who="command:x", now=LATER)
    odd = next(summary for summary in published if summary.parish.startswith("Odd"))
    assert "<script>" not in odd.html.read_text(encoding="utf-8")
    assert "#panic()" in PdfReader(odd.pdf).pages[0].extract_text()
    assert odd.html.parent == tmp_path / "summaries" / "2026-09"


def test_publishing_again_replaces_and_is_audited(
    county: County, policy: Policy, published: list[Published], tmp_path: Path
) -> None:
    month = month_of("2026-09", LATER)
    assert published_complete(county.engine, "demo", month)
    assert not published_complete(county.engine, "demo", month_of("2026-08", LATER))
    publish_summaries(county.engine, "demo", policy, tmp_path, month, who="command:summary", now=LATER)
    with Session(county.engine) as session:
        assert len(session.scalars(select(SummaryRow)).all()) == 1
        entries = session.scalars(select(AuditRow).where(AuditRow.action == "summary.publish")).all()
    assert [entry.subject for entry in entries] == ["summary:2026-09:village"] * 2
