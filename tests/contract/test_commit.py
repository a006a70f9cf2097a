"""Batches into the database: once each, answered rightly, and nothing refused is lost from sight."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from config.wire import Traffic, TrafficCount, encode, seal, topic_for
from config.wire.envelope import Header
from ingest import records
from ingest.intake.arrivals import Arrival
from ingest.intake.endings import endings
from ingest.intake.keys import revoke_agent_key
from ingest.storing.commit import Committer
from ingest.storing.quarantine import quarantined
from ingest.storing.sequences import missing_seqs
from ingest.tables import PASSAGES, TRAFFIC
from tests.ingest.units import NOON, Unit, arrival, committer_on, health, jpeg, passage, reference, traffic


def stored(engine: Engine) -> tuple[int, int]:
    with Session(engine) as session:
        return tuple(session.scalar(select(func.count()).select_from(t)) for t in (PASSAGES, TRAFFIC))


def test_a_batch_is_stored_once_however_often_it_comes(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    batch = [unit.delivers(passage("one")), unit.delivers(passage("two")), unit.delivers(traffic("minute"))]
    first, again = committer.commit([*batch, batch[0]]), committer.commit(batch)
    assert stored(engine) == (2, 1)
    assert first.endings == {("passage", "stored"): 2, ("passage", "duplicate"): 1, ("traffic", "stored"): 1}
    assert again.endings == {("passage", "duplicate"): 2, ("traffic", "duplicate"): 1}
    assert {sender.seq for sender in again.accepted} == {1, 2, 3}


def test_a_stored_passage_reads_as_it_was_signed(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    picture = jpeg("lorry")
    sent = passage("one", evidence=(reference(picture),), lane=2)
    committer.commit([unit.delivers(sent), unit.delivers_picture(picture)])
    with Session(engine) as session:
        read = records.passage(session, "demo", sent.passage_id)
        assert records.passages(session, "demo", since=NOON, until=NOON) == []
        assert records.passages(session, "elsewhere", since=NOON, until=read.received_at) == []
    for name in ("captured_at", "first_seen", "last_seen", "lane", "direction", "site_version", "software"):
        assert getattr(read, name) == getattr(sent, name), name
    assert (read.vrm, read.read_confidence, read.looks, read.clock_ok) == ("AA19AAA", 0.9, 3, True)
    assert [(e.state, e.kind, e.sha256) for e in read.evidence] == [
        ("held", "overview", hashlib.sha256(picture).hexdigest())
    ]
    assert records.evidence_bytes(committer.evidence_dir, read.evidence[0].sha256) == picture


def test_other_bytes_under_a_known_id_are_quarantined_and_refused(
    engine: Engine, committer: Committer
) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("one"))])
    outcome = committer.commit([unit.delivers(passage("one", vrm="BB19BBB"))])
    assert [(r.code, r.sender.seq) for r in outcome.refused if r.sender] == [("other_bytes", 2)]
    assert outcome.accepted == []
    with Session(engine) as session:
        assert records.passage(session, "demo", passage("one").passage_id).vrm == "AA19AAA"
        (row,) = quarantined(session)
    assert (row.authority, row.code, b"payload" in row.raw) == ("demo", "other_bytes", True)


def test_what_is_refused_leaves_nothing_with_what_was_stored_under_its_id(
    engine: Engine, committer: Committer
) -> None:
    """In one batch, and behind it: the refused one's pictures and counts are nobody's."""
    unit = Unit().enrol(engine)
    right, wrong = jpeg("right"), jpeg("wrong")
    minute = traffic("minute")
    other_minute = msgspec.structs.replace(
        minute, counts=(TrafficCount(class_="bus", direction="away", vehicles=9),)
    )
    committer.commit(
        [
            unit.delivers(passage("one", evidence=(reference(right),))),
            unit.delivers(minute),
            unit.delivers(passage("one", evidence=(reference(wrong),))),
            unit.delivers(other_minute),
        ]
    )
    with Session(engine) as session:
        evidence = records.passage(session, "demo", passage("one").passage_id).evidence
        counted = records.traffic(session, "demo", since=NOON, until=NOON.replace(year=2030))
    assert [each.sha256 for each in evidence] == [hashlib.sha256(right).hexdigest()]
    assert [(each.vehicle_class, each.vehicles) for each in counted] == [("car", 3)]


def counted(vehicle_class: str, vehicles: int) -> Traffic:
    count = TrafficCount(class_=vehicle_class, direction="towards", vehicles=vehicles)
    return msgspec.structs.replace(traffic("hostile"), counts=(count,))


def hostile(unit: Unit) -> dict[str, tuple[Arrival, str, bool]]:
    """Name: (arrival, code in quarantine, whether the sender is answered)."""
    good = unit.sealed(passage("one"), 1)
    stranger = Unit(agent_id="unit-9")
    own_topic = topic_for("unit-1", "passage")
    parts = msgspec.json.decode(good)
    forged = "B" if parts["signature"][0] == "A" else "A"
    flipped = msgspec.json.encode({**parts, "signature": forged + parts["signature"][1:]})
    not_a_passage = seal(b"{}", Header(kid=unit.key.key_id, kind="passage", outbox="0" * 32, seq=4), unit.key)
    unnumbered = seal(encode(passage("one")), Header(kid=unit.key.key_id, kind="passage"), unit.key)
    newer = Header(kid=unit.key.key_id, kind="passage", version="2.0", outbox="0" * 32, seq=5)
    other_authority = msgspec.structs.replace(passage("one"), authority="elsewhere")
    return {
        "truncated": (arrival(own_topic, good[:-30]), "undecodable", False),
        "no json": (arrival(own_topic, b"\x00\xff"), "undecodable", False),
        "empty": (arrival(own_topic, b""), "undecodable", False),
        "unknown topic": (arrival("somewhere/else", good), "undecodable", False),
        "a receipt": (arrival(topic_for("unit-1", "receipt"), good), "undecodable", False),
        "flipped signature": (arrival(own_topic, flipped), "untrusted", False),
        "stranger's key": (arrival(own_topic, stranger.sealed(passage("one"))), "unknown_key", False),
        "other unit's topic": (arrival(topic_for("unit-2", "passage"), good), "other_unit", False),
        "newer major version": (
            arrival(own_topic, seal(encode(passage("one")), newer, unit.key)),
            "unknown_version",
            False,
        ),
        "not a passage": (arrival(own_topic, not_a_passage), "undecodable", True),
        "passage as traffic": (arrival(topic_for("unit-1", "traffic"), good), "other_kind", True),
        "in another's name": (unit.delivers(passage("one", agent_id="unit-2"), 6), "other_unit", True),
        "other authority": (unit.delivers(other_authority, 7), "other_authority", True),
        "before cameras": (
            unit.delivers(passage("one", captured_at=NOON.replace(year=1)), 8),
            "absurd_time",
            True,
        ),
        "after everything": (
            unit.delivers(passage("one", first_seen=NOON.replace(year=9999)), 8),
            "absurd_time",
            True,
        ),
        "faulty before cameras": (unit.delivers(health(faulty_after_s=-6.2e10)), "absurd_time", False),
        "a number beyond all databases": (unit.delivers(counted("bus", 2**63), 8), "undecodable", True),
        "a text that PostgreSQL has no room for": (unit.delivers(counted("b\0s", 1), 8), "undecodable", True),
        "unnumbered": (arrival(own_topic, unnumbered), "unnumbered", False),
        "picture of another hash": (
            arrival(topic_for("unit-1", "evidence", "0" * 64), jpeg("x")),
            "not_evidence",
            False,
        ),
        "no picture": (unit.delivers_picture(b"GIF89a"), "not_evidence", False),
        "picture of a unit without a key": (
            stranger.delivers_picture(jpeg("x")),
            "no_key",
            False,
        ),
        "cut picture": (unit.delivers_picture(jpeg("x")[:-1]), "not_evidence", False),
        "bomb": (unit.delivers_picture(jpeg("x", width_px=60_000)), "not_evidence", False),
        "huge picture": (unit.delivers_picture(jpeg("x" * 1_500_001)), "not_evidence", False),
    }


@pytest.mark.parametrize("name", hostile(Unit()))
def test_what_cannot_be_trusted_is_quarantined_and_stops_nothing(
    engine: Engine, committer: Committer, name: str
) -> None:
    unit = Unit().enrol(engine)
    bad, code, answered = hostile(unit)[name]
    outcome = committer.commit([bad, unit.delivers(passage("good"), 9), bad])
    assert stored(engine) == (1, 0)
    assert [sender.seq for sender in outcome.accepted] == [9]
    assert [(r.code, r.sender is not None) for r in outcome.refused] == [(code, answered)] * 2
    assert set(outcome.endings) <= set(endings()), "an ending without a series of its own"
    with Session(engine) as session:
        (row,) = quarantined(session)
    assert (row.code, row.times, row.raw, row.size_bytes) == (code, 2, bad.payload, len(bad.payload))


def test_a_revoked_key_is_refused(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    with Session(engine) as session, session.begin():
        revoke_agent_key(session, "demo", unit.key.key_id, NOON)
    outcome = committer.commit([unit.delivers(passage("one"))])
    assert [refused.code for refused in outcome.refused] == ["revoked_key"]
    assert stored(engine) == (0, 0)


def test_a_deleted_passage_does_not_come_back(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    picture = jpeg("lorry")
    sent = unit.delivers(passage("one", evidence=(reference(picture),)))
    committer.commit([sent, unit.delivers_picture(picture)])
    ids = [passage("one").passage_id, "f" * 32]
    with Session(engine) as session, session.begin():
        assert records.delete_passages(session, "elsewhere", ids, NOON, "retention") == 0
        assert records.delete_passages(session, "demo", ids, NOON, "retention") == 1
    with Session(engine) as session, session.begin():
        assert records.delete_unnamed_evidence(session, "demo", committer.evidence_dir) == 1
    outcome = committer.commit([sent])
    assert outcome.endings == Counter({("passage", "deleted"): 1})
    assert len(outcome.accepted) == 1
    assert stored(engine) == (0, 0)
    assert [path for path in committer.evidence_dir.rglob("*") if path.is_file()] == []


def test_a_picture_that_no_passage_names_is_not_kept(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    picture = jpeg("lorry")
    outcome = committer.commit([unit.delivers_picture(picture)])
    assert outcome.endings == {("evidence", "unnamed"): 1}
    assert outcome.held == []
    assert not committer.evidence_dir.exists()


def test_a_held_picture_is_told_to_whoever_sends_its_passage_again(
    engine: Engine, committer: Committer
) -> None:
    unit = Unit().enrol(engine)
    picture = jpeg("lorry")
    sent = unit.delivers(passage("one", evidence=(reference(picture),)))
    first = committer.commit([sent])
    committer.commit([unit.delivers_picture(picture)])
    again = committer.commit([sent])
    sha256 = hashlib.sha256(picture).hexdigest()
    assert (first.held, again.held) == ([], [("unit-1", "0" * 32, sha256)])


def test_evidence_is_verified_whenever_it_is_read(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    picture = jpeg("lorry")
    committer.commit(
        [unit.delivers(passage("one", evidence=(reference(picture),))), unit.delivers_picture(picture)]
    )
    (path,) = [path for path in committer.evidence_dir.rglob("*") if path.is_file()]
    sha256 = hashlib.sha256(picture).hexdigest()
    path.write_bytes(picture[:-3] + b"?\xff\xd9")
    with pytest.raises(records.EvidenceDamaged, match="restore"):
        records.evidence_bytes(committer.evidence_dir, sha256)
    path.unlink()
    with pytest.raises(records.EvidenceMissing, match=sha256):
        records.evidence_bytes(committer.evidence_dir, sha256)


def test_what_is_missing_of_an_outbox_is_known(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage(str(seq)), seq) for seq in (2, 7, 5)])
    committer.commit([unit.delivers(health(last_seq=9))])

    def missing() -> int:
        with Session(engine) as session:
            return sum(missing_seqs(session, noticed_before=NOON.replace(year=2030)).values())

    assert missing() == 6  # 1, 3, 4, 6 never came; 8 and 9 were promised
    committer.commit([unit.delivers(passage(str(seq)), seq) for seq in (9, 1, 4, 6, 3)])
    assert missing() == 1
    committer.commit([unit.delivers(passage("8"), 8)])
    assert missing() == 0


def test_a_trailers_own_mark_is_never_the_vehicle(engine: Engine, committer: Committer) -> None:
    unit = Unit().enrol(engine)
    committer.commit([unit.delivers(passage("one", vrm="C1234567"))])
    with Session(engine) as session:
        assert records.passage(session, "demo", passage("one").passage_id).vrm is None


def test_pictures_lie_in_the_store_before_their_rows(engine: Engine, tmp_path: Path) -> None:
    """An evidence folder that cannot be written leaves the whole batch unstored, to be tried again."""
    (tmp_path / "evidence").write_text("a file where a folder should be")
    committer = committer_on(engine, tmp_path / "evidence")
    unit = Unit().enrol(engine)
    picture = jpeg("lorry")
    batch = [unit.delivers(passage("one", evidence=(reference(picture),))), unit.delivers_picture(picture)]
    with pytest.raises(OSError, match="evidence"):
        committer.commit(batch)
    assert stored(engine) == (0, 0)
