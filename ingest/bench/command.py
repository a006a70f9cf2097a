"""`hgv-ingest bench`: one run, its figures for a person, and one line of JSON at the end."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from config.link import public_text
from ingest.bench.broker import running_broker
from ingest.bench.figures import Delays, Stored, delays, stored
from ingest.bench.generator import Result, Task
from ingest.bench.plan import AUTHORITY, Plan
from ingest.bench.processes import cpu_s, generated, running_ingester
from ingest.bench.units import Unit
from ingest.database.opening import migrate, open_database, reading
from ingest.errors import BenchRefused
from ingest.intake.keys import store_agent_key
from ingest.tables import PASSAGES

# What `hgv-ingest bench` promises of every passage but the slowest hundredth.
_LONGEST_P99_S = 2.0


class Line(msgspec.Struct, frozen=True):
    """The last line of the output."""

    passages_per_s: float
    p99_s: float
    missing: int
    duplicated: int


@dataclass(frozen=True)
class Run:
    """Everything that is known of a run."""

    plan: Plan
    result: Result
    delays: Delays
    stored: Stored
    ingester_cpu_s: float
    broker_cpu_s: float
    load_before: float

    @property
    def line(self) -> Line:
        """The figures that are promised: the rate from the first scheduled send to the last receipt."""
        rate = (self.plan.passages - self.delays.without_receipt) / self.delays.last_receipt_s
        return Line(round(rate, 1), round(self.delays.p99_s, 3), self.stored.missing, self.stored.duplicated)

    @property
    def kept(self) -> bool:
        """Whether every passage came once and in time."""
        line = self.line
        return not (line.missing or line.duplicated or self.stored.quarantined) and (
            line.p99_s < _LONGEST_P99_S
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--json", action="store_true", help="only the last line, the figures as JSON")
    parser.add_argument("--database", metavar="URL", help="an empty database (default: a new SQLite file)")
    parser.add_argument("--rate", type=float, default=3_100, help="passages a second (%(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="for how long (%(default)s)")
    parser.add_argument("--units", type=int, default=100, help="camera units (%(default)s)")


def bench(arguments: argparse.Namespace) -> int:
    """Run once; 0 when every passage came once and in time, else 1."""
    plan = Plan(arguments.units, arguments.rate, arguments.seconds)
    with tempfile.TemporaryDirectory(prefix="hgv-bench-") as folder:
        run = _run(plan, Path(folder), arguments.database or f"sqlite:///{folder}/bench.sqlite")
    if not arguments.json:
        _tell(run, Console())
    sys.stdout.write(msgspec.json.encode(run.line).decode() + "\n")
    return 0 if run.kept else 1


def _run(plan: Plan, folder: Path, database_url: str) -> Run:
    engine = _empty_database(database_url)
    units = [Unit.made(number) for number in range(plan.units)]
    _enrol(engine, units)
    load_before = os.getloadavg()[0]
    with (
        running_broker(folder / "broker") as (port, broker),
        running_ingester(folder / "ingester", database_url, port) as ingester,
    ):
        result = generated(folder, Task(port, plan, tuple(unit.told() for unit in units)))
        ingester_cpu_s, broker_cpu_s = cpu_s(ingester), cpu_s(broker)
    with Session(reading(engine)) as session:
        held = stored(session, plan)
    engine.dispose()
    waits = delays(plan, result.receipt_at_s)
    return Run(plan, result, waits, held, ingester_cpu_s, broker_cpu_s, load_before)


def _empty_database(url: str) -> Engine:
    engine = open_database(url)
    migrate(engine)
    with Session(reading(engine)) as session:
        if session.scalar(select(func.count()).select_from(PASSAGES)):
            raise BenchRefused(
                "the database holds passages; the bench writes made-up ones: give an empty one"
            )
    return engine


def _enrol(engine: Engine, units: list[Unit]) -> None:
    now = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        for unit in units:
            store_agent_key(session, AUTHORITY, unit.agent_id, unit.key.key_id, public_text(unit.key), now)


def _tell(run: Run, console: Console) -> None:
    plan, count = run.plan, run.plan.passages
    table = Table(
        "what", "figure", title=f"{count} passages of {plan.units} units, {plan.rate_per_s:g} a second"
    )
    for what, figure in (
        ("from scheduled send to receipt: half within", f"{run.delays.p50_s:.3f} s"),
        ("99 of 100 within", f"{run.delays.p99_s:.3f} s"),
        ("all within", f"{run.delays.longest_s:.3f} s"),
        ("without receipt", str(run.delays.without_receipt)),
        ("quarantined", str(run.stored.quarantined)),
        ("left to be paired", str(run.stored.to_be_paired)),
        ("ingester, processor time a passage", f"{run.ingester_cpu_s / count * 1e6:.0f} us"),
        ("broker, processor time a passage", f"{run.broker_cpu_s / count * 1e6:.0f} us"),
        ("generator, processor time a passage", f"{run.result.cpu_s / count * 1e6:.0f} us"),
        ("the generator itself was late by at most", f"{run.result.latest_send_s:.3f} s"),
        ("load of the machine before", f"{run.load_before:.2f}"),
    ):
        table.add_row(what, figure)
    console.print(table)
