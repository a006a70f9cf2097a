"""Batches: one letter per case and step, once, each with its keeper, and proof of what was handed over."""

from __future__ import annotations

import csv
import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.cases.records import case_file
from enforcement.cases.states import CaseState
from enforcement.letters.batch import send_letters
from enforcement.letters.proof import proofs
from enforcement.letters.room import Run
from enforcement.people import User
from tests.enforcement.county import NOON, County
from tests.enforcement.letters.desk import (
    KEEPERS,
    a_room,
    confirm,
    drive_through,
    keeper_of,
    state,
    text_of,
)


def _lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_confirmed_case_gets_its_letter(confirmed: County, data_dir: Path) -> None:
    (batch,) = send_letters(a_room(confirmed.engine, data_dir), confirmed.now).batches
    assert [path.name for path in batch.letters] == [f"DEMO-00000{n}-first.pdf" for n in (1, 2, 3)]
    assert [state(confirmed, n) for n in (1, 2, 3, 4)] == [CaseState.LETTER_SENT] * 3 + [CaseState.PROPOSED]
    with Session(confirmed.engine) as session:
        (letter,) = case_file(session, "demo", 2, now=confirmed.now).letters
        audit.verify(session, "demo")
    assert hashlib.sha256((data_dir / letter.pdf_path).read_bytes()).hexdigest() == letter.pdf_sha256
    manifest = _lines(batch.manifest)
    assert [row["keeper_of"] for row in manifest] == list(KEEPERS)[:3]
    assert manifest[1]["sha256"] == letter.pdf_sha256


def test_second_run_sends_nothing_twice(confirmed: County, data_dir: Path) -> None:
    room = a_room(confirmed.engine, data_dir)
    (batch,) = send_letters(room, confirmed.now).batches
    written = {path: path.stat().st_mtime_ns for path in batch.manifest.parent.iterdir()}
    assert send_letters(room, confirmed.now + timedelta(days=2)) == Run()
    assert {path: path.stat().st_mtime_ns for path in batch.manifest.parent.iterdir()} == written


def test_letter_names_its_own_vehicle_and_keeper_only(confirmed: County, data_dir: Path) -> None:
    (batch,) = send_letters(a_room(confirmed.engine, data_dir), confirmed.now).batches
    texts = [text_of(path) for path in batch.letters]
    times = [
        [seen.captured_at.strftime("%d %H:%M:%S") for seen in (case.entry, case.exit)]
        for case in _files(confirmed)
    ]
    assert len({time for pair in times for time in pair}) == 6  # each could only stand in its own letter
    for number, words in enumerate(texts):
        vrms = list(KEEPERS)
        named = [vrm for vrm in vrms if vrm in words.replace(" ", "")]
        kept = [vrm for vrm in vrms if KEEPERS[vrm] in words]
        assert (named, kept) == ([vrms[number]], [vrms[number]])
        for other, case in enumerate(_files(confirmed)):
            own = other == number
            assert (f"DEMO-{other + 1:06d}" in words) is own
            assert (f"{case.exit.captured_at + timedelta(hours=1):%H:%M:%S} BST" in words) is own


def _files(county: County) -> list:
    with Session(county.engine) as session:
        return [case_file(session, "demo", n, now=county.now) for n in (1, 2, 3)]


def test_post_room_gets_the_pages_and_an_envelope_each(confirmed: County, data_dir: Path) -> None:
    (batch,) = send_letters(a_room(confirmed.engine, data_dir), confirmed.now).batches
    folder = batch.manifest.parent
    printed = PdfReader(folder / "post-room.pdf").pages
    envelopes = _lines(folder / "post-room.csv")
    assert [row["address_1"] for row in envelopes] == [f"{KEEPERS[v]} Haulage Ltd" for v in list(KEEPERS)[:3]]
    assert envelopes[0]["address_4"] == "DM2 2BB"
    assert sum(int(row["pages"]) for row in envelopes) == len(printed)
    for row, path in zip(envelopes, batch.letters, strict=True):
        first = int(row["first_page"]) - 1
        own = [page.extract_text() for page in PdfReader(path).pages]
        assert [page.extract_text() for page in printed[first : first + len(own)]] == own


