"""Three units, a broker, an ingester and a database as real processes in one folder."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from msgspec import json
from sqlalchemy.orm import Session

from config.link import load_or_make_key, public_text
from config.settings import Broker
from config.wire import SigningKey
from ingest.database.opening import migrate, open_database
from ingest.intake.keys import store_agent_key
from tests.fault import made_up
from tests.fault.brokers import BrokerProcess
from tests.fault.clocks import JumpingClock, faketime_library
from tests.fault.databases import Cluster
from tests.fault.intruder import Corrupted, Intruder
from tests.fault.plan import Plan
from tests.fault.processes import Process
from tests.fault.proxy import Line, Network
from tests.fault.sent import Sent, read_sent
from tests.fault.unit_process import UnitSettings
from tests.fault.volumes import Volume, new_volume

_UNIT_MB, _CENTRE_MB = 64, 512
_AT_ONCE_SHARE, _START_S = 0.1, 10.0
# The driver gives up before that.
_DRAIN_WITHIN_S = 3600.0


@dataclass
class Machine:
    """One process that works on a disk, by a clock and over a line of its own."""

    name: str
    process: Process
    volume: Volume
    clock: JumpingClock
    line: Line


@dataclass
class Chain:
    """All parts of one round."""

    folder: Path
    database_url: str
    cluster: Cluster | None
    broker: BrokerProcess
    network: Network
    intruder: Intruder
    ingester: Machine
    units: list[Machine]
    corrupted: Corrupted

    @property
    def machines(self) -> list[Machine]:
        """Units and ingester."""
        return [*self.units, self.ingester]

    @property
    def evidence_dir(self) -> Path:
        """Where the ingester keeps pictures."""
        return self.ingester.volume.disk.root / "evidence"

    def sent(self) -> Iterator[Sent]:
        """What the outboxes have taken."""
        for unit in self.units:
            yield from read_sent(self.folder / f"{unit.name}.sent")


@contextmanager
def open_chain(plan: Plan, folder: Path, shim: Path, cluster: Cluster | None) -> Iterator[Chain]:
    """A chain in `folder`, prepared but with nothing started except network and intruder."""
    dice = random.Random(f"chain {plan.seed}")
    corrupted = Corrupted()
    broker = BrokerProcess(plan.broker, folder, plan.broker_queue)
    with ExitStack() as stack:
        network = Network(dice, corrupted.add)
        stack.callback(network.stop)
        centre = _volume(stack, folder / "centre", shim, _CENTRE_MB)
        url = cluster.new_database(f"round{plan.seed}") if cluster else _sqlite_url(centre)
        keys = _prepare_centre(folder, url)
        centre.disk.forget()
        units = [
            _unit(
                plan,
                unit,
                folder,
                _volume(stack, folder / unit.agent_id, shim, _UNIT_MB),
                network.line(broker.port),
            )
            for unit in made_up.UNITS
        ]
        ingester = _ingester(folder, url, centre, network.line(broker.port))
        intruder = Intruder(Broker(port=broker.port), keys, corrupted, dice)
        stack.callback(intruder.stop)
        for process in (broker.process, ingester.process, *(unit.process for unit in units)):
            stack.callback(process.kill)
        yield Chain(folder, url, cluster, broker, network, intruder, ingester, units, corrupted)


def _volume(stack: ExitStack, folder: Path, shim: Path, size_mb: int) -> Volume:
    volume = new_volume(folder, shim, size_mb)
    stack.callback(volume.close)
    return volume


def _sqlite_url(centre: Volume) -> str:
    return f"sqlite:///{centre.disk.root}/hgv.sqlite"


def _prepare_centre(folder: Path, url: str) -> dict[str, SigningKey]:
    """Make the database and all keys, and have both ends know each other's; the units' keys."""
    names = [unit.agent_id for unit in made_up.UNITS]
    keys = {name: load_or_make_key(folder / f"{name}.pem", name) for name in names}
    receipt_key = load_or_make_key(folder / "ingest" / "receipt-key.pem", "ingest")
    (folder / "receipt-key.json").write_text(public_text(receipt_key))
    engine = open_database(url)
    migrate(engine)
    with Session(engine) as session, session.begin():
        for name, key in keys.items():
            store_agent_key(session, made_up.AUTHORITY, name, key.key_id, public_text(key), made_up.NOON)
    engine.dispose()
    return keys


def _unit_settings(plan: Plan, unit: made_up.Unit, folder: Path, volume: Volume, line: Line) -> UnitSettings:
    count = plan.size.passages // len(made_up.UNITS)
    at_once = int(count * _AT_ONCE_SHARE)
    return UnitSettings(
        seed=plan.seed,
        unit=unit,
        count=count,
        at_once=at_once,
        per_s=(count - at_once) / (plan.size.window_s + _START_S),
        starts_at_s=time.monotonic(),
        drain_timeout_s=_DRAIN_WITHIN_S,
        broker=Broker(port=line.port),
        outbox=str(volume.disk.root / "data" / "outbox.sqlite"),
        sent=str(folder / f"{unit.agent_id}.sent"),
        key=str(folder / f"{unit.agent_id}.pem"),
        receipt_key=str(folder / "receipt-key.json"),
    )


def _unit(plan: Plan, unit: made_up.Unit, folder: Path, volume: Volume, line: Line) -> Machine:
    path = folder / f"{unit.agent_id}.json"
    path.write_bytes(json.encode(_unit_settings(plan, unit, folder, volume, line)))
    command = [sys.executable, "-m", "tests.fault.unit_process", str(path)]
    return _machine(unit.agent_id, command, folder, volume, line)


def _ingester(folder: Path, url: str, centre: Volume, line: Line) -> Machine:
    path = folder / "ingest.yaml"
    path.write_text(
        f"database_url: {url}\nevidence_dir: {centre.disk.root}/evidence\ndata_dir: {folder}/ingest\n"
        f"broker: {{port: {line.port}}}\n"
    )
    command = [sys.executable, "-m", "tests.fault.ingest_process", str(path)]
    return _machine("ingest", command, folder, centre, line)


def _machine(name: str, command: list[str], folder: Path, volume: Volume, line: Line) -> Machine:
    clock = JumpingClock(faketime_library(), folder / f"{name}.clock")
    logged = volume.disk.environment()
    environment = {**logged, **clock.environment(logged["LD_PRELOAD"])}
    return Machine(name, Process(name, command, folder / f"{name}.log", environment), volume, clock, line)
