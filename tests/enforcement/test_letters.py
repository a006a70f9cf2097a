"""What the first letter says, and that data in it stays data."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from config.law.orders import Exemption
from enforcement.cases.opening import open_cases
from enforcement.cases.records import CaseFile, case_file
from enforcement.letters.first import first_letter, letter_data, tonnes
from enforcement.policy import Policy, load_policy
from ingest import records
from tests.enforcement.county import County, an_order

POLICY = Path(__file__).parents[2] / "config" / "pilot" / "policy.yaml"
MADE_AT = datetime(2026, 10, 26, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(POLICY, "demo")


def _case(county: County, at: datetime, **order: object) -> tuple[CaseFile, dict]:
    version = an_order(order_id="lane-2025", **order)
    county.add_order(version)
    county.register_entry("AB12CDE", "N3", 44000)
    county.through("AB12CDE", at=at, elapsed_s=192, order=version)
    open_cases(county.engine, "demo", county.register, county.now)
    with Session(county.engine) as session:
        sites = {(site.site_id, site.site_version): site for site in records.sites(session, "demo")}
        return case_file(session, "demo", 1, now=county.now), sites


def _text(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_letter_says_what_it_must(county: County, policy: Policy) -> None:
    case, sites = _case(county, datetime(2026, 9, 14, 9, 0, 5, tzinfo=UTC))
    text = _text(first_letter(case, sites, policy, MADE_AT))
    for words in (
        "The registered keeper of AB12 CDE",
        "A possible offence",
        "The (Village) (7.5 Tonnes Maximum Gross Weight) Order 2024",
        "Village, High Street",
        "10:00:05 BST on 14 September 2026",  # summer time
        "10:03:17 BST on 14 September 2026",
        "3 minutes and 12 seconds",
        "over 7.5 tonnes",
        "a delivery note",
        "DEMO-000001",
        "26 October 2026",
        "Monday 23 November 2026",
        "nothing to pay",
    ):
        assert words in text
    assert "44" not in text.replace("DEMO", "")  # the register's weight is no part of it


def test_letter_is_tagged_and_names_its_language(county: County, policy: Policy) -> None:
    case, sites = _case(county, datetime(2026, 9, 14, 9, 0, tzinfo=UTC))
    reader = PdfReader(io.BytesIO(first_letter(case, sites, policy, MADE_AT)))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert reader.metadata
    assert reader.metadata.title == "Possible offence: AB12 CDE, reference DEMO-000001"
    assert reader.metadata.creation_date == MADE_AT


def test_same_case_gives_the_same_bytes(county: County, policy: Policy) -> None:
    case, sites = _case(county, datetime(2026, 9, 14, 9, 0, tzinfo=UTC))
    assert first_letter(case, sites, policy, MADE_AT) == first_letter(case, sites, policy, MADE_AT)


@pytest.mark.parametrize(
    "title",
    ["*Bold* _Order_ #panic()", "$ x $ <label> @ref", 'The "Village" Order \\ // 2024', "#let data = 1"],
)
def test_markup_in_data_is_printed_as_it_is(county: County, policy: Policy, title: str) -> None:
    case, sites = _case(county, datetime(2026, 9, 14, 9, 0, tzinfo=UTC), title=title)
    assert " ".join(title.split()) in _text(first_letter(case, sites, policy, MADE_AT))


@pytest.mark.parametrize("exemptions", [(), (Exemption.REFUSE,), tuple(Exemption)])
def test_every_exemption_has_plain_words(
    county: County, policy: Policy, exemptions: tuple[Exemption, ...]
) -> None:
    case, sites = _case(county, datetime(2026, 9, 14, 9, 0, tzinfo=UTC), exemptions=exemptions)
    assert len(letter_data(case, sites, policy, MADE_AT).exemptions) == len(exemptions)
    assert ("lets a vehicle in" in _text(first_letter(case, sites, policy, MADE_AT))) is bool(exemptions)


def test_local_times_around_the_change_of_the_clocks(county: County, policy: Policy) -> None:
    county.now = datetime(2026, 10, 25, 12, 0, tzinfo=UTC)
    case, sites = _case(county, datetime(2026, 10, 25, 0, 59, 0, tzinfo=UTC))
    data = letter_data(case, sites, policy, MADE_AT)
    assert [seen.time for seen in data.sightings] == [
        "01:59:00 BST on 25 October 2026",
        "01:02:12 GMT on 25 October 2026",
    ]
    assert data.minutes == "3 minutes and 12 seconds"


@pytest.mark.parametrize(("kg", "words"), [(7500, "7.5 tonnes"), (18000, "18 tonnes"), (3050, "3.05 tonnes")])
def test_limits_read_as_on_signs(kg: int, words: str) -> None:
    assert tonnes(kg) == words


def test_structural_limit_names_every_vehicle(county: County, policy: Policy) -> None:
    at = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
    case, sites = _case(county, at, purpose="structural", effective_from=date(2025, 1, 1))
    assert "It bars vehicles with" in _text(first_letter(case, sites, policy, MADE_AT))
