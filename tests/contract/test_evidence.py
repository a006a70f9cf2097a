"""Pictures that do not come: asked for, asked for again, in the end lost; and found again.

A picture is on the disk, with the folders that name it, before its row says so.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from ingest import records
from ingest.evidence.rows import Wanted, ask_for_missing
from ingest.evidence.scrub import Scrub
from ingest.evidence.store import clear_unfinished, evidence_path, store_evidence
from ingest.storing.commit import Committer, Step
from ingest.storing.quarantine import quarantined
from ingest.storing.replay import replay
from ingest.tables import EVIDENCE
from tests.ingest.units import NOON, Unit, jpeg, loss, passage, reference

CAME = NOON + timedelta(hours=1)  # when deliveries of these tests come
PICTURE = jpeg("lorry")
SHA256 = hashlib.sha256(PICTURE).hexdigest()


def asked(engine: Engine, now: datetime) -> list[Wanted]:
    with Session(engine) as session, session.begin():
        return ask_for_missing(session, now)


def state(engine: Engine) -> str:
    with Session(engine) as session:
        return records.passage(session, "demo", passage("one").passage_id).evidence[0].state


def test_a_missing_picture_is_asked_for_in_time(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("one", evidence=(reference(PICTURE),)))])
    after = [timedelta(seconds=s) for s in (1, 21, 22, 80, 82)]
    wanted = Wanted("unit-1", "0" * 32, SHA256)
    assert [asked(engine, CAME + wait) for wait in after] == [[], [wanted], [], [], [wanted]]
    committer.commit([unit.delivers_picture(PICTURE)])
    assert asked(engine, CAME + timedelta(hours=1)) == []
    assert state(engine) == "held"


def test_a_picture_that_never_came_is_lost_until_it_comes(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("one", evidence=(reference(PICTURE),)))])
    assert state(engine) == "awaited"
    assert asked(engine, CAME + timedelta(days=15)) == []
    assert state(engine) == "lost"
    committer.commit([unit.delivers_picture(PICTURE)])
    assert state(engine) == "held"


def why_lost(engine: Engine) -> str | None:
    with Session(engine) as session:
        why: str | None = session.scalars(select(EVIDENCE.c.lost_why)).one()
        return why


@pytest.mark.parametrize("told_first", [True, False])
def test_a_picture_is_lost_when_its_unit_says_so(
    engine: Engine, committer: Committer, told_first: bool
) -> None:
    unit = Unit().enrol(engine)
    named = unit.delivers(passage("one", evidence=(reference(PICTURE),)), 1)
    told = unit.delivers(loss("full", PICTURE, jpeg("another")), 2)
    for arrival in [told, named] if told_first else [named, told]:
        outcome = committer.commit([arrival])
        assert [sender.seq for sender in outcome.accepted] == [2 if arrival is told else 1]
    assert committer.commit([told]).endings == {("loss", "duplicate"): 1}
    assert (state(engine), why_lost(engine)) == ("lost", "the unit says: disk_full")
    assert asked(engine, CAME + timedelta(seconds=21)) == [], "a lost picture is not asked for"
    committer.commit([unit.delivers_picture(PICTURE)])
    assert (state(engine), why_lost(engine)) == ("held", None), "it came all the same"
    committer.commit([unit.delivers(loss("again", PICTURE), 3)])
    assert state(engine) == "held", "what is held is not lost by anybody's word"


def test_a_picture_named_while_the_centres_clock_was_ahead_is_asked_for(
    engine: Engine, committer: Committer
) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("one", evidence=(reference(PICTURE),)), after_s=9 * 3600.0)])
    assert [wanted.sha256 for wanted in asked(engine, CAME)] == [reference(PICTURE).sha256]


def test_a_unit_cannot_lose_the_pictures_of_another(engine: Engine, committer: Committer) -> None:
    unit, other = Unit().enrol(engine), Unit("unit-2", "2" * 32).enrol(engine)
    committer.commit([unit.delivers(passage("one", evidence=(reference(PICTURE),)))])
    committer.commit([other.delivers(loss("not mine", PICTURE, agent_id="unit-2"))])
    asked(engine, CAME + timedelta(seconds=21))
    assert state(engine) == "awaited"


def test_a_picture_that_is_no_picture_is_lost_and_its_unit_need_not_send_it_again(
    engine: Engine, committer: Committer
) -> None:
    unit, bomb = Unit().enrol(engine), jpeg("lorry", width_px=60_000)
    committer.commit([unit.delivers(passage("one", evidence=(reference(bomb),)))])
    sent = unit.delivers_picture(bomb)
    outcome = committer.commit([sent])
    assert outcome.endings["evidence", "quarantined_not_evidence"] == 1
    assert outcome.held == [("unit-1", "0" * 32, hashlib.sha256(bomb).hexdigest())]
    assert state(engine) == "lost"
    assert "60000 x 48 pixels" in (why_lost(engine) or "")
    with Session(engine) as session:
        (row,) = quarantined(session)
    assert row.raw == bomb
    assert not any(each.is_taken for each in replay(committer, [row]))


def test_other_bytes_on_a_pictures_topic_lose_nothing(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("one", evidence=(reference(PICTURE),)))])
    right = unit.delivers_picture(PICTURE)
    committer.commit([type(right)(right.topic, b"no picture", right.received_at, 1, 1)])
    assert state(engine) == "awaited"


def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files and folders that are synced from now on, in order."""
    order: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        order.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    return order


