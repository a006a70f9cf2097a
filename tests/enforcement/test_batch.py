"""Batches of first letters: one per confirmed case, once, and whole after a crash."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.cases.opening import open_cases
from enforcement.cases.records import CaseState, case_file, decide
from enforcement.letters.batch import BatchResult, send_first_letters
from enforcement.policy import Policy, load_policy
from enforcement.tables import BatchRow, LetterRow
from tests.enforcement.county import NOON, County

POLICY = Path(__file__).parents[2] / "config" / "pilot" / "policy.yaml"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(POLICY, "demo")


@pytest.fixture
def confirmed(county: County) -> County:
    """Three confirmed cases, 1 to 3, and one that still waits for its officer."""
    officer = county.add_officer()
    for number in range(4):
        vrm = f"AB1{number + 1}CDE"
        county.register_entry(vrm, "N3", 44000)
        county.through(vrm, at=NOON - timedelta(days=9 - number))
    open_cases(county.engine, "demo", county.register, county.now)
    with Session(county.engine) as session, session.begin():
        for case_id in (1, 2, 3):
            decide(
                session,
                "demo",
                case_id,
                officer=officer,
                verdict="confirm",
                reason="clear",
                image_matches_plate=True,
                vehicle_matches_register=True,
                now=county.now,
            )
    return county


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "enforcement"


def _send(county: County, policy: Policy, data_dir: Path, *, days: int = 1) -> BatchResult:
    now = county.now + timedelta(days=days)
    return send_first_letters(county.engine, "demo", policy, data_dir, who="command:batch", now=now)


def _states(county: County) -> list[CaseState]:
    with Session(county.engine) as session:
        return [case_file(session, "demo", n, now=county.now).summary.state for n in (1, 2, 3, 4)]


def test_each_confirmed_case_gets_its_letter(confirmed: County, policy: Policy, data_dir: Path) -> None:
    result = _send(confirmed, policy, data_dir)
    assert _states(confirmed) == [CaseState.LETTER_SENT] * 3 + [CaseState.PROPOSED]
    assert [path.name for path in result.letters] == [f"DEMO-00000{n}-first.pdf" for n in (1, 2, 3)]
    with Session(confirmed.engine) as session:
        (letter,) = case_file(session, "demo", 2, now=confirmed.now).letters
        assert audit.verify(session, "demo") == 4 + 3 + 3 + 1
    assert hashlib.sha256((data_dir / letter.pdf_path).read_bytes()).hexdigest() == letter.pdf_sha256
    assert result.manifest
    with result.manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["keeper_of"] for row in rows] == ["AB11CDE", "AB12CDE", "AB13CDE"]
    assert rows[1]["sha256"] == letter.pdf_sha256


def test_second_run_sends_nothing_twice(confirmed: County, policy: Policy, data_dir: Path) -> None:
    first = _send(confirmed, policy, data_dir)
    written = {path: path.stat().st_mtime_ns for path in first.letters}
    assert _send(confirmed, policy, data_dir, days=2) == BatchResult()
    assert {path: path.stat().st_mtime_ns for path in first.letters} == written


def test_letter_names_one_vehicle_only(confirmed: County, policy: Policy, data_dir: Path) -> None:
    texts = [PdfReader(path).pages[0].extract_text() for path in _send(confirmed, policy, data_dir).letters]
    for number, text in enumerate(texts, start=1):
        named = [n for n in range(1, 5) if f"AB1{n} CDE" in text or f"AB1{n}CDE" in text]
        assert named == [number]


class _Cut(Exception):
    """The process ends here."""


@pytest.fixture
def cut_at_second_letter(confirmed: County) -> Iterator[None]:
    """Ends the run after the second letter's file is written and before its row is."""
    seen = []

    def cut(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO letters"):
            seen.append(statement)
            if len(seen) == 2:
                raise _Cut

    event.listen(confirmed.engine, "before_cursor_execute", cut)
    yield
    event.remove(confirmed.engine, "before_cursor_execute", cut)


def test_batch_that_was_cut_off_is_resumed(
    confirmed: County, policy: Policy, data_dir: Path, cut_at_second_letter: None
) -> None:
    with pytest.raises(_Cut):
        _send(confirmed, policy, data_dir)
    cut_file = data_dir / "letters" / "batch-000001" / "DEMO-000002-first.pdf"
    before = cut_file.read_bytes()
    assert _states(confirmed)[:3] == [CaseState.LETTER_SENT, CaseState.CONFIRMED, CaseState.CONFIRMED]

    result = _send(confirmed, policy, data_dir, days=3)
    assert (result.batch_id, len(result.letters)) == (1, 3)
    assert cut_file.read_bytes() == before
    with Session(confirmed.engine) as session:
        batch = session.scalars(select(BatchRow)).one()
        assert batch.finished_at == confirmed.now + timedelta(days=3)
        assert len(session.scalars(select(LetterRow)).all()) == 3
        assert {letter.created_at for letter in session.scalars(select(LetterRow))} == {batch.created_at}


def test_case_past_its_deadline_is_held_back(confirmed: County, policy: Policy, data_dir: Path) -> None:
    result = _send(confirmed, policy, data_dir, days=400)
    assert result == BatchResult(held_back=dict.fromkeys((1, 2, 3), "the six months for a charge are over"))


def test_case_whose_transit_no_longer_stands_is_held_back(
    confirmed: County, policy: Policy, data_dir: Path
) -> None:
    with Session(confirmed.engine) as session:
        transit_id = case_file(session, "demo", 2, now=confirmed.now).transit.transit_id
    confirmed.withdraw(transit_id)
    result = _send(confirmed, policy, data_dir)
    assert list(result.held_back) == [2]
    assert _states(confirmed)[:3] == [CaseState.LETTER_SENT, CaseState.CONFIRMED, CaseState.LETTER_SENT]


def test_nothing_confirmed_makes_no_batch(county: County, policy: Policy, data_dir: Path) -> None:
    assert _send(county, policy, data_dir) == BatchResult()
    assert not data_dir.exists()
