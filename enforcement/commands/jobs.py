"""Run the jobs by their schedule, or each once."""

from __future__ import annotations

import argparse
import signal
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler
from prometheus_client import CollectorRegistry

from config.link import serve_metrics, set_up_logs
from enforcement.cases.judging import Outcome
from enforcement.commands.retention import tell
from enforcement.jobs import Jobs
from enforcement.office import Office


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--once`."""
    parser.add_argument("--once", action="store_true", help="run each job once, say what it did, and end")


def run(office: Office, arguments: argparse.Namespace) -> int:
    """Run until a signal ends it; with `--once`, 1 where the register did not answer."""
    metrics = CollectorRegistry()
    office.policy()  # a mistake in its file is better known now than at the end of the month
    jobs = Jobs(office, office.register(metrics), metrics)
    if arguments.once:
        return _once(jobs)
    set_up_logs("jobs")
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    serve_metrics(office.settings.metrics, metrics)
    scheduler = BackgroundScheduler(timezone="UTC")
    jobs.schedule(scheduler)
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=False)
    return 0


def _once(jobs: Jobs) -> int:
    ended = jobs.open_cases()
    for outcome, count in sorted(ended.items()):
        print(f"{count} transits: {outcome.value.replace('_', ' ')}")
    for published in jobs.publish_last_month():
        print(f"summary of {published.parish}: {published.html}, {published.pdf}")
    tell(jobs.delete_old_records())
    return 1 if {Outcome.REGISTER_UNAVAILABLE, Outcome.REGISTER_QUEUED} & ended.keys() else 0
