"""What is in a pack, who may make one and of which case; every refusal leaves nothing behind."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from config.law.offences import TRAFFIC_SIGN, SectionRefused, checked_section
from config.vrm import spaced
from enforcement.cases.rows import case_row
from enforcement.cases.states import CaseState, Event
from enforcement.packs.archive import read_archive
from enforcement.packs.errors import PackRefused
from enforcement.packs.verifying import verify_pack
from enforcement.tables import AuditRow, CaseRow
from ingest import records, tables
from ingest.evidence.store import evidence_path
from tests.enforcement.county import an_order
from tests.enforcement.packs.court import LORRY, NOW, OTHER, Court

PARTS = (
    ("", "Prosecution pack DEMO-000001"),
    ("", "Statement of witness"),
    ("SS/1", "The order in force"),
    ("SS/2", "Plan of the road and the cameras"),
    ("SS/3", "The passage on the way in"),
    ("SS/4", "The passage on the way out"),
    ("SS/5", "Clocks and cameras"),
    ("SS/6", "The register's answer and the maximum gross weight"),
    ("SS/7", "How the conclusion was reached"),
    ("SS/8", "Correspondence"),
    ("SS/9", "Decisions and audit log"),
    ("", "Schedule of unused material"),
    ("", "Certificate of software, models and files"),
)


@pytest.fixture(scope="module")
def pages(pack: bytes) -> list[str]:
    """The words of each page of the bundle, with single spaces."""
    reader = PdfReader(io.BytesIO(read_archive(pack)["bundle.pdf"]))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_parts_stand_on_the_pages_that_index_bookmarks_and_manifest_name(
    pack: bytes, pages: list[str]
) -> None:
    manifest = verify_pack(pack).manifest
    assert tuple((each.number, each.title) for each in manifest.exhibits) == PARTS
    for each in manifest.exhibits:
        assert each.title in pages[each.page - 1]
        if each.number:
            assert f"{each.number} {each.title} {each.page}" in pages[0]
    for number, words in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in words


def test_bundle_says_what_a_court_needs(pages: list[str]) -> None:
    whole = " ".join(pages)
    for words in (
        "This statement, consisting of 1 page each signed by me, is true to the best of my knowledge",
        "I am Sergeant Sam Sample, number 4711, of Demo Constabulary",
        "section 5(1) of the Road Traffic Regulation Act 1984",
        "The (Ashcombe Green) (7.5 Tonnes Maximum Gross Weight) Order 2024, in its version 1 of 1 April 2024",
        "Tue 6 Oct 2026, 12:00:00 BST",
        "2026-10-06 11:02:20.000 UTC",
        "Between the two lie 2 min 20 s. Driving straight through takes 45 s to 2 min 54 s",
        "+0.041 s (± 0.018 s)",
        "a maximum gross weight of 44,000 kg",
        "for 1 h 00 min of the hour around the passage",
        "You must tell us who was driving YX26 HGV",
        "approve charge: charge proposed to charge approved",
        "The force's file of keepers names nobody for that day.",
        "handed over",
        "Other marks read between entry and exit 1 at all cameras of the force",
        "Charge to be issued by 6 April 2027",
    ):
        assert words in whole
    assert "section 36" not in whole


def test_nothing_of_another_vehicle_is_in_the_pack(pack: bytes, pages: list[str], approved: Court) -> None:
    with Session(approved.engine) as session:
        others = session.execute(
            select(tables.PASSAGES.c.passage_id, tables.EVIDENCE_REFERENCES.c.sha256)
            .join(
                tables.EVIDENCE_REFERENCES,
                tables.EVIDENCE_REFERENCES.c.passage_id == tables.PASSAGES.c.passage_id,
            )
            .where(tables.PASSAGES.c.vrm == OTHER)
        ).all()
    assert len(others) == 2
    forbidden = [OTHER, spaced(OTHER), *(str(value) for row in others for value in row)]
    for name, content in read_archive(pack).items():
        words = " ".join(pages).encode() if name == "bundle.pdf" else content
        assert not [each for each in forbidden if each.encode() in words], name


def test_originals_are_the_bytes_that_are_stored(pack: bytes, approved: Court) -> None:
    files = read_archive(pack)
    stored = [path.read_bytes() for path in approved.evidence_dir.rglob("*.jpg")]
    with Session(approved.engine) as session:
        raw = session.scalars(select(tables.PASSAGES.c.raw).where(tables.PASSAGES.c.vrm == LORRY)).all()
    letters = [path.read_bytes() for path in approved.data_dir.rglob("*.pdf")]
    for end in ("entry", "exit"):
        assert files[f"{end}/passage.jws.json"] in raw
        assert {files[f"{end}/overview.jpg"], files[f"{end}/plate.jpg"]} <= set(stored)
        assert sum(name.startswith(f"{end}/heartbeat-") for name in files) == 6
    assert files["letters/1-driver_request.pdf"] in letters
    assert "sightings" in json.loads(files["unused/schedule.json"])
    plan = files["order/plan.svg"]
    assert plan.startswith(b'<svg xmlns="http://www.w3.org/2000/svg"')
    assert (plan.count(b"http"), plan.count(b"<image")) == (1, 0)


def test_making_is_logged_with_officer_and_reason_and_moves_the_case(court: Court) -> None:
    path = court.make(reason="for the hearing on 1 March")
    assert verify_pack(path.read_bytes()).manifest.made_by == "Sergeant Sam Sample, 4711"
    with Session(court.engine) as session:
        assert case_row(session, "demo", 1).state == CaseState.CHARGE_READY
        entry = session.scalars(select(AuditRow).where(AuditRow.action == "pack.make")).one()
    assert (entry.who, entry.subject) == (f"user:{court.first.user_id}", "case:1")
    assert entry.reason == "for the hearing on 1 March"


def test_a_later_pack_tells_of_the_earlier_one(court: Court) -> None:
    court.make()
    later = court.make(now=NOW + timedelta(hours=1), officer="0815")
    files = read_archive(later.read_bytes())
    actions = [entry["action"] for entry in json.loads(files["audit/extract.json"])["entries"]]
    assert actions.count("pack.make") == 1
    assert verify_pack(later.read_bytes()).manifest.exhibits[2].number == "JB/1"


def test_two_packs_of_one_second_are_two_files_in_order(court: Court) -> None:
    first, second = court.make(), court.make(officer="0815")
    assert [path.name for path in (first, second)] == [
        f"DEMO-000001-{number}-20261105T110000Z.zip" for number in ("01", "02")
    ]
    makers = [verify_pack(path.read_bytes()).manifest.made_by.split(", ")[1] for path in (first, second)]
    assert makers == ["4711", "0815"]


def test_the_keeper_stands_in_the_pack_where_the_forces_file_names_one(court: Court, pack: bytes) -> None:
    assert "case/keeper.json" not in read_archive(pack)
    court.import_keeper()
    files = read_archive(court.make().read_bytes())
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["bundle.pdf"])).pages)
    assert json.loads(files["case/keeper.json"])["operator_licence"] == "OF1234567"
    assert "1 Alder Yard, Demoton, DM2 2BB" in words


def test_a_charged_case_can_be_packed_after_the_six_months(court: Court) -> None:
    court.make()
    court.event(Event.RECORD_CHARGE, court.first)
    assert court.make(now=NOW + timedelta(days=200)).exists()


def _run(statement: object) -> Callable[[Court], None]:
    def change(court: Court) -> None:
        with Session(court.engine) as session, session.begin():
            session.execute(statement)  # type: ignore[call-overload]  # any statement of SQLAlchemy

    return change


def _pictures(change: Callable[[Path], None]) -> Callable[[Court], None]:
    def each(court: Court) -> None:
        with Session(court.engine) as session:
            entry = records.transit(session, "demo", case_row(session, "demo", 1).transit_id).exit_passage_id
            passage = records.passage(session, "demo", entry or "")
        for picture in passage.evidence:
            if picture.kind == "plate":
                change(evidence_path(court.evidence_dir, picture.sha256))

    return each


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _flip_letter(court: Court) -> None:
    _flip(next(court.data_dir.rglob("*driver_request.pdf")))


REFUSALS = {
    "a picture is missing": (_pictures(Path.unlink), "plate picture of the passage on the way out: picture"),
    "one byte of a picture is flipped": (_pictures(_flip), "was changed on disk"),
    "a letter was changed": (_flip_letter, "letter 1 was changed after it was made"),
    "the order version is gone": (
        _run(delete(tables.ORDER_VERSIONS)),
        "is not in the database; import it again",
    ),
    "the unit's key is gone": (_run(delete(tables.AGENT_KEYS)), "is not enrolled"),
    "the site is gone": (_run(delete(tables.SITES)), "is not stored; import it again"),
    "a passage is in doubt": (_run(update(tables.PASSAGES).values(clock_doubted=True)), "in doubt"),
    "the exit is gone": (
        _run(update(tables.TRANSITS).values(exit_passage_id=None)),
        "a single sighting proves",
    ),
    "both ends are one": (
        _run(update(tables.TRANSITS).values(exit_passage_id=tables.TRANSITS.c.entry_passage_id)),
        "a single sighting proves nothing",
    ),
    "a later sighting withdrew it": (
        _run(update(tables.TRANSITS).values(withdrawn_at=NOW)),
        "conclude 'no_inference', not that the vehicle drove through",
    ),
    "a passage was deleted": (_run(delete(tables.PASSAGES)), "without it there is no evidence"),
    "a passage was altered": (
        _run(update(tables.PASSAGES).values(raw=text("replace(raw, 'signature\":\"', 'signature\":\"A')"))),
        "is not what its unit signed",
    ),
    "it is a speed case": (_run(update(CaseRow).values(kind="speed")), "this is a speed case"),
    "it went back": (
        _run(update(CaseRow).values(state=CaseState.CHARGE_PROPOSED)),
        "no charge is approved in it",
    ),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_refused_in_plain_words_and_nothing_is_left(court: Court, what: str) -> None:
    change, words = REFUSALS[what]
    change(court)
    with pytest.raises(PackRefused, match=words):
        court.make()
    assert not (court.data_dir / "packs").exists()
    with Session(court.engine) as session:
        assert session.scalars(select(AuditRow).where(AuditRow.action == "pack.make")).first() is None


def test_refused_after_the_deadline_and_on_its_last_day_made(court: Court) -> None:
    last_day = NOW.replace(year=2027, month=4, day=6, hour=22)
    with pytest.raises(PackRefused, match="the six months for a charge ended on 2027-04-06"):
        court.make(now=last_day + timedelta(hours=2))
    assert court.make(now=last_day).exists()


@pytest.mark.parametrize(
    ("officer", "reason", "words"),
    [
        ("0000", "why", "no officer with the number 0000"),
        ("4711", "  ", "give a reason"),
    ],
)
def test_refused_without_a_named_officer_or_a_reason(
    court: Court, officer: str, reason: str, words: str
) -> None:
    with pytest.raises(PackRefused, match=words):
        court.make(officer=officer, reason=reason)


def test_refused_before_a_second_officer_approved(undecided: Court) -> None:
    with pytest.raises(PackRefused, match="no officer has confirmed"):
        undecided.make()
    undecided.event(Event.CONFIRM, undecided.first)
    with pytest.raises(PackRefused, match="no second officer has approved a charge"):
        undecided.make()


def test_section_36_does_not_fit_sign_6221a() -> None:
    with pytest.raises(SectionRefused, match=r"does not apply to sign 622\.1A"):
        checked_section(an_order(), TRAFFIC_SIGN)
