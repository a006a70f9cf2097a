"""Pictures that do not come: asked for, asked for again, in the end lost; and found again."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ingest import records
from ingest.commit import Committer
from ingest.evidence_rows import Wanted, ask_for_missing
from tests.ingest.units import NOON, Unit, jpeg, passage, reference

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
