"""`hgv-ingest`: the ingester and what a person asks of it.

hgv-ingest --config FILE run | migrate | status | key
hgv-ingest --config FILE quarantine list | replay | dismiss
hgv-ingest --config FILE alerts list | accept
hgv-ingest bench

Ends with 0 when it did what it promised, else with 2 and one clear line.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

import structlog
from rich.console import Console
from rich.markup import escape
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from config.clock import clock_from
from config.errors import ConfigError
from config.link import public_text, serve_metrics, set_up_logs
from config.settings import IngestSettings, load_settings
from ingest.bench.command import add_arguments, bench
from ingest.commands.alerts import add_alerts
from ingest.commands.quarantine import add_quarantine
from ingest.database.opening import migrate, open_database
from ingest.errors import IngestError
from ingest.evidence.store import clear_unfinished
from ingest.intake.link import BrokerLink
from ingest.metrics import Metrics
from ingest.parts import checked_database, committer_on, receipt_key
from ingest.service import Limits, Service
from ingest.storing.commit import Reached
from ingest.watching.tell import tell_status

# More objects than were freed meanwhile, before the youngest, and these looks before the older ones.
_OBJECTS_BETWEEN_LOOKS = (50_000, 20, 50)

_log = structlog.get_logger()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it promised, 2 with one clear line when it could not."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if (arguments.config is None) != (arguments.command is bench):
        parser.error("--config FILE belongs to every command but bench")
    try:
        if arguments.config is None:  # the bench makes its own settings
            return bench(arguments)
        settings = load_settings(arguments.config, IngestSettings, os.environ)
        command: Callable[[IngestSettings, argparse.Namespace], int] = arguments.command
        return command(settings, arguments)
    except (ConfigError, IngestError) as error:
        return _failed(str(error))
    except SQLAlchemyError as error:  # its whole text would name the statement
        why = getattr(error, "orig", None) or type(error).__name__
        return _failed(f"the database did not do what was asked: {why}; see that it runs, then try again")


def _failed(why: str) -> int:
    told = escape(" ".join(why.split()))
    Console(stderr=True, soft_wrap=True).print(f"hgv-ingest: {told}", highlight=False)
    return 2


def build(settings: IngestSettings, engine: Engine, metrics: Metrics, reached: Reached) -> Service:
    """The ingester that the settings describe. `reached` is told each step of a batch."""
    clock = clock_from(settings.clock_starts_at)
    return Service(
        engine=engine,
        link=BrokerLink(settings.broker, settings.client_id, clock, metrics),
        committer=committer_on(settings, engine, clock, reached),
        receipt_key=receipt_key(settings),
        limits=Limits(settings.batch_messages, settings.batch_wait_s),
        clock=clock,
        metrics=metrics,
        reached=reached,
    )


def run(settings: IngestSettings, arguments: argparse.Namespace) -> int:
    """Take messages until SIGTERM or Ctrl-C."""
    set_up_logs("ingest")
    _look_for_cycles_seldom()
    engine = checked_database(settings)
    metrics = Metrics()
    serve_metrics(settings.metrics, metrics.registry)
    stop = Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())
    clear_unfinished(Path(settings.evidence_dir), time.time())
    _log.info("started", broker=f"{settings.broker.host}:{settings.broker.port}")
    build(settings, engine, metrics, lambda step: None).run(stop)
    _log.info("stopped")
    engine.dispose()
    return 0


def _look_for_cycles_seldom() -> None:
    """Messages are freed as soon as nothing names them; to look through a thousand of them for rings of
    objects, each time that some hundreds more have come, finds none and takes a tenth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_OBJECTS_BETWEEN_LOOKS)


def _migrate(settings: IngestSettings, arguments: argparse.Namespace) -> int:
    migrate(open_database(settings.database_url))
    return 0


def _status(settings: IngestSettings, arguments: argparse.Namespace) -> int:
    tell_status(checked_database(settings), clock_from(settings.clock_starts_at)(), Console())
    return 0


def _key(settings: IngestSettings, arguments: argparse.Namespace) -> int:
    sys.stdout.write(public_text(receipt_key(settings)) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hgv-ingest", description="Messages into the database, once each.")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the ingester's settings")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, command, told in (
        ("run", run, "take messages until stopped"),
        ("migrate", _migrate, "bring the database's ingest tables to the newest version"),
        ("status", _status, "say what is stored, missing and waiting"),
        ("key", _key, "print the public key with which units check receipts"),
    ):
        commands.add_parser(name, help=told).set_defaults(command=command)
    add_quarantine(commands.add_parser("quarantine", help="what could not be taken, and why"))
    add_alerts(commands.add_parser("alerts", help="what is wrong now"))
    measured = commands.add_parser("bench", help="measure how many passages a second one ingester takes")
    add_arguments(measured)
    measured.set_defaults(command=bench)
    return parser


if __name__ == "__main__":
    sys.exit(main())
