"""Each kind of letter as it is read: its words, how plain they are, its tags, and its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.wire.envelope import SigningKey
from enforcement.database import migrate
from enforcement.documents import Press, set_pdf
from enforcement.letters.kinds import FORMS
from enforcement.tables import BatchRow, PlannedLetterRow
from ingest import records
from tests.enforcement.county import County, an_order
from tests.enforcement.letters.desk import text_of
from tests.enforcement.letters.papers import papers_of_each_kind
from tests.enforcement.letters.plainness import grade

KINDS = ("first", "warning", "driver_request", "speed_advice", "speed_notice", "withdrawal")
HARDEST_GRADE = 8.0


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, unit_key: SigningKey) -> Iterator[County]:
    folder = tmp_path_factory.mktemp("papers")
    engine = records.open_database(f"sqlite:///{folder}/hgv.sqlite")
    records.migrate(engine)
    migrate(engine)
    register = folder / "register.csv"
    register.write_text("registrationNumber,typeApproval,revenueWeight,make,colour,asOf\n", encoding="utf-8")
    county = County(engine, unit_key, register)
    county.add_order(an_order())
    county.add_site("west")
    county.add_site("east")
    yield county
    engine.dispose()


@pytest.fixture(scope="module")
def papers(county: County, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = papers_of_each_kind(county, county.add_officer(), tmp_path_factory.mktemp("letters"))
    assert set(made) == set(KINDS)
    return made


@pytest.mark.parametrize("kind", ["first", "warning", "driver_request"])
def test_breach_letter_says_where_and_when(papers: dict[str, Path], kind: str) -> None:
    text = text_of(papers[kind])
    number = ["first", "warning", "driver_request"].index(kind) + 1
    for words in (
        "AB12 CDE",
        f"DEMO-00000{number}",
        "Village, High Street",
        f"10:00:00 BST on {5 + number} September 2026",
        f"10:03:0{number} BST on {5 + number} September 2026",
        "Beech Haulage Ltd 1 Beech Yard Demoton DM2 2BB",
        "15 September 2026",
    ):
        assert words in text, words
    assert "44" not in text.replace("DEMO", "")  # the register's weight is no part of it


@pytest.mark.parametrize(
    ("kind", "said", "never"),
    [
        (
            "first",
            [
                "A possible offence",
                "The (Village) (7.5 Tonnes Maximum Gross Weight) Order 2024",
                "over 7.5 tonnes",
                "3 minutes and 1 second",
                "a delivery note",
                "your permit, or its number",
                "nothing to pay",
                "Tuesday 13 October 2026",
            ],
            ["Act 19", "you must"],
        ),
        (
            "warning",
            [
                "Warning",
                "The (Village) (7.5 Tonnes",
                "We wrote about this vehicle on 15 September 2026.",
                "take you to court",
            ],
            ["Act 19"],
        ),
        (
            "driver_request",
            [
                "section 112 of the Road Traffic Regulation Act 1984",
                "28 days after",
                "Thursday 15 October 2026",  # posted on the 15th, served two working days later, and 28 days
                "Driver’s date of birth",
                "Your signature",
            ],
            ["fine"],
        ),
        (
            "speed_advice",
            [
                "58 mph",
                "50 mph",
                "The signs there show 60 mph",
                "advice only",
                "Sample Speed Meter 3, number 4711 speed_advice",
                "4 May 2026",
            ],
            ["court", "you must", "prosecution"],
        ),
        (
            "speed_notice",
            [
                "Notice of intended prosecution",
                "58 mph",
                "13:00:00 BST, 13 September 2026",
                "section 172 of the Road Traffic Act 1988",
                "Full name of the driver",
            ],
            ["advice only"],
        ),
        (
            "withdrawal",
            [
                "We take back our letter",
                "On 15 September 2026 we sent you",
                "Sunday 6 September 2026",
                "does not count against you",
                "good reason",
            ],
            ["Warning"],
        ),
    ],
)
def test_letter_says_what_it_must_and_no_more(
    papers: dict[str, Path], kind: str, said: list[str], never: list[str]
) -> None:
    text = text_of(papers[kind])
    assert [words for words in said if words not in text] == []
    assert [words for words in never if words in text] == []


@pytest.mark.parametrize("kind", KINDS)
def test_letter_is_plain_english(papers: dict[str, Path], kind: str) -> None:
    body = _body(papers[kind])
    assert len(body.split()) > 60
    assert grade(body) <= HARDEST_GRADE


def _body(path: Path) -> str:
    """The words from the greeting to the signature."""
    lines = "\n".join(page.extract_text() for page in PdfReader(path).pages)
    body = re.search(r"Dear Sir or Madam\n(.*?)\nYours faithfully", lines, re.DOTALL)
    assert body is not None
    return " ".join(body[1].split())


def test_measure_finds_officialese_hard() -> None:
    """Else a letter that passes would prove nothing."""
    hard = (
        "Notwithstanding the aforementioned provisions, the registered keeper is hereby required to furnish "
        "particulars identifying the individual responsible for operating the vehicle at the material time."
    )
    assert grade(hard) > HARDEST_GRADE + 5


@pytest.mark.parametrize("kind", KINDS)
def test_letter_is_tagged_and_says_its_language_and_title(papers: dict[str, Path], kind: str) -> None:
    reader = PdfReader(papers[kind])
    catalogue = reader.trailer["/Root"]
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata
    assert reader.metadata.title
    assert "AB12 CDE, reference DEMO-0000" in reader.metadata.title
    assert reader.metadata.creation_date == datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
    roles = [str(tag["/S"]) for tag in _tags(catalogue["/StructTreeRoot"])]
    assert {"/H1", "/H2", "/P"} <= set(roles)
    if kind != "withdrawal":
        assert {"/Table", "/TH", "/TD"} <= set(roles)


@pytest.mark.parametrize("kind", ["first", "warning"])
def test_sign_has_words_for_those_who_cannot_see_it(papers: dict[str, Path], kind: str) -> None:
    tags = _tags(PdfReader(papers[kind]).trailer["/Root"]["/StructTreeRoot"])
    figures = [tag for tag in tags if tag["/S"] == "/Figure"]
    assert [tag["/Alt"] for tag in figures] == [
        "Road sign: a red ring around a black lorry marked 7.5t. No goods vehicles over that weight."
    ]


def _tags(root: Any) -> list[DictionaryObject]:
    """Every element of the structure tree."""
    found, waiting = [], [root]
    while waiting:
        each = waiting.pop()
        each = each.get_object() if isinstance(each, IndirectObject) else each
        if isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, DictionaryObject):
            if "/S" in each:
                found.append(each)
            if "/K" in each:
                waiting.append(each["/K"])
    return found


def test_same_words_give_the_same_bytes(county: County, papers: dict[str, Path]) -> None:
    """Set again from what was planned, by a press of its own, each letter is what was made."""
    with Session(county.engine) as session:
        planned = session.execute(
            select(PlannedLetterRow, BatchRow).join(BatchRow, BatchRow.batch_id == PlannedLetterRow.batch_id)
        ).all()
    made = {path.read_bytes() for path in papers.values()}
    again = {set_pdf(FORMS[batch.kind].template, row.content, batch.created_at) for row, batch in planned}
    assert len(planned) == len(KINDS)
    assert again == made


def test_press_that_has_set_other_letters_gives_the_same_bytes(county: County) -> None:
    with Session(county.engine) as session:
        row = session.scalars(select(PlannedLetterRow)).first()
    assert row is not None
    at, press = datetime(2026, 9, 15, tzinfo=UTC), Press()
    press.set_pdf("first_letter.typ", row.content | {"vrm": "XX11 XXX", "reference": "OTHER"}, at)
    assert press.set_pdf("first_letter.typ", row.content, at) == set_pdf("first_letter.typ", row.content, at)


@pytest.mark.parametrize(
    "title",
    ["*Bold* _Order_ #panic()", "$ x $ <label> @ref", 'The "Village" Order \\ // 2024', "#let data = 1"],
)
def test_markup_in_data_is_printed_as_it_is(county: County, papers: dict[str, Path], title: str) -> None:
    with Session(county.engine) as session:
        row = session.scalars(select(PlannedLetterRow)).first()
    assert row is not None
    pdf = set_pdf("first_letter.typ", row.content | {"order_title": title}, datetime(2026, 9, 15, tzinfo=UTC))
    assert " ".join(title.split()) in text_of(pdf)
