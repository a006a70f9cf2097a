"""One round: units put passages while the plan is done to them; then all is mended, drained and judged."""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from config.settings import Broker
from tests.fault.chain import Chain, Machine, open_chain
from tests.fault.databases import Cluster
from tests.fault.deadly import DIE_AT
from tests.fault.ingest_process import REFUSES
from tests.fault.intruder import send_once
from tests.fault.plan import Action, Plan, death_of
from tests.fault.processes import NotInTime
from tests.fault.schedule import Schedule
from tests.fault.verdict import Verdict, judge, quarantined, stored_rows

_TICK_S, _RESTART_AFTER_S = 0.05, 1.0
_STALLED_AFTER_S, _SEND_WITHIN_S = 150.0, 10.0
_MOST_TROUBLE = 6
_POWER_SHARE, _STEP_SHARE, _EMPTY_SHARE = 0.4, 0.5, 0.4
_JUMPS_S = (-86400, -3600, -60, 60, 3600, 86400, 20 * 86400)
_Mortal = Literal["agent", "ingester"]


@dataclass
class Done:
    """What was done in a round."""

    kills: Counter[str] = field(default_factory=Counter)
    power_cuts: int = 0
    writes_lost: int = 0
    deeds: Counter[str] = field(default_factory=Counter)


