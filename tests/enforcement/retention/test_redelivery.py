"""A unit that sends a deleted passage again does not bring it back, whatever comes beside it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from enforcement.retention.plan import Room
from enforcement.retention.sweep import apply
from ingest.tables import EVIDENCE, PASSAGES
from tests.ingest.units import NOON, Unit, committer_on, jpeg, load_pilot, passage, reference


def test_a_deleted_passage_stays_deleted(engine: Engine, room: Room) -> None:
    load_pilot(engine)
    unit, committer, picture = Unit().enrol(engine), committer_on(engine, room.evidence_dir), jpeg("lorry")
    old = passage("old", evidence=(reference(picture),))
    committer.commit([unit.delivers(old, 1), unit.delivers_picture(picture)])
    assert _stored(engine) == ([old.passage_id], 1, 1), "the passage was stored to begin with"
    apply(room, NOON + timedelta(days=366))
    assert _stored(engine) == ([], 0, 0)
    new = passage("new", after_s=5.0)
    committer.commit([unit.delivers(old, 1), unit.delivers_picture(picture), unit.delivers(new, 2)])
    stored, pictures, _ = _stored(engine)
    assert (stored, pictures) == ([new.passage_id], 0)
    assert not list(_files(room.evidence_dir))


def _stored(engine: Engine) -> tuple[list[str], int, int]:
    with Session(engine) as session:
        passages = list(session.scalars(select(PASSAGES.c.passage_id)))
        states = list(session.scalars(select(EVIDENCE.c.state)))
    return passages, len(states), states.count("held")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.jpg") if path.is_file()]
