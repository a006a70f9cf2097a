"""Many look-ups at a service that fails: is any lost, repeated while its answer holds, or drawn from a fault?

    python -m tests.enforcement.register.campaign [--look-ups N] [--faults SHARE] [--seed N] [--url DATABASE]

The service is real HTTP on loopback, the clock moves when it is told to, and the process "restarts" again and
again: everything but the database is thrown away. Ends with one JSON line; exits 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
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
from tests.enforcement.register.enquirers import TERMS, TestClock, a_client, a_register, counted
from tests.enforcement.register.simulator import Entry, Fault, Simulator, simulated_service

UNKNOWN_SHARE = 0.05
SEEN_AGAIN_SHARE = 0.2
RESTART_EVERY = 400
TIMEOUT_S = 0.25
# Faults that cost the client its whole time-out come less often, so that a campaign ends in minutes.
_WEIGHTS = {fault: (1 if fault in (Fault.HANG, Fault.TRICKLE) else 4) for fault in Fault}
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass
class Campaign:
    """What is wanted in which order, what is true, and what came of it."""

    engine: Engine
    service: Simulator
    clock: TestClock
    http: httpx.Client
    wanted: list[str]
    dice: random.Random
    answered: dict[int, RegisterAnswer] = field(default_factory=dict)
    ended: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    _register: VesRegister | None = None
    _ids: Iterator[int] = field(default_factory=itertools.count)

    def run(self) -> None:
        """Bring each look-up to an answer: new ones in turn, queued ones whenever they are due."""
        open_ = list(range(len(self.wanted)))
        while open_:
            still_open = []
            for number in open_:
                if not self._answers(number):
                    still_open.append(number)
                self.clock.move(seconds=self.dice.expovariate(1.0))
            open_ = still_open
            self.clock.move(minutes=10)
            self.register.ask_due()

    @property
    def register(self) -> VesRegister:
        """The register of the process that runs now."""
        if self._register is None or self.dice.random() < 1 / RESTART_EVERY:
            self._restart()
        assert self._register is not None
        return self._register

    def settle(self) -> None:
        """Take the counts of the process that ran last."""
        if self._register is not None:
            self.ended.update(counted(self._register))

    def _restart(self) -> None:
        self.settle()
        self.restarts += self._register is not None
        client = a_client(
            self.service.url,
            self.clock,
            self.http,
            timeout_s=TIMEOUT_S,
            new_id=lambda: f"enquiry-{next(self._ids)}",
        )
        self._register = a_register(self.engine, client, self.clock, seed=self.dice.randrange(2**32))

    def _answers(self, number: int) -> bool:
        try:
            self.answered[number] = self.register.look_up(self.wanted[number])
        except LookUpQueued:
            return False
        return True


def run_campaign(engine: Engine, look_ups: int, fault_share: float, seed: int) -> dict[str, Any]:
    """Run so many look-ups, some of marks seen again, on a migrated, empty database; their figures."""
    dice, clock = random.Random(seed), TestClock()
    truth = _county(dice, int(look_ups * (1 - SEEN_AGAIN_SHARE)))
    wanted = [*truth, *dice.choices(list(truth), k=look_ups - len(truth))]
    dice.shuffle(wanted)
    entries = {vrm: entry for vrm, entry in truth.items() if entry is not None}
    faults = random.Random(seed + 1)

    def fault_of(number: int) -> Fault | None:
        if faults.random() >= fault_share:
            return None
        return faults.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]

    began_s = time.monotonic()
    with simulated_service(clock, entries=entries, fault_of=fault_of, retry_after="20") as service:
        with httpx.Client(trust_env=False) as http:
            campaign = Campaign(engine, service, clock, http, wanted, dice)
            campaign.run()
            campaign.settle()
        return _figures(campaign, truth) | {"wall_s": round(time.monotonic() - began_s, 1), "seed": seed}


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


def _figures(campaign: Campaign, truth: dict[str, Entry | None]) -> dict[str, Any]:
    asked = campaign.service.asked
    faults = Counter(one.met for one in asked if one.met not in ("200", "404"))
    with Session(campaign.engine) as session:
        kept = list(session.scalars(select(RegisterAnswerRow).order_by(RegisterAnswerRow.answer_id)))
    return {
        "look_ups": len(campaign.wanted),
        "marks": len(set(campaign.wanted)),
        "requests": len(asked),
        "faults": sum(faults.values()),
        "fault_share": round(sum(faults.values()) / len(asked), 4),
        "faults_by_kind": dict(sorted(faults.items())),
        "restarts": campaign.restarts,
        "lost": len(campaign.wanted) - len(campaign.answered) + campaign.ended["given_up"],
        "repeated_within_cache_time": _repeated(campaign, kept),
        "concluded_from_a_fault": _from_faults(campaign, kept),
        "wrong_answers": sum(
            not _is_true(answer, truth[campaign.wanted[number]])
            for number, answer in campaign.answered.items()
        ),
        "ended": dict(sorted(campaign.ended.items())),
        "simulated_hours": round((campaign.clock() - TestClock().at) / timedelta(hours=1), 1),
    }


def _repeated(campaign: Campaign, kept: list[RegisterAnswerRow]) -> int:
    """Requests, by the service's own log, for a mark of which another answer still held."""
    answers: defaultdict[str, list[RegisterAnswerRow]] = defaultdict(list)
    for row in kept:
        answers[row.vrm].append(row)
    return sum(
        any(
            row.correlation_id != one.correlation_id and row.asked_at <= one.at < row.asked_at + _valid(row)
            for row in answers[one.vrm]
        )
        for one in campaign.service.asked
    )


def _valid(row: RegisterAnswerRow) -> timedelta:
    return TERMS.answer_valid if row.answer["found"] else TERMS.not_known_again


def _from_faults(campaign: Campaign, kept: list[RegisterAnswerRow]) -> int:
    """Answers that are kept although the service met that very request with a fault."""
    met = {one.correlation_id: one.met for one in campaign.service.asked}
    return sum(met.get(row.correlation_id) not in ("200", "404") for row in kept)


def _is_true(answer: RegisterAnswer, entry: Entry | None) -> bool:
    if entry is None:
        return not answer.found
    return answer.found and answer.revenue_weight_kg == entry["revenueWeight"]


def holds(figures: dict[str, Any]) -> bool:
    """Whether the campaign kept to its bars."""
    bars = ("lost", "repeated_within_cache_time", "concluded_from_a_fault", "wrong_answers")
    return not any(figures[bar] for bar in bars) and figures["faults"] > 0


@contextmanager
def _database(url: str | None) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = records.open_database(url or f"sqlite:///{Path(folder)}/register.sqlite")
        records.migrate(engine)
        migrate(engine)
        yield engine
        engine.dispose()


def main() -> int:
    """Run the whole campaign and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--look-ups", type=int, default=10_000)
    parser.add_argument("--faults", type=float, default=0.2, help="share of requests that meet a fault")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url", help="an empty database; else a SQLite file of its own")
    given = parser.parse_args()
    with _database(given.url) as engine:
        figures = run_campaign(engine, given.look_ups, given.faults, given.seed)
    print(json.dumps(figures))
    return 0 if holds(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