def test_the_file_and_its_folders_are_on_the_disk_before_the_row(
    engine: Engine, committer: Committer, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("one", evidence=(reference(PICTURE),)))])
    order = synced(monkeypatch)

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("UPDATE evidence"):
            order.append("row")

    committer.commit([unit.delivers_picture(PICTURE)])
    path = evidence_path(committer.evidence_dir, SHA256)
    before_row = order[: order.index("row")]
    assert before_row[0].startswith(str(committer.evidence_dir / "unfinished")), "the file itself comes first"
    folders = [path.parent, path.parent.parent, path.parent.parent.parent]
    assert set(map(str, folders)) <= set(before_row[1:])
    assert state(engine) == "held"


def test_a_file_that_was_there_already_is_made_sure_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process may have ended between renaming the file and syncing the folder that names it."""
    store_evidence(tmp_path / "evidence", {SHA256: PICTURE})
    order = synced(monkeypatch)
    store_evidence(tmp_path / "evidence", {SHA256: PICTURE})
    assert str(evidence_path(tmp_path / "evidence", SHA256).parent) in order


def test_what_a_killed_process_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    store_evidence(tmp_path, {SHA256: PICTURE})
    half = tmp_path / "unfinished" / "half"
    half.write_bytes(PICTURE[:20])
    now_s = half.stat().st_mtime
    assert clear_unfinished(tmp_path, now_s + 3599) == 0, "it may be another's that is still at it"
    assert clear_unfinished(tmp_path, now_s + 3601) == 1
    assert clear_unfinished(tmp_path / "not there", now_s) == 0
    assert records.evidence_bytes(tmp_path, SHA256) == PICTURE


def test_a_damaged_file_is_written_anew_when_its_picture_comes_again(tmp_path: Path) -> None:
    store_evidence(tmp_path, {SHA256: PICTURE})
    path = evidence_path(tmp_path, SHA256)
    path.write_bytes(b"half a pic")
    store_evidence(tmp_path, {SHA256: PICTURE})
    assert records.evidence_bytes(tmp_path, SHA256) == PICTURE
    assert [each.name for each in path.parent.iterdir()] == [path.name], "nothing unfinished is left"


def test_a_picture_whose_passage_is_deleted_meanwhile_does_not_stay_on_the_disk(
    engine: Engine, committer: Committer
) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("one", evidence=(reference(PICTURE),)))])

    def delete_now(step: Step) -> None:
        if step is Step.PICTURES_STORED:
            with Session(engine) as session, session.begin():
                records.delete_passages(session, "demo", [passage("one").passage_id], NOON, "test")
            with Session(engine) as session, session.begin():
                records.delete_unnamed_evidence(session, "demo", committer.evidence_dir)

    committer = replace(committer, reached=delete_now)
    outcome = committer.commit([unit.delivers_picture(PICTURE)])
    assert outcome.endings["evidence", "unnamed"] == 1
    assert [each for each in committer.evidence_dir.rglob("*") if each.is_file()] == []


def test_held_pictures_are_read_again_and_a_damaged_one_is_lost_until_it_is_restored(
    engine: Engine, committer: Committer
) -> None:
    unit = Unit().enrol(engine)
    pictures = [jpeg(f"lorry {number}") for number in range(45)]
    for number, picture in enumerate(pictures):
        named = passage(str(number), evidence=(reference(picture),))
        committer.commit([unit.delivers(named), unit.delivers_picture(picture)])
    scrub = Scrub(engine, committer.evidence_dir)

    def once_round() -> dict[str, int]:
        return dict(scrub.some() + scrub.some() + scrub.some())

    assert once_round() == {"whole": 45}
    damaged, missing = (
        evidence_path(committer.evidence_dir, hashlib.sha256(each).hexdigest()) for each in pictures[7:9]
    )
    damaged.write_bytes(b"something else")
    missing.unlink()
    assert once_round() == {"whole": 43, "failed": 2}
    assert once_round() == {"whole": 43, "lost": 2}, "told once"
    with Session(engine) as session:
        states = [records.passage(session, "demo", passage(n).passage_id).evidence[0].state for n in "678"]
    assert states == ["held", "lost", "lost"]
    damaged.write_bytes(pictures[7])
    assert once_round() == {"whole": 43, "restored": 1, "lost": 1}
    assert once_round() == {"whole": 44, "lost": 1}
