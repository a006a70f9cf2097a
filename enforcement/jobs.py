"""What runs by itself: cases from new transits, each month's summaries, the deletion of what is old.

Jobs are idempotent by what they work on, so a run that was missed or done twice changes nothing. Letters are
not among them: a person starts a batch.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy.orm import Session

from config.law.deadlines import local_day, months_before
from enforcement.cases.judging import Outcome
from enforcement.cases.opening import open_cases
from enforcement.office import Office
from enforcement.register.answers import Register
from enforcement.register.ves_register import VesRegister
from enforcement.retention.plan import room_of
from enforcement.retention.sweep import Swept, apply
from enforcement.summary.figures import Month, month_of
from enforcement.summary.publishing import Published, publish_summaries, published_complete
from ingest import records

_SUMMARIES_EVERY = timedelta(hours=1)
_RETENTION_EVERY = timedelta(days=1)

_log = structlog.get_logger()


class Jobs:
    """The jobs of one office, with their counts."""

    def __init__(self, office: Office, register: Register, metrics: CollectorRegistry) -> None:
        self._office = office
        self._register = register
        self._judged = Counter(
            "hgv_transits_judged", "Through transits by outcome", ["outcome"], registry=metrics
        )
        self._deleted = Counter(
            "hgv_records_deleted", "Records deleted by retention rule", ["rule"], registry=metrics
        )
        self._failures = Counter("hgv_job_failures", "Runs of a job that failed", ["job"], registry=metrics)

    def open_cases(self) -> dict[Outcome, int]:
        """Judge the transits that are new; how many ended how."""
        office = self._office
        ended = open_cases(office.engine, office.authority, self._register, office.clock())
        for outcome, count in ended.items():
            self._judged.labels(outcome.value).inc(count)
        if ended:
            _log.info("transits_judged", **{outcome.value: count for outcome, count in ended.items()})
        return dict(ended)

    def ask_register_again(self) -> int:
        """Ask again for look-ups that wait in the queue and are due; how many got an answer."""
        if not isinstance(self._register, VesRegister):
            return 0
        answered = self._register.ask_due()
        if waiting := self._register.depth():
            _log.info("register_queue", answered=answered, **waiting)
        return answered

    def publish_last_month(self) -> list[Published]:
        """Publish the summaries of the month before this one, if they are not out and cameras were on."""
        office, now = self._office, self._office.clock()
        last = months_before(local_day(now).replace(day=1), 1)
        month = month_of(f"{last:%Y-%m}", now)
        if published_complete(office.engine, office.authority, month) or not self._was_seeing(month):
            return []
        published = publish_summaries(
            office.engine, office.authority, office.policy(), office.data_dir, month, who=office.who, now=now
        )
        if published:
            _log.info("summaries_published", month=month.name, parishes=len(published))
        return published

    def delete_old_records(self) -> Swept:
        """Delete what has lived its time by the policy, each batch with its entry in the audit log."""
        office = self._office
        swept = apply(room_of(office), office.clock())
        for each in swept.deleted:
            self._deleted.labels(each.rule.name).inc(each.records)
            _log.info("records_deleted", rule=each.rule.name, records=each.records)
        return swept

    def _was_seeing(self, month: Month) -> bool:
        with Session(records.reading(self._office.engine)) as session:
            return bool(
                records.site_uptime(session, self._office.authority, since=month.since, until=month.until)
            )

    def schedule(self, scheduler: BlockingScheduler) -> None:
        """Put the jobs on a scheduler; each runs at once and then in its interval, never twice at a time."""
        every_s = self._office.settings.jobs_every_s
        self._add(scheduler, "open_cases", self.open_cases, timedelta(seconds=every_s))
        self._add(scheduler, "ask_register_again", self.ask_register_again, timedelta(seconds=every_s))
        self._add(scheduler, "publish_last_month", self.publish_last_month, _SUMMARIES_EVERY)
        self._add(scheduler, "delete_old_records", self.delete_old_records, _RETENTION_EVERY)

    def _add(self, scheduler: Any, name: str, job: Callable[[], object], every: timedelta) -> None:
        scheduler.add_job(
            lambda: self._run(name, job),
            "interval",
            seconds=every.total_seconds(),
            id=name,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
            next_run_time=datetime.now(UTC),
        )

    def _run(self, name: str, job: Callable[[], object]) -> None:
        """Run a job as the main of its thread: a failure is logged and counted, and the next run comes."""
        try:
            job()
        except Exception:  # the thread's main: the next run must come, whatever this one has hit on
            self._failures.labels(name).inc()
            _log.exception("job_failed", job=name)
