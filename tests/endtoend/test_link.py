"""Outbox to broker to ingester as real processes: everything arrives once, whatever is killed on the way."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.link import load_or_make_key, public_text
from ingest.database.opening import migrate, open_database, reading
from ingest.intake.keys import store_agent_key
from ingest.tables import EVIDENCE, HEARTBEATS, PASSAGES, QUARANTINE
from tests.endtoend.unit_process import AGENT
from tests.ingest.units import NOON

ROOT = Path(__file__).parents[2]
WITHIN_S = 90.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen in {WITHIN_S} s"
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Line:
    """A broker, an ingester and a unit in one folder."""

    folder: Path
    broker: str
    port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        self.running[name] = process
        return process

    def start_broker(self) -> None:
        if self.broker == "embedded":
            self.start("broker", sys.executable, "-m", "deploy.broker.embedded", "--port", str(self.port))
        else:
            self.start("broker", "mosquitto", "-c", str(self.mosquitto_settings()))
        wait_for("the broker's start", lambda: listens(self.port))

    def mosquitto_settings(self) -> Path:
        """The settings that ship, on another port and in this folder."""
        shipped = (ROOT / "deploy" / "broker" / "mosquitto.conf").read_text()
        changed = shipped.replace("listener 1883", f"listener {self.port}").replace(
            "/var/lib/mosquitto/", f"{self.folder}/"
        )
        path = self.folder / "mosquitto.conf"
        path.write_text(f"{changed}\nuser root\n")
        return path

    def start_ingester(self) -> None:
        settings = self.folder / "ingest.yaml"
        settings.write_text(
            f"database_url: {self.database_url}\nevidence_dir: evidence\ndata_dir: ingest\n"
            f"broker: {{port: {self.port}}}\n"
        )
        self.start("ingest", sys.executable, "-m", "ingest.cli", "--config", str(settings), "run")

    def start_unit(self, first: int, count: int) -> subprocess.Popen[bytes]:
        module = "tests.endtoend.unit_process"
        numbers = (str(self.port), str(first), str(count))
        return self.start("unit", sys.executable, "-m", module, str(self.folder), *numbers)

    def kill(self, name: str) -> None:
        self.running[name].kill()
        self.running.pop(name).wait()

    def stop(self) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            process.wait(15)

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder}/hgv.sqlite"

    def prepare(self) -> None:
        """Make the database and let unit and ingester know each other's keys."""
        engine = open_database(self.database_url)
        migrate(engine)
        key = load_or_make_key(self.folder / "unit.pem", AGENT)
        with Session(engine) as session, session.begin():
            store_agent_key(session, "demo", AGENT, key.key_id, public_text(key), NOON)
        engine.dispose()
        receipt_key = load_or_make_key(self.folder / "ingest" / "receipt-key.pem", "ingest")
        (self.folder / "receipt-key.json").write_text(public_text(receipt_key))

    def stored(self) -> tuple[int, int, int]:
        """Passages, held pictures and quarantined messages."""
        engine = open_database(self.database_url)
        with Session(reading(engine)) as session:
            passages = session.scalar(select(func.count()).select_from(PASSAGES))
            held = select(func.count()).select_from(EVIDENCE).where(EVIDENCE.c.state == "held")
            found = (
                passages,
                session.scalar(held),
                session.scalar(select(func.count()).select_from(QUARANTINE)),
            )
        engine.dispose()
        return found

    def lost_units(self) -> list[str]:
        """The units of which the broker has said that they vanished."""
        engine = open_database(self.database_url)
        with Session(reading(engine)) as session:
            lost = select(HEARTBEATS.c.agent_id).where(HEARTBEATS.c.state == "lost").distinct()
            found = list(session.scalars(lost))
        engine.dispose()
        return found


@pytest.fixture(params=["embedded", "mosquitto"])
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Line]:
    if request.param == "mosquitto" and shutil.which("mosquitto") is None:
        pytest.skip("Debian's package mosquitto is not installed")
    line = Line(tmp_path, request.param)
    line.prepare()
    with ExitStack() as stack:
        stack.callback(line.stop)
        line.start_broker()
        yield line


def test_passages_and_pictures_arrive_once(line: Line) -> None:
    line.start_ingester()
    assert line.start_unit(0, 150).wait(WITHIN_S) == 0
    assert line.stored() == (150, 150, 0)
    assert line.start_unit(0, 150).wait(WITHIN_S) == 0
    assert line.stored() == (150, 150, 0)


def test_nothing_is_lost_when_each_part_is_killed(line: Line) -> None:
    unit = line.start_unit(0, 300)
    line.start_ingester()
    wait_for("the first passages", lambda: line.stored()[0] >= 20)
    line.kill("ingest")
    line.kill("broker")
    line.kill("unit")
    line.start_broker()
    unit = line.start_unit(0, 300)
    line.start_ingester()
    assert unit.wait(WITHIN_S) == 0
    assert line.stored() == (300, 300, 0)


def test_a_unit_that_is_killed_is_known_to_be_lost(line: Line) -> None:
    line.start_ingester()
    line.start_unit(0, 5000)
    wait_for("the first passages", lambda: line.stored()[0] > 0)
    line.kill("unit")
    wait_for("the broker's word", lambda: line.lost_units() == [AGENT])


def test_a_unit_sends_while_the_centre_is_away(line: Line) -> None:
    unit = line.start_unit(0, 50)
    wait_for("the unit's key", lambda: (line.folder / "outbox.sqlite").exists())
    line.start_ingester()
    assert unit.wait(WITHIN_S) == 0
    assert line.stored() == (50, 50, 0)
