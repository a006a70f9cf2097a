"""Rule 16: redelivery, reordering, an hours-late backlog and restarts give exactly one passage and the same
verdict.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ingest.intake.arrivals import Arrival
from ingest.pairing.pairing import Pairing
from ingest.tables import PASSAGES, TRANSITS
from tests.ingest.units import NOON, Unit, committer_on, load_pilot, passage

LATE_S = 8 * 3600.0
DAYS_LATER = NOON + timedelta(days=2)


def sent(unit: Unit) -> list[Arrival]:
    """In and out of Ashcombe, and one exit alone, hours later."""
    seen = (
        ("in", "ashcombe-west", "towards", 0.0, "AA19AAA"),
        ("out", "ashcombe-east", "away", 150.0, "AA19AAA"),
        ("alone", "ashcombe-east", "away", 900.0, "BB19BBB"),
    )
    return [
        unit.delivers(
            passage(name, site_id=site_id, direction=direction, after_s=after_s, vrm=vrm), after_s=LATE_S
        )
        for name, site_id, direction, after_s, vrm in seen
    ]


def stored(engine: Engine, batches: Sequence[Sequence[Arrival]], folder: Path) -> tuple[list[str], list[str]]:
    """The passages and conclusions after these batches, each taken in by an ingester just started."""
    for batch in batches:
        committer_on(engine, folder).commit(batch)
        with Session(engine) as session, session.begin():
            Pairing().run(session, NOON + timedelta(hours=9))
    with Session(engine) as session, session.begin():
        Pairing().run(session, DAYS_LATER)
    with Session(engine) as session:
        passages = list(session.scalars(select(PASSAGES.c.passage_id).order_by(PASSAGES.c.captured_at)))
        standing = select(TRANSITS.c.conclusion).where(TRANSITS.c.withdrawn_at.is_(None))
        return passages, sorted(session.scalars(standing))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("times", [1, 2])
def test_any_order_and_any_number_of_deliveries(
    engine: Engine, tmp_path: Path, order: Sequence[int], times: int
) -> None:
    load_pilot(engine)
    arrivals = sent(Unit().enrol(engine))
    batches = [[arrivals[at]] for at in order] * times
    passages, conclusions = stored(engine, batches, tmp_path / "evidence")
    assert len(passages) == len(arrivals)
    assert conclusions == ["no_inference", "through"]
