"""The jobs: idempotent by what they work on, alive after a failure, ended by a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apscheduler.schedulers.blocking import BlockingScheduler
from prometheus_client import CollectorRegistry
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from config.settings import EnforcementSettings
from enforcement.cases.judging import Outcome
from enforcement.jobs import Jobs
from enforcement.office import Office
from enforcement.summary.figures import month_of
from enforcement.summary.publishing import publish_summaries
from enforcement.tables import CaseRow, SummaryRow
from tests.enforcement.county import NOON, County

ROOT = Path(__file__).parents[2]
LORRY = "AB12CDE"
_WITHIN_S = 60.0


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def office(county: County, clock: SetClock, tmp_path: Path) -> Office:
    settings = EnforcementSettings(
        database_url=f"sqlite:///{tmp_path}/hgv.sqlite",
        evidence_dir=str(tmp_path / "evidence"),
        data_dir=str(tmp_path / "enforcement"),
        authority="demo",
        register_csv=str(county.register_path),
        policy_file=str(ROOT / "config" / "pilot" / "policy.yaml"),
    )
    return Office(settings, county.engine, clock, "uid:0")


def _months(county: County) -> list[str]:
    with Session(county.engine) as session:
        return list(session.scalars(select(SummaryRow.month).order_by(SummaryRow.month)))


def test_outcomes_are_counted(county: County, office: Office) -> None:
    metrics = CollectorRegistry()
    jobs = Jobs(office, office.register(), metrics)
    for vrm, weight in ((LORRY, 44000), ("CD34EFG", 7500), ("EF56GHJ", 18000)):
        county.register_entry(vrm, "N3", weight)
        county.through(vrm)
    assert jobs.open_cases() == {Outcome.PROPOSED: 2, Outcome.NOT_OVER: 1}
    assert jobs.open_cases() == {}
    assert metrics.get_sample_value("hgv_transits_judged_total", {"outcome": "proposed"}) == 2
    assert metrics.get_sample_value("hgv_transits_judged_total", {"outcome": "not_over"}) == 1


def test_last_months_summaries_are_published_once(county: County, office: Office, clock: SetClock) -> None:
    jobs = Jobs(office, office.register(), CollectorRegistry())
    county.seeing("west", NOON, 10)
    clock.at = datetime(2026, 9, 30, 22, 59, tzinfo=UTC)  # still September in London
    assert jobs.publish_last_month() == []  # no camera was heard of in August
    clock.at += timedelta(minutes=1)
    assert [published.parish for published in jobs.publish_last_month()] == ["Village"]
    assert jobs.publish_last_month() == []
    assert _months(county) == ["2026-09"]


def test_summary_of_a_part_of_the_month_is_made_whole(
    county: County, office: Office, clock: SetClock
) -> None:
    county.seeing("west", NOON - timedelta(hours=1), 10)
    part = month_of("2026-09", NOON)
    publish_summaries(county.engine, "demo", office.policy(), office.data_dir, part, who="uid:0", now=NOON)
    clock.at = datetime(2026, 10, 1, 6, tzinfo=UTC)
    (published,) = Jobs(office, office.register(), CollectorRegistry()).publish_last_month()
    assert "The whole month" in published.html.read_text(encoding="utf-8")


def test_failed_job_is_counted_and_runs_again(county: County, office: Office) -> None:
    metrics = CollectorRegistry()
    jobs = Jobs(office, office.register(), metrics)
    scheduler = BlockingScheduler(timezone="UTC")
    jobs.schedule(scheduler)
    broken = next(job for job in scheduler.get_jobs() if job.id == "open_cases")
    with county.engine.begin() as connection:
        connection.execute(text("ALTER TABLE transits RENAME TO transits_away"))
    broken.func()
    broken.func()
    assert metrics.get_sample_value("hgv_job_failures_total", {"job": "open_cases"}) == 2
    with county.engine.begin() as connection:
        connection.execute(text("ALTER TABLE transits_away RENAME TO transits"))
    broken.func()
    assert metrics.get_sample_value("hgv_job_failures_total", {"job": "open_cases"}) == 2


def test_jobs_never_miss_and_never_overlap(office: Office) -> None:
    scheduler = BlockingScheduler(timezone="UTC")
    Jobs(office, office.register(), CollectorRegistry()).schedule(scheduler)
    kept = [(job.id, job.misfire_grace_time, job.coalesce, job.max_instances) for job in scheduler.get_jobs()]
    names = ("ask_register_again", "delete_old_records", "open_cases", "publish_last_month")
    assert sorted(kept) == [(name, None, True, 1) for name in names]


def test_process_opens_cases_until_a_signal_ends_it(county: County, tmp_path: Path) -> None:
    county.register_entry(LORRY, "N3", 44000)
    county.through(LORRY)
    settings = {
        "HGV_CONFIG": str(ROOT / "config" / "pilot" / "enforcement.yaml"),
        "HGV_DATABASE_URL": f"sqlite:///{tmp_path}/hgv.sqlite",
        "HGV_DATA_DIR": str(tmp_path / "enforcement"),
        "HGV_REGISTER_CSV": str(county.register_path),
        "HGV_CLOCK_STARTS_AT": NOON.isoformat(),
        "HGV_JOBS_EVERY_S": "0.2",
    }
    running = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "enforcement.cli", "jobs"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + _WITHIN_S
        while running.poll() is None and _cases(county) == 0:
            assert time.monotonic() < deadline, f"no case was opened within {_WITHIN_S} s"
            time.sleep(0.1)
        running.send_signal(signal.SIGTERM)
        _, errors = running.communicate(timeout=60)
    finally:
        running.kill()
    assert (running.returncode, _cases(county)) == (0, 1), errors


def _cases(county: County) -> int:
    with Session(county.engine) as session:
        return len(session.scalars(select(CaseRow)).all())