class Round:
    """Does a plan to a chain; `trouble` is what should not have happened on the way."""

    def __init__(self, plan: Plan, chain: Chain, tell: Callable[[str], None]) -> None:
        self._plan = plan
        self._chain = chain
        self._tell = tell
        self._dice = random.Random(f"round {plan.seed}")
        self._deaths = Counter({"agent": plan.seed, "ingester": plan.seed})
        self._armed: set[str] = set()
        self._schedule = Schedule()
        self._power_share = _POWER_SHARE
        self.done = Done()
        self.trouble: list[str] = []

    def run(self) -> None:
        """Everything up to the moment at which nothing writes any more."""
        chain = self._chain
        chain.broker.start()
        for machine in chain.machines:
            machine.process.start()
        try:
            self._wait("a word of every unit", self._all_are_heard)
            self._schedule = Schedule()
            for deed in self._plan.deeds:
                self._schedule.at(deed.at_s, partial(self._do, deed.action))
            while not self._schedule.is_done():
                self._catch_up()
                time.sleep(_TICK_S)
            self._mend()
            self._drain()
        except NotInTime as error:
            self.trouble.append(str(error))
        for machine in chain.machines:
            machine.process.end()
        if chain.cluster and not chain.cluster.server.is_up():
            chain.cluster.start()

    def _do(self, action: Action) -> None:
        verb, _, whom = action.partition(" ")
        machine = self._chain.ingester if whom == "ingester" else self._dice.choice(self._chain.units)
        self._say(f"{action}, {machine.name}")
        self.done.deeds[action] += 1
        if action == "kill broker":
            self._kill_broker()
        elif action == "crash database":
            self._crash_database()
        elif verb == "kill":
            self._kill(machine, "ingester" if whom == "ingester" else "agent")
        elif verb in ("fill", "jump"):
            self._strain(machine, verb)
        elif verb in ("replay", "forge"):
            self._intrude(verb)
        else:
            self._disturb(self._dice.choice(self._chain.machines), verb)

    def _strain(self, machine: Machine, verb: str) -> None:
        """Fill the disk, or have the clock jump, for a while."""
        if verb == "fill":
            machine.volume.fill()
            self._schedule.later(self._dice.uniform(0.5, 3.0), machine.volume.free)
        else:
            machine.clock.jump_to(self._dice.choice(_JUMPS_S))
            self._schedule.later(self._dice.uniform(2.0, 8.0), partial(machine.clock.jump_to, 0))

    def _intrude(self, verb: str) -> None:
        if verb == "replay":
            self._chain.intruder.replay(self._dice.randint(20, 200))
        else:
            self._chain.intruder.forge(self._dice.randint(4, 16))

    def _disturb(self, machine: Machine, verb: str) -> None:
        line = machine.line
        if verb == "corrupt":
            self._dice.choice(self._chain.units).line.to_corrupt += self._dice.randint(1, 3)
            return
        if verb == "cut":
            self._chain.network.cut(line)
        elif verb == "stop":
            line.is_stopped = True
        else:
            line.bytes_per_s = self._dice.uniform(5_000, 200_000)
        self._schedule.later(self._dice.uniform(0.1, 4.0), line.heal)

    def _kill_broker(self) -> None:
        broker = self._chain.broker
        if not broker.process.is_up():
            self._schedule.later(0.5, self._kill_broker)
            return
        broker.process.kill()
        self.done.kills["broker"] += 1
        if self._dice.random() < _EMPTY_SHARE:
            broker.forget()
            self.done.deeds["empty broker"] += 1
        self._schedule.later(self._dice.uniform(0.0, 2.0), broker.start)

    def _crash_database(self) -> None:
        cluster = self._chain.cluster
        assert cluster is not None
        cluster.crash()
        self._schedule.later(self._dice.uniform(0.0, 2.0), cluster.start)

    def _kill(self, machine: Machine, kind: _Mortal) -> None:
        if machine.process.returncode() == 0:
            return  # it has done all that it had to do
        if not machine.process.is_up():
            self._schedule.later(0.5, partial(self._kill, machine, kind))
            return
        machine.process.kill()
        self._armed.discard(machine.name)
        self._after_death(machine, kind, self._dice.random() < _STEP_SHARE)

    def _after_death(self, machine: Machine, kind: _Mortal, dies_again: bool) -> None:
        """Count it, cut the power perhaps, and have it started, perhaps to die at the next of its steps."""
        self.done.kills[kind] += 1
        if self._dice.random() < self._power_share:
            machine.volume.free()
            self.done.power_cuts += 1
            self.done.writes_lost += machine.volume.disk.cut_power(self._dice)
        step = death_of(kind, self._deaths[kind], self._dice) if dies_again else ""
        self._deaths[kind] += dies_again
        self._schedule.later(self._dice.uniform(0.0, 1.5), partial(self._start, machine, step))

    def _start(self, machine: Machine, dies_at: str = "") -> None:
        if dies_at:
            self._armed.add(machine.name)
        machine.process.start(**{DIE_AT: dies_at})

    def _catch_up(self) -> None:
        self._schedule.catch_up()
        for machine in self._chain.machines:
            code = machine.process.returncode()
            if code == -9 and machine.name in self._armed:
                self._armed.discard(machine.name)
                self._say(f"{machine.name} died at its step")
                self._after_death(machine, "ingester" if machine is self._chain.ingester else "agent", False)
            elif code not in (None, 0, -9):
                self._note_end(machine, code)
                self._schedule.later(_RESTART_AFTER_S, partial(self._start, machine))
                machine.process.running = None

    def _note_end(self, machine: Machine, code: int) -> None:
        """An ingester may refuse to start on a full disk or without its database; nothing else may end."""
        self._say(f"{machine.name} ended with {code}")
        if machine is self._chain.ingester and code == REFUSES:
            self.done.deeds["start refused"] += 1
            return
        self.trouble.append(f"{machine.name} ended by itself with {code}")
        if len(self.trouble) > _MOST_TROUBLE:
            raise NotInTime("processes end by themselves again and again")

    def _mend(self) -> None:
        """Nothing is wrong from here on, but for a process that still has a step to die at.

        The driver reads the database from now on, so that what is lost with the power is not known any more.
        """
        self._power_share = 0.0
        for machine in self._chain.machines:
            machine.line.heal()
            machine.volume.free()
            machine.clock.jump_to(0)
        self._say("mended")

    def _drain(self) -> None:
        """Wait until every unit says that the centre has everything, and what was corrupted is put aside."""
        self._wait("that all is taken", self._units_are_done)
        self._say("drained")
        self._wait("what was corrupted in quarantine", self._is_put_aside)

    def _all_are_heard(self) -> bool:
        return self._chain.intruder.heard_units() >= {unit.name for unit in self._chain.units}

    def _units_are_done(self) -> bool:
        return all(unit.process.returncode() == 0 for unit in self._chain.units)

    def _is_put_aside(self) -> bool:
        """Whether all is in quarantine; what is not, because the broker was killed with it, is sent again."""
        lacking = self._chain.corrupted.not_in(quarantined(self._chain.database_url))
        if lacking:
            send_once(Broker(port=self._chain.broker.port), lacking, _SEND_WITHIN_S)
            time.sleep(_SEND_WITHIN_S / 5)
        return not lacking

    def _wait(self, what: str, condition: Callable[[], bool]) -> None:
        """Until `condition` holds. Raises NotInTime where nothing more is stored for a while without it."""
        stored, ends_at_s = -1, 0.0
        while not condition():
            self._catch_up()
            if time.monotonic() > ends_at_s:
                before, stored = stored, stored_rows(self._chain.database_url)
                if before == stored:
                    raise NotInTime(f"{what} did not come, and nothing else in {_STALLED_AFTER_S:.0f} s")
                ends_at_s = time.monotonic() + _STALLED_AFTER_S
            time.sleep(_TICK_S)

    def _say(self, what: str) -> None:
        self._tell(f"{self._schedule.now_s():7.2f} s  {what}")


def run_round(
    plan: Plan, folder: Path, shim: Path, cluster: Cluster | None, tell: Callable[[str], None]
) -> tuple[Done, Verdict]:
    """Do the plan in `folder`; what was done and what it came to. A faulty round's disks stay in `left`."""
    with open_chain(plan, folder, shim, cluster) as chain:
        its_round = Round(plan, chain, tell)
        its_round.run()
        expected = chain.corrupted.hashes()
        verdict = judge(chain.database_url, chain.evidence_dir, chain.sent(), expected, its_round.trouble)
        verdict.expect(plan.size.passages)
        if verdict.faults():
            for machine in chain.machines:
                shutil.copytree(machine.volume.disk.root, folder / "left" / machine.name)
        return its_round.done, verdict
