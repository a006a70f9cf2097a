"""What could not be taken: kept with its bytes, replayed once after a fix, settled, bounded for each unit."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from ingest import records
from ingest.errors import NotFound
from ingest.intake.arrivals import Arrival
from ingest.intake.endings import endings
from ingest.storing import quarantine as room
from ingest.storing.commit import Committer
from ingest.storing.quarantine import Quarantined, quarantined, settle
from ingest.storing.replay import Replayed, replay
from ingest.tables import HEARTBEATS, PASSAGES, QUARANTINE
from tests.ingest.units import NOON, Unit, arrival, health, jpeg, passage, reference


def rows(engine: Engine, *, settled: bool = False) -> list[Quarantined]:
    with Session(engine) as session:
        return quarantined(session, settled=settled)


def count(engine: Engine, table: object) -> int:
    with Session(engine) as session:
        return int(session.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]  # a table


def replayed(engine: Engine, committer: Committer) -> list[Replayed]:
    return replay(committer, rows(engine))


def test_a_message_is_admitted_once_after_the_fault_was_mended(engine: Engine, committer: Committer) -> None:
    """Here the fault is a key that was not enrolled when the unit began to send."""
    unit = Unit()
    sent = unit.delivers(passage("one"))
    committer.commit([sent, unit.delivers(health())])
    assert [(row.code, row.agent_id) for row in rows(engine)] == [("unknown_key", "unit-1")] * 2
    assert {each.is_taken for each in replayed(engine, committer)} == {False}
    assert [row.times for row in rows(engine)] == [1, 1], "a try is not a delivery"
    unit.enrol(engine)
    results = replayed(engine, committer)
    assert [(each.is_taken, each.told) for each in results] == [(True, "stored")] * 2
    assert rows(engine) == []
    assert {row.settled_why for row in rows(engine, settled=True)} == {"replayed: stored"}
    assert (count(engine, PASSAGES), count(engine, HEARTBEATS)) == (1, 1)
    assert replayed(engine, committer) == []
    assert committer.commit([sent]).endings == {("passage", "duplicate"): 1}
    assert count(engine, PASSAGES) == 1


def test_a_replay_that_ended_before_it_settled_its_row_stores_nothing_twice(
    engine: Engine, committer: Committer
) -> None:
    unit = Unit()
    sent = unit.delivers(passage("one"))
    committer.commit([sent])
    unit.enrol(engine)
    committer.commit([sent])  # as far as the replay came
    assert [(each.is_taken, each.told) for each in replayed(engine, committer)] == [(True, "duplicate")]
    assert (count(engine, PASSAGES), rows(engine)) == (1, [])


def test_a_picture_waits_for_the_passage_that_names_it(engine: Engine, committer: Committer) -> None:
    unit, picture = Unit(), jpeg("lorry")
    named = unit.delivers(passage("one", evidence=(reference(picture),)))
    committer.commit([unit.delivers_picture(picture)])
    unit.enrol(engine)
    assert [each.told for each in replayed(engine, committer)] == [
        "unnamed: no stored passage names this picture"
    ]
    committer.commit([named])
    assert [each.told for each in replayed(engine, committer)] == ["held"]
    with Session(engine) as session:
        assert records.passage(session, "demo", passage("one").passage_id).evidence[0].state == "held"


def other_bytes(unit: Unit) -> list[Arrival]:
    return [unit.delivers(passage("one"), 1), unit.delivers(passage("one", vrm="BB19BBB"), 2)]


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (lambda unit: [arrival("hgv/v1/unit-1/passage", b"no message")], "undecodable"),
        (lambda unit: [arrival("hgv/v1/unit-1/passage", b"x" * 1_600_001)], "not all kept"),
        (other_bytes, "stored with other bytes"),
    ],
)
def test_what_still_cannot_be_taken_stays_until_it_is_dismissed(
    engine: Engine, committer: Committer, bad: object, told: str
) -> None:
    unit = Unit().enrol(engine)
    committer.commit(bad(unit))  # type: ignore[operator]  # one of the makers above
    (result,) = replayed(engine, committer)
    assert not result.is_taken
    assert told in result.told
    (row,) = rows(engine)
    with Session(engine) as session, session.begin():
        settle(session, row.quarantine_id, "dismissed: seen, a test", NOON)
    with Session(engine) as session, pytest.raises(NotFound, match="not open"):
        settle(session, row.quarantine_id, "again", NOON)
    assert rows(engine) == []
    committer.commit(bad(unit)[-1:])  # type: ignore[operator]  # one of the makers above
    assert [again.quarantine_id for again in rows(engine)] == [row.quarantine_id], "what comes again is news"


def test_a_unit_cannot_fill_the_disk_with_what_is_refused(
    engine: Engine, committer: Committer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_ROWS_OF_A_UNIT", 20)
    for start in range(0, 60, 15):
        junk = [arrival("hgv/v1/flood/passage", b"%d" % (start + number)) for number in range(15)]
        committer.commit([*junk, arrival("hgv/v1/unit-2/passage", b"junk %d" % start)])
    kept = {agent: [row for row in rows(engine) if row.agent_id == agent] for agent in ("flood", "unit-2")}
    assert len(kept["unit-2"]) == 4
    assert all(row.raw for row in kept["unit-2"])
    assert len(kept["flood"]) == 21
    (beyond,) = [row for row in kept["flood"] if not row.raw]
    assert (beyond.times, beyond.topic, beyond.code) == (40, "hgv/v1/flood/#", "undecodable")
    assert count(engine, QUARANTINE) == 25


def test_every_ending_that_there_is_has_its_series(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    outcome = committer.commit([*other_bytes(unit), arrival("x", b""), arrival("hgv/v1/a/receipt", b"")])
    assert len(outcome.endings) == 3
    assert set(outcome.endings) <= set(endings())
