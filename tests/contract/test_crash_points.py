"""The ingester is killed at every single thing it does for a batch; the batch comes again, and is there once.

Not at random: before and after each statement, each sync, each rename and the commit itself, one after the
other, in a process of its own that is killed as the kernel kills.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from ingest import records
from ingest.database.opening import open_database
from ingest.intake.arrivals import Arrival
from ingest.storing.commit import Committer
from ingest.storing.quarantine import quarantined
from ingest.storing.sequences import missing_seqs
from ingest.tables import EVIDENCE, GAPS, HEARTBEATS, LOSSES, PAIRING_DUE, PASSAGES, TRAFFIC
from tests.ingest.units import (
    NOON,
    Unit,
    arrival,
    committer_on,
    health,
    jpeg,
    loss,
    passage,
    reference,
    traffic,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills processes as Linux does")

# Fewer would mean that the points are no longer seen.
_LEAST_POINTS = 40


class Fatal:
    """Counts what the process does, and kills it at one of these points."""

    def __init__(self, at: int) -> None:
        self._left = at

    def __call__(self, *_: Any) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def watched(engine: Engine, point: Callable[..., None]) -> Iterator[None]:
    """Tell `point` of every statement, commit, sync and rename, before and after."""
    for name in ("before_cursor_execute", "after_cursor_execute", "begin", "commit"):
        event.listen(engine, name, point)
    calls = {name: getattr(os, name) for name in ("fsync", "replace", "mkdir")}
    for name, call in calls.items():
        setattr(os, name, _around(call, point))
    try:
        yield
    finally:
        for name, call in calls.items():
            setattr(os, name, call)


def _around(call: Callable[..., Any], point: Callable[..., None]) -> Callable[..., Any]:
    def told(*arguments: Any, **named: Any) -> Any:
        point()
        result = call(*arguments, **named)
        point()
        return result

    return told


def dies(url: str, evidence_dir: Path, batch: list[Arrival], at: int) -> bool:
    """Commit the batch in a process of its own that is killed at a point; whether it had as many."""
    child = os.fork()
    if child == 0:
        try:
            engine = open_database(url)
            point = Fatal(at)
            committer = committer_on(engine, evidence_dir)
            with watched(engine, point):
                committer.commit(batch)
                point()
            os._exit(0)
        finally:
            os._exit(3)  # an error, which is none of the points
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "the child failed by itself"
    return os.WIFSIGNALED(status)


def batch_of(unit: Unit, number: int) -> list[Arrival]:
    """One of everything; each batch of a unit has its own numbers."""
    picture, bomb = jpeg(f"lorry {number}"), jpeg(f"bomb {number}", width_px=60_000)
    named = passage(f"named {number}", after_s=100 * number, evidence=(reference(picture), reference(bomb)))
    other = passage(f"named {number}", after_s=100 * number, vrm="BB19BBB")
    return [
        unit.delivers(named),
        unit.delivers(passage(f"plain {number}", after_s=100 * number + 50)),
        unit.delivers(traffic(f"minute {number}", after_s=60 * number)),
        unit.delivers(other),
        unit.delivers(loss(f"loss {number}", jpeg(f"gone {number}"))),
        unit.delivers(health(after_s=30 * number, last_seq=5 * number), after_s=30 * number + 0.1),
        unit.delivers_picture(picture),
        unit.delivers_picture(bomb),
        arrival("hgv/v1/unit-1/passage", b"junk %d" % number),
    ]


def counts(engine: Engine) -> dict[str, int]:
    tables = (PASSAGES, TRAFFIC, HEARTBEATS, LOSSES, EVIDENCE, PAIRING_DUE, GAPS)
    with Session(engine) as session:
        return {t.name: int(session.scalar(select(func.count()).select_from(t)) or 0) for t in tables}


def test_a_kill_at_any_point_of_a_commit_neither_loses_nor_doubles(engine: Engine, tmp_path: Path) -> None:
    evidence_dir = tmp_path / "evidence"
    evidence_dir.mkdir()
    unit = Unit().enrol(engine)
    url = engine.url.render_as_string(hide_password=False)
    survivor: Committer = committer_on(engine, evidence_dir)
    number, died = 0, True
    while died:
        number += 1
        batch = batch_of(unit, number)
        engine.dispose()  # no connection is shared with the child
        died = dies(url, evidence_dir, batch, number)
        outcome = survivor.commit(batch)
        told = {sender.seq for sender in outcome.accepted}
        refused = {refused.sender.seq for refused in outcome.refused if refused.sender}
        first = 5 * number - 4
        assert told == {first, first + 1, first + 2, first + 4}, f"not all answered after point {number}"
        assert refused == {first + 3}
        assert len(outcome.held) >= 1
    assert number > _LEAST_POINTS
    expected = {"passages": 2, "traffic": 1, "heartbeats": 1, "losses": 1, "evidence": 2, "pairing_due": 2}
    assert counts(engine) == {name: each * number for name, each in expected.items()} | {"gaps": 0}
    with Session(engine) as session:
        assert missing_seqs(session, noticed_before=NOON.replace(year=2030)) == {}
        codes = [row.code for row in quarantined(session, most=10 * number)]
        states = list(session.execute(select(EVIDENCE.c.state, EVIDENCE.c.sha256)))
    assert {code: codes.count(code) for code in codes} == dict.fromkeys(
        ("other_bytes", "not_evidence", "undecodable"), number
    )
    assert sorted(state for state, _ in states) == ["held"] * number + ["lost"] * number
    for state, sha256 in states:
        if state == "held":
            records.evidence_bytes(evidence_dir, sha256)
