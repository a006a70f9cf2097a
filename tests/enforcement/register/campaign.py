"""Many look-ups at a service that fails: is any lost, repeated while its answer holds, or drawn from a fault?

    python -m tests.enforcement.register.campaign [--look-ups N] [--faults SHARE] [--workers N] [--seed N]
                                                  [--postgresql] [--record]

The service is real HTTP on loopback, the clock moves when it is told to, and several workers share one
database; each "restarts" again and again: everything but the database is thrown away. Ends with one JSON
line; exits 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from enforcement.database import migrate
from enforcement.errors import LookUpQueued
from enforcement.register.answers import RegisterAnswer
from enforcement.register.ves_register import VesRegister
from enforcement.tables import RegisterAnswerRow
from ingest import records
from tests.contract.databases import postgres_programs, private_postgres
from tests.enforcement.register.enquirers import TestClock, a_client, a_register, counted
from tests.enforcement.register.reckoning import holds, reckoned, wrong_answers
from tests.enforcement.register.simulator import Entry, Fault, Simulator, simulated_service

UNKNOWN_SHARE = 0.05
SEEN_AGAIN_SHARE = 0.2
RESTART_EVERY = 400
TIMEOUT_S = 0.25
_KEPT = Path(__file__).with_name("figures.jsonl")
# Faults that cost the client its whole time-out come less often, so that a campaign ends in minutes.
_WEIGHTS = {fault: (1 if fault in (Fault.HANG, Fault.TRICKLE) else 4) for fault in Fault}
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass
class Worker:
    """One process that looks marks up; when it restarts, all that it knew but the database is gone."""

    number: int
    engine: Engine
    service: Simulator
    clock: TestClock
    http: httpx.Client
    dice: random.Random
    ended: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    _register: VesRegister | None = None
    _ids: Iterator[int] = field(default_factory=itertools.count)

    def answers(self, wanted: Sequence[tuple[int, str]]) -> dict[int, RegisterAnswer]:
        """Look up each numbered mark once; the answers by number, without those that are queued."""
        answered = {}
        for number, vrm in wanted:
            with suppress(LookUpQueued):
                answered[number] = self._running().look_up(vrm)
            self.clock.move(seconds=self.dice.expovariate(1.0))
        return answered

    def ask_due(self) -> None:
        """Ask for what waits in the queue, as the job does; every worker is offered the same."""
        self._running().ask_due()

    def settle(self) -> None:
        """Take the counts of the process that ran last."""
        if self._register is not None:
            self.ended.update(counted(self._register))

    def _running(self) -> VesRegister:
        if self._register is None or self.dice.random() < 1 / RESTART_EVERY:
            self.settle()
            self.restarts += self._register is not None
            self._register = self._started()
        return self._register

    def _started(self) -> VesRegister:
        client = a_client(
            self.service.url,
            self.clock,
            self.http,
            timeout_s=TIMEOUT_S,
            new_id=lambda: f"enquiry-{self.number}-{next(self._ids)}",
        )
        return a_register(self.engine, client, self.clock, seed=self.dice.randrange(2**32))


def run_campaign(
    engine: Engine, look_ups: int, fault_share: float, seed: int, workers: int = 1
) -> dict[str, Any]:
    """Run so many look-ups, some of marks seen again, on a migrated, empty database; their figures."""
    dice, clock = random.Random(seed), TestClock()
    truth = _county(dice, int(look_ups * (1 - SEEN_AGAIN_SHARE)))
    wanted = [*truth, *dice.choices(list(truth), k=look_ups - len(truth))]
    dice.shuffle(wanted)
    entries = {vrm: entry for vrm, entry in truth.items() if entry is not None}
    plan = _faults(random.Random(seed + 1), fault_share)
    began_s = time.monotonic()
    with (
        simulated_service(clock, entries=entries, fault_of=lambda _: next(plan), retry_after="20") as service,
        httpx.Client(trust_env=False) as http,
    ):
        crew = [
            Worker(number, engine, service, clock, http, random.Random(dice.random()))
            for number in range(workers)
        ]
        answered = _brought_to_answers(crew, wanted, clock)
    with Session(engine) as session:
        kept = session.scalars(select(RegisterAnswerRow).order_by(RegisterAnswerRow.answer_id)).all()
    ended: Counter[str] = sum((worker.ended for worker in crew), Counter())
    return {
        "look_ups": len(wanted),
        "marks": len(set(wanted)),
        **reckoned(service.asked, kept),
        "lost": len(wanted) - len(answered) + ended["given_up"],
        "wrong_answers": wrong_answers(wanted, answered, truth),
        "ended": dict(sorted(ended.items())),
        "restarts": sum(worker.restarts for worker in crew),
        "simulated_hours": round((clock() - TestClock().at) / timedelta(hours=1), 1),
        "minutes": round((time.monotonic() - began_s) / 60, 1),
        "workers": workers,
        "seed": seed,
    }


def _brought_to_answers(
    crew: Sequence[Worker], wanted: Sequence[str], clock: TestClock
) -> dict[int, RegisterAnswer]:
    """Bring each look-up to an answer: new ones in turn, queued ones whenever they are due."""
    answered: dict[int, RegisterAnswer] = {}
    with ThreadPoolExecutor(len(crew)) as threads:
        while len(answered) < len(wanted):
            open_ = [(number, vrm) for number, vrm in enumerate(wanted) if number not in answered]
            shares = [open_[number :: len(crew)] for number in range(len(crew))]
            for share in threads.map(Worker.answers, crew, shares):
                answered |= share
            clock.move(minutes=10)
            list(threads.map(Worker.ask_due, crew))
    for worker in crew:
        worker.settle()
    return answered


def _county(dice: random.Random, vehicles: int) -> dict[str, Entry | None]:
    """Vehicles with their entries; None for those that the service does not know."""
    county: dict[str, Entry | None] = {}
    while len(county) < vehicles:
        area, serial = (dice.choices(_LETTERS, k=count) for count in (2, 3))
        vrm = f"{''.join(area)}{dice.choice(('19', '23', '71'))}{''.join(serial)}"
        weight = dice.choice((3500, 7500, 18000, 44000))
        entry = {"registrationNumber": vrm, "typeApproval": "N3", "revenueWeight": weight}
        county[vrm] = None if dice.random() < UNKNOWN_SHARE else entry
    return county


def _faults(dice: random.Random, share: float) -> Iterator[Fault | None]:
    """What the requests meet, one after the other."""
    kinds, weights = list(_WEIGHTS), list(_WEIGHTS.values())
    while True:
        yield dice.choices(kinds, weights)[0] if dice.random() < share else None


@contextmanager
def _database(postgresql: bool) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        programs = postgres_programs()
        if postgresql and programs is None:
            sys.exit("Debian's package postgresql is not installed")
        if postgresql and programs is not None:
            with private_postgres(programs) as server:
                yield from _migrated(f"{server}/postgres")
        else:
            yield from _migrated(f"sqlite:///{Path(folder)}/register.sqlite")


def _migrated(url: str) -> Iterator[Engine]:
    engine = records.open_database(url)
    records.migrate(engine)
    migrate(engine)
    yield engine
    engine.dispose()


def main() -> int:
    """Run the whole campaign and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--look-ups", type=int, default=10_000)
    parser.add_argument("--faults", type=float, default=0.2, help="share of requests that meet a fault")
    parser.add_argument("--workers", type=int, default=3, help="how many look marks up at the same time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="a private server; else a SQLite file")
    parser.add_argument("--record", action="store_true", help="add the figures to figures.jsonl beside this")
    given = parser.parse_args()
    with _database(given.postgresql) as engine:
        figures = run_campaign(engine, given.look_ups, given.faults, given.seed, given.workers)
    line = json.dumps(
        figures
        | {
            "database": "postgresql" if given.postgresql else "sqlite",
            "cores": os.cpu_count(),
            "date": f"{datetime.now(UTC):%Y-%m-%d}",
            "command": " ".join(["python -m tests.enforcement.register.campaign", *sys.argv[1:]]),
        }
    )
    print(line)
    if given.record:
        with _KEPT.open("a", encoding="utf-8") as kept:
            kept.write(line + "\n")
    return 0 if holds(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
