"""A revocation gets its turn beside a writer that is always at work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from ingest.database import opening
from ingest.database.opening import migrate, open_database, reading
from ingest.intake.keys import revoke_agent_key
from ingest.tables import GAPS
from tests.identity.installation import ROOT, wait_for
from tests.ingest.units import NOON, Unit

# One commit after the other, with hardly a gap between: each holds the lock for 100 ms.
ALWAYS_WRITING = """
import sys, time
from datetime import datetime, UTC
from ingest.database.opening import open_database
from ingest.tables import GAPS
engine = open_database(sys.argv[1])
number = 0
while True:
    with engine.begin() as connection:
        number += 1
        connection.execute(GAPS.insert(), {"authority": "demo", "agent_id": "busy", "outbox_id": "x",
            "first_seq": number, "last_seq": number, "noticed_at": datetime.now(UTC)})
        time.sleep(0.1)
"""
_MOST_COMMITS = 120
"""SQLite hands its lock to nobody in turn: one who asks again and again gets it by luck, here within 12 s."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A migrated database."""
    engine = open_database(f"sqlite:///{tmp_path}/hgv.sqlite")
    migrate(engine)
    yield engine
    engine.dispose()


def commits(engine: Engine) -> int:
    """How often the other writer has committed."""
    with Session(reading(engine)) as session:
        return int(session.scalar(select(func.count()).select_from(GAPS)) or 0)


def test_a_revocation_waits_for_a_few_commits_only(engine: Engine) -> None:
    units = [Unit(f"unit-{number}").enrol(engine) for number in range(5)]
    command = [sys.executable, "-c", ALWAYS_WRITING, str(engine.url)]
    with subprocess.Popen(command, cwd=ROOT) as writer:
        try:
            wait_for("the writer's first commits", lambda: commits(engine) > 2)
            for unit in units:
                before = commits(engine)
                with Session(engine) as session, session.begin():
                    revoke_agent_key(session, "demo", unit.key.key_id, NOON)
                assert commits(engine) - before < _MOST_COMMITS
        finally:
            writer.kill()


def test_a_lock_that_is_never_given_back_is_an_error_at_last(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_BUSY_TIMEOUT_MS", 50)
    with engine.begin(), pytest.raises(OperationalError, match="locked"), engine.begin():
        pytest.fail("two have the lock")
    with engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 50