def test_proof_says_when_how_by_whom_where_to_and_what(confirmed: County, data_dir: Path) -> None:
    send_letters(a_room(confirmed.engine, data_dir), confirmed.now)
    with Session(confirmed.engine) as session:
        (letter,) = case_file(session, "demo", 2, now=confirmed.now).letters
        (proof,) = proofs(session, "demo", letter.letter_id)
    assert (proof.event, proof.at, proof.who) == ("handed_over", confirmed.now, "uid:1000")
    assert proof.sent_to == "Beech Haulage Ltd\n1 Beech Yard\nDemoton\nDM2 2BB"
    assert proof.pdf_sha256 == letter.pdf_sha256
    printed = (data_dir / "letters" / "batch-000001" / "post-room.pdf").read_bytes()
    assert hashlib.sha256(printed).hexdigest() in proof.detail


@pytest.mark.parametrize("statement", ["UPDATE dispatches SET who = ''", "DELETE FROM dispatches"])
def test_proof_cannot_be_changed(confirmed: County, data_dir: Path, statement: str) -> None:
    send_letters(a_room(confirmed.engine, data_dir), confirmed.now)
    with confirmed.engine.begin() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text(statement))


def test_case_without_a_known_keeper_is_told_and_gets_its_letter_later(
    confirmed: County, data_dir: Path
) -> None:
    def without_second(session: Session, authority: str, vrm: str, at: datetime) -> object:
        return None if vrm == "AB12CDE" else keeper_of(session, authority, vrm, at)

    run = send_letters(a_room(confirmed.engine, data_dir, keeper_of=without_second), confirmed.now)
    assert run.keeper_to_be_asked_for == {2: "AB12 CDE"}
    assert [len(batch.letters) for batch in run.batches] == [2]
    assert state(confirmed, 2) is CaseState.CONFIRMED
    run = send_letters(a_room(confirmed.engine, data_dir), confirmed.now)
    assert [path.name for path in run.batches[0].letters] == ["DEMO-000002-first.pdf"]


def test_case_past_its_deadline_is_held_back(confirmed: County, data_dir: Path) -> None:
    run = send_letters(a_room(confirmed.engine, data_dir), confirmed.now + timedelta(days=400))
    assert run.batches == ()
    assert list(run.held_back) == [1, 2, 3]
    assert all("six months" in why for why in run.held_back.values())


def test_last_day_is_in_time_and_the_day_after_is_not(county: County, officer: User, data_dir: Path) -> None:
    drive_through(county, ["AB11CDE"])  # on 6 September: the charge can be issued until 6 March
    confirm(county, 1, officer)
    room = a_room(county.engine, data_dir)
    assert list(send_letters(room, datetime(2027, 3, 7, 0, 0, tzinfo=NOON.tzinfo)).held_back) == [1]
    assert len(send_letters(room, datetime(2027, 3, 6, 23, 59, tzinfo=NOON.tzinfo)).batches) == 1


def test_case_whose_transit_no_longer_stands_is_held_back(confirmed: County, data_dir: Path) -> None:
    confirmed.withdraw(_files(confirmed)[1].transit.transit_id)
    run = send_letters(a_room(confirmed.engine, data_dir), confirmed.now)
    assert list(run.held_back) == [2]
    assert [len(batch.letters) for batch in run.batches] == [2]
    assert state(confirmed, 2) is CaseState.CONFIRMED


def test_nothing_confirmed_makes_no_batch(county: County, data_dir: Path) -> None:
    assert send_letters(a_room(county.engine, data_dir), county.now) == Run()
    assert not data_dir.exists()
