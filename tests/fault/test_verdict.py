"""The verdict finds what is wrong: each fault made by hand is named, and nothing where there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from config.wire import encode
from ingest.database.opening import migrate, open_database
from ingest.evidence.store import evidence_path
from ingest.intake.arrivals import Arrival
from ingest.tables import EVIDENCE, PASSAGES
from tests.fault.sent import Sent
from tests.fault.verdict import judge
from tests.ingest.units import Unit, arrival, committer_on, jpeg, passage, reference

PICTURES = tuple(jpeg(f"picture {number}") for number in range(3))
PASSED = tuple(
    passage(f"passage {number}", evidence=(reference(picture),), after_s=number, frame_number=number)
    for number, picture in enumerate(PICTURES)
)
NONSENSE = arrival("hgv/v1/unit-1/passage", b"nonsense")
CORRUPTED = {(NONSENSE.topic, hashlib.sha256(NONSENSE.payload).hexdigest())}
SENT = [
    Sent(
        number,
        "passage",
        each.passage_id,
        hashlib.sha256(encode(each)).hexdigest(),
        (hashlib.sha256(picture).hexdigest(),),
    )
    for number, (each, picture) in enumerate(zip(PASSED, PICTURES, strict=True))
]


class Centre:
    """A database and evidence store in which everything has arrived."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder}/hgv.sqlite"
        self.evidence_dir = folder / "evidence"
        self.engine = open_database(self.url)
        migrate(self.engine)
        self.unit = Unit("unit-1").enrol(self.engine)
        self.commit(*(self.unit.delivers(each) for each in PASSED), NONSENSE)
        self.commit(*map(self.unit.delivers_picture, PICTURES))

    def commit(self, *arrivals: Arrival) -> None:
        committer_on(self.engine, self.evidence_dir).commit(arrivals)

    def write(self, statement: object) -> None:
        with Session(self.engine) as session, session.begin():
            session.execute(statement)  # type: ignore[call-overload]  # whatever the case needs

    def faults(self, corrupted: set[tuple[str, str]]) -> dict[str, int]:
        return judge(self.url, self.evidence_dir, SENT, corrupted).faults()


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    return Centre(tmp_path)


def lose_a_row(centre: Centre) -> None:
    centre.write(delete(PASSAGES).where(PASSAGES.c.passage_id == PASSED[1].passage_id))


def store_under_another_id(centre: Centre) -> None:
    centre.commit(centre.unit.delivers(passage("another", after_s=1, frame_number=1)))


def alter_a_row(centre: Centre) -> None:
    other = PASSAGES.update().where(PASSAGES.c.passage_id == PASSED[0].passage_id)
    centre.write(other.values(payload_sha256="0" * 64))


def delete_a_picture(centre: Centre) -> None:
    evidence_path(centre.evidence_dir, SENT[0].pictures[0]).unlink()


def alter_a_picture(centre: Centre) -> None:
    evidence_path(centre.evidence_dir, SENT[0].pictures[0]).write_bytes(b"other")


def leave_a_picture_awaited(centre: Centre) -> None:
    awaited = update(EVIDENCE).where(EVIDENCE.c.sha256 == SENT[2].pictures[0])
    centre.write(awaited.values(state="awaited"))


def leave_a_gap(centre: Centre) -> None:
    centre.commit(centre.unit.delivers(PASSED[0], 7))


def quarantine_something_else(centre: Centre) -> None:
    centre.commit(arrival("hgv/v1/unit-1/passage", b"other nonsense"))


CASES: list[tuple[Callable[[Centre], None], dict[str, int]]] = [
    (lambda centre: None, {}),
    (lose_a_row, {"missing": 1}),
    (store_under_another_id, {"not_sent": 1, "duplicated": 1}),
    (alter_a_row, {"altered": 2}),
    (delete_a_picture, {"evidence_missing": 1}),
    (alter_a_picture, {"evidence_missing": 1}),
    (leave_a_picture_awaited, {"evidence_missing": 1}),
    (leave_a_gap, {"gaps": 1}),
    (quarantine_something_else, {"wrongly_quarantined": 1}),
]


@pytest.mark.parametrize(("wrong", "expected"), CASES)
def test_each_fault_is_found(
    centre: Centre, wrong: Callable[[Centre], None], expected: dict[str, int]
) -> None:
    wrong(centre)
    assert centre.faults(CORRUPTED) == expected


def test_what_was_corrupted_and_is_not_in_quarantine_is_found(centre: Centre) -> None:
    assert centre.faults({*CORRUPTED, ("hgv/v1/unit-1/passage", "0" * 64)}) == {"not_quarantined": 1}
