"""Two batches that an ingester commits in a crash test, and what must be true once they came again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Engine, Table, delete, func, select
from sqlalchemy.orm import Session

from config.link import load_or_make_key
from ingest.database.opening import migrate, open_database, reading
from ingest.errors import EvidenceError
from ingest.evidence.store import evidence_bytes
from ingest.intake.arrivals import Arrival
from ingest.storing.commit import Committer
from ingest.tables import AGENT_KEYS, EVIDENCE, HEARTBEATS, METADATA, PASSAGES, QUARANTINE, TRAFFIC
from tests.ingest.units import Unit, arrival, committer_on, health, jpeg, passage, reference, traffic

_PICTURES = tuple(jpeg(f"picture {number}") for number in range(3))
_EXPECTED = {PASSAGES: 3, TRAFFIC: 1, HEARTBEATS: 1, QUARANTINE: 2, EVIDENCE: 3}
Tell = Callable[[str], None]


def unit_of(folder: Path) -> Unit:
    """The unit that sends: with the key in `folder`, which is made where there is none."""
    unit = Unit("unit-1")
    unit.key = load_or_make_key(folder / "unit-1.pem", "unit-1")
    return unit


def batches(unit: Unit) -> tuple[list[Arrival], list[Arrival]]:
    """Passages, counts, a heartbeat and nonsense; then their pictures, one passage again and one changed."""
    passages = [
        passage(f"passage {number}", evidence=(reference(picture),), after_s=number)
        for number, picture in enumerate(_PICTURES)
    ]
    counted, up = traffic("minute"), health(last_seq=4)
    first = [unit.delivers(each, seq) for seq, each in enumerate(passages, 1)]
    first.append(unit.delivers(counted, len(first) + 1))
    nonsense = arrival("hgv/v1/unit-1/passage", b"nonsense")
    changed = passage("passage 0", vrm="BD21BCD", after_s=1)
    return (
        [*first, nonsense, unit.delivers(up), unit.delivers_picture(_PICTURES[0])],
        [*map(unit.delivers_picture, _PICTURES[1:]), first[1], unit.delivers(changed, 5)],
    )


def prepare(url: str, folder: Path) -> None:
    """A migrated database that knows the unit."""
    engine = open_database(url)
    migrate(engine)
    unit_of(folder).enrol(engine)
    engine.dispose()


def play(path: Path, tell: Tell) -> None:
    """Commit both batches; each is told once it is committed."""
    engine = open_database(f"sqlite:///{path}")
    commit_all(committer_on(engine, path.parent / "evidence"), batches(unit_of(path.parent)), tell)
    engine.dispose()


def commit_all(committer: Committer, told: Sequence[Sequence[Arrival]], tell: Tell) -> None:
    """Commit each batch."""
    for number, batch in enumerate(told, 1):
        committer.commit(batch)
        tell(f"committed {number}")


def faults_of(engine: Engine, folder: Path, told: list[str]) -> list[str]:
    """What was committed and is not there; then, after everything came again, what is not there once."""
    faults = []
    if "committed 1" in told:
        faults += _unlike(engine, {PASSAGES: 3, TRAFFIC: 1, HEARTBEATS: 1}, "was committed")
    faults += _not_whole(engine, folder)
    commit_all(committer_on(engine, folder / "evidence"), batches(unit_of(folder)), lambda said: None)
    faults += _unlike(engine, _EXPECTED, "came again")
    held = _held(engine)
    faults += [f"{len(held)} pictures are held of {len(_PICTURES)}"] if len(held) < len(_PICTURES) else []
    return faults + _not_whole(engine, folder)


def empty(engine: Engine) -> None:
    """Delete every row but the keys."""
    with Session(engine) as session, session.begin():
        for table in METADATA.tables.values():
            if table is not AGENT_KEYS:
                session.execute(delete(table))


def _unlike(engine: Engine, expected: dict[Table, int], when: str) -> list[str]:
    with Session(reading(engine)) as session:
        counts = {table: session.scalar(select(func.count()).select_from(table)) for table in expected}
    return [
        f"{when}: {counts[table]} rows in {table.name}, not {count}"
        for table, count in expected.items()
        if counts[table] != count
    ]


def _held(engine: Engine) -> set[str]:
    with Session(reading(engine)) as session:
        return set(session.scalars(select(EVIDENCE.c.sha256).where(EVIDENCE.c.state == "held")))


def _not_whole(engine: Engine, folder: Path) -> list[str]:
    faults = []
    for sha256 in _held(engine):
        try:
            picture = evidence_bytes(folder / "evidence", sha256)
            assert hashlib.sha256(picture).hexdigest() == sha256
        except EvidenceError as error:
            faults.append(f"held, but {error}")
    return faults
