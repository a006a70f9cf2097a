"""What goes and what stays, on both databases; each batch by itself, in the audit log, and only once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from enforcement import audit
from enforcement.cases.states import CaseState, Event
from enforcement.letters.batch import send_letters
from enforcement.people import User
from enforcement.retention.holds import holds, place_hold, release_hold
from enforcement.retention.plan import Room, plan
from enforcement.retention.sweep import ACTION, apply
from enforcement.tables import CaseRow, DispatchRow, PlannedLetterRow, RegisterAnswerRow
from ingest import records, tables
from ingest.evidence.store import evidence_path
from tests.enforcement.county import NOON, County
from tests.enforcement.letters.desk import KEEPERS, a_room, confirm, drive_through, event
from tests.enforcement.retention.records_office import (
    counts,
    logged,
    planned,
    put_pictures_on_disk,
    quarantine,
)

YEAR_ON = NOON.replace(year=2027)
LONG_AFTER = NOON.replace(year=2031)


@pytest.fixture
def officer(county: County) -> User:
    return county.add_officer()


@pytest.fixture
def decided(county: County, officer: User, room: Room) -> County:
    """Case 1 has its letter, 2 was closed after its letter, 3 was rejected, 4 waits for an officer."""
    drive_through(county, list(KEEPERS))
    for case_id in (1, 2):
        confirm(county, case_id, officer)
    event(county, 3, Event.REJECT, officer)
    send_letters(a_room(county.engine, room.data_dir), NOON)
    event(county, 2, Event.CLOSE, officer)
    return county


def test_unconfirmed_passages_go_with_pictures_and_stay_gone(county: County, room: Room) -> None:
    county.through("AB11CDE", at=NOON - timedelta(days=1), conclusion="stayed")
    county.passage("AB12CDE", NOON + timedelta(days=1))
    pictures = put_pictures_on_disk(room)
    assert plan(room, YEAR_ON - timedelta(days=2)) == []
    assert planned(plan(room, YEAR_ON)) == {"passage.unconfirmed": 2, "transit.unfounded": 1}
    swept = apply(room, YEAR_ON)
    assert {each.rule.name: each.records for each in swept.deleted} == {
        "passage.unconfirmed": 2,
        "transit.unfounded": 1,
    }
    assert swept.pictures == 4
    after = counts(room)
    assert (after["passages"], after["transits"], after["passage_tombstones"], after["evidence"]) == (
        1,
        0,
        2,
        2,
    )
    assert sum(path.exists() for path in pictures) == 2
    assert apply(room, YEAR_ON).deleted == ()
    assert counts(room) == after


def test_dry_run_changes_nothing(decided: County, room: Room) -> None:
    before = counts(room)
    assert plan(room, LONG_AFTER)
    assert counts(room) == before


@pytest.mark.parametrize(
    ("now", "going"),
    [
        (NOON + timedelta(days=200), {}),
        (
            YEAR_ON,
            {"case.undecided": 1, "case.rejected": 1, "passage.unconfirmed": 4, "transit.unfounded": 2},
        ),
        (
            LONG_AFTER,
            {
                "case.undecided": 1,
                "case.rejected": 1,
                "case.ended": 1,
                "passage.unconfirmed": 6,
                "transit.unfounded": 3,
            },
        ),
    ],
)
def test_cases_go_by_state_and_age(decided: County, room: Room, now: datetime, going: dict[str, int]) -> None:
    assert planned(plan(room, now)) == going
    swept = apply(room, now)
    assert {each.rule.name: each.records for each in swept.deleted} == going


def test_a_live_case_keeps_everything_however_old(decided: County, room: Room) -> None:
    pictures = set(put_pictures_on_disk(room))
    apply(room, LONG_AFTER)
    with Session(room.engine) as session:
        live = session.get_one(CaseRow, 1)
        transit = records.transit(session, "demo", live.transit_id)
        seen = [
            records.passage(session, "demo", each or "")
            for each in (transit.entry_passage_id, transit.exit_passage_id)
        ]
        planned_letter = session.scalars(select(PlannedLetterRow).where(PlannedLetterRow.case_id == 1)).one()
    assert (live.vrm, live.state, transit.conclusion) == ("AB11CDE", CaseState.LETTER_SENT, "through")
    assert live.register_answer
    assert planned_letter.address
    assert sum(path.exists() for path in pictures) == sum(len(each.evidence) for each in seen) == 4
    (folder,) = (room.data_dir / "letters").iterdir()
    left = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(left) == {"DEMO-000001-first.pdf", "manifest.csv", "post-room.csv", "post-room.pdf"}
    assert b"Alder" in left["post-room.csv"]
    assert b"Beech" not in left["post-room.csv"]
    assert b"AB12CDE" not in left["manifest.csv"]


def test_an_erased_case_is_a_skeleton(decided: County, room: Room) -> None:
    apply(room, LONG_AFTER)
    with Session(room.engine) as session:
        row = session.get_one(CaseRow, 2)
        sent = session.scalars(select(DispatchRow).order_by(DispatchRow.letter_id)).all()
        proof = [(each.letter_id, bool(each.sent_to), len(each.pdf_sha256)) for each in sent]
        decisions = session.scalar(text("SELECT count(*) FROM case_decisions WHERE case_id = 2"))
    assert (row.vrm, row.register_answer, row.reasons, row.state) == ("", {}, [], CaseState.CLOSED)
    assert proof == [(1, True, 64), (2, False, 64)]
    assert decisions == 4
    for change in ("sent_to = '', detail = '', event = 'posted'", "sent_to = 'elsewhere'"):
        with room.engine.begin() as connection, pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(f"UPDATE dispatches SET {change}"))


@pytest.mark.parametrize("subject", ["2", "passage"])
def test_a_hold_beats_every_rule_until_it_is_released(decided: County, room: Room, subject: str) -> None:
    with Session(room.engine) as session, session.begin():
        transit = records.transit(session, "demo", session.get_one(CaseRow, 2).transit_id)
        held = subject if subject == "2" else transit.entry_passage_id or ""
        number = place_hold(session, "demo", held, who="uid:1", reason="appeal by AB12 CDE", now=NOON)
    apply(room, LONG_AFTER)
    with Session(room.engine) as session:
        assert records.passage(session, "demo", transit.entry_passage_id or "").vrm == "AB12CDE"
        assert session.get_one(CaseRow, 2).vrm == ("AB12CDE" if subject == "2" else "")
        assert [hold.hold_id for hold in holds(session, "demo")] == [number]
    with Session(room.engine) as session, session.begin():
        release_hold(session, "demo", number, who="uid:1", reason="appeal over", now=LONG_AFTER)
    assert apply(room, LONG_AFTER).deleted
    with Session(room.engine) as session:
        assert session.get_one(CaseRow, 2).vrm == ""
        assert [
            row.vrm for row in records.passages(session, "demo", since=NOON - timedelta(days=99), until=NOON)
        ] == ["AB11CDE"] * 2
    assert "AB12" not in logged(room, "retention.hold")[0].reason


def test_batches_are_bounded_logged_without_plates_and_the_chain_holds(county: County, room: Room) -> None:
    for hour in range(5):
        county.passage("AB11CDE", NOON - timedelta(hours=hour))
    apply(room, YEAR_ON + timedelta(days=1), at_once=2)
    entries = [row for row in logged(room, ACTION) if row.subject == "rule:passage.unconfirmed"]
    assert [row.reason.split(":")[0] for row in entries] == ["2 passages", "2 passages", "1 passages"]
    assert not [row for row in logged(room, ACTION) if "AB11CDE" in row.reason + row.subject]
    with Session(room.engine) as session:
        audit.verify(session, "demo")


def test_a_failure_between_batches_resumes(decided: County, room: Room) -> None:
    put_pictures_on_disk(room)
    with Session(room.engine) as session:
        seen = records.passages(session, "demo", since=NOON - timedelta(days=99), until=NOON)
    stuck = evidence_path(room.evidence_dir, seen[4].evidence[0].sha256)  # in the second batch
    stuck.unlink()
    stuck.mkdir()
    with pytest.raises(OSError, match=stuck.name):
        apply(room, LONG_AFTER, at_once=2)
    stuck.rmdir()
    left = counts(room)
    assert left["passage_tombstones"] == 4, "two batches were committed"
    apply(room, LONG_AFTER, at_once=2)
    after = counts(room)
    assert (after["passages"], after["evidence"], after["transits"], after["erased_cases"]) == (2, 4, 1, 3)
    assert plan(room, LONG_AFTER) == []
    with Session(room.engine) as session:
        audit.verify(session, "demo")


def test_quarantined_messages_and_register_answers_go(decided: County, room: Room) -> None:
    quarantine(room, b"a car's plate", NOON)
    quarantine(room, b"nobody's", NOON, "unknown")
    quarantine(room, b"young", NOON + timedelta(days=40))
    with Session(room.engine) as session, session.begin():
        for vrm in ("AB11CDE", "ZZ99ZZZ"):
            session.add(
                RegisterAnswerRow(
                    authority="demo", vrm=vrm, asked_at=NOON, correlation_id="", answer={}, entry={}
                )
            )
    apply(room, YEAR_ON + timedelta(days=1))
    with Session(room.engine) as session:
        assert session.scalars(select(tables.QUARANTINE.c.raw)).all() == [b"young"]
        assert session.scalars(select(RegisterAnswerRow.vrm)).all() == ["AB11CDE"]


def test_a_ground_of_a_live_case_stays(decided: County, room: Room) -> None:
    with room.engine.begin() as connection:
        decision = connection.scalar(text("SELECT min(id) FROM case_decisions WHERE case_id = 1"))
        connection.execute(
            text("INSERT INTO step_grounds VALUES (:decision, 2, 'demo', 1, 'operator')"),
            {"decision": decision},
        )
    assert "case.ended" not in planned(plan(room, LONG_AFTER))
