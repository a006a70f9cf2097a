"""A whole installation in one folder: authority, broker with the files that ship, ingester, enforcement.

Broker (behind its door) and ingester are real processes; the commands of people are called as they call them.
"""

from __future__ import annotations

import io
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select
from sqlalchemy.orm import Session

import edge.cli
import enforcement.cli
from config.settings import Broker, Tls
from deploy.pki.__main__ import main as pki_main
from ingest.database.opening import open_database, reading
from ingest.storing.quarantine import Quarantined, quarantined
from ingest.tables import PASSAGES

ROOT = Path(__file__).parents[2]
BROKER, PILOT = ROOT / "deploy" / "broker", ROOT / "config" / "pilot"
WITHIN_S = 60.0

UNIT_SETTINGS = """
agent_id: {agent_id}
authority: demo
data_dir: {agent_id}
receipt_key_file: receipt-key.json
broker: {{host: localhost, port: {port}, tls: {{ca_file: pki/ca.pem,
          certificate_file: {agent_id}/unit.pem, key_file: {agent_id}/unit.key}}}}
cameras:
  - camera_id: west-1
    source: pictures
    site: {{site_id: west, site_version: 1, authority: demo, name: West, road: High Street,
           latitude: 51.5, longitude: -0.5, effective_from: 2026-01-01T00:00:00Z}}
"""


def free_port() -> int:
    """A port of the loopback interface where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(2.0)
        return probe.connect_ex((host, port)) == 0


def wait_for(what: str, condition: Callable[[], object]) -> None:
    """Wait until `condition` holds; fail when it takes too long."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen in {WITHIN_S} s"
        time.sleep(0.05)


def said(main: Callable[[list[str]], int], *words: str, code: int = 0) -> str:
    """What a command of ours printed, which must end with `code`."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        found = main(list(words))
    assert found == code, f"{words} ended with {found}: {out.getvalue()}{err.getvalue()}"
    return out.getvalue() + err.getvalue()


@dataclass
class Installation:
    """Everything of one installation; `units_port` is where units knock, `services_port` the centre's own."""

    folder: Path
    units_port: int = field(default_factory=free_port)
    services_port: int = field(default_factory=free_port)
    door_metrics_port: int = field(default_factory=free_port)
    ingest_metrics_port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def pki(self) -> Path:
        """The authority's folder."""
        return self.folder / "pki"

    @property
    def database_url(self) -> str:
        """Ingester's and enforcement's database."""
        return f"sqlite:///{self.folder}/hgv.sqlite"

    def pki_command(self, *words: str, code: int = 0) -> str:
        """`python -m deploy.pki ...`."""
        return said(pki_main, "--dir", str(self.pki), *words, code=code)

    def enforce(self, *words: str, code: int = 0, settings: str = "enforcement.yaml") -> str:
        """`hgv-enforce ...`."""
        return said(enforcement.cli.main, "--config", str(self.folder / settings), *words, code=code)

    def edge(self, command: str, agent_id: str, *words: str, code: int = 0) -> str:
        """`hgv-edge COMMAND --config FILE ...` of one unit."""
        path = self.folder / f"{agent_id}.yaml"
        path.write_text(UNIT_SETTINGS.format(agent_id=agent_id, port=self.units_port))
        return said(edge.cli.main, command, "--config", str(path), *words, code=code)

    def set_up(self) -> None:
        """Make authority, certificates, settings and database, as the guide in deploy/pki says."""
        self.pki_command("init")
        self.pki_command("server", "localhost", "127.0.0.1")
        for service in ("centre.ingest", "centre.door"):
            self.pki_command("service", service)
        base = f"database_url: {self.database_url}\nevidence_dir: evidence\n"
        tls = (
            "{ca_file: pki/ca.pem, certificate_file: pki/centre.ingest.pem, key_file: pki/centre.ingest.key}"
        )
        (self.folder / "ingest.yaml").write_text(
            f"{base}data_dir: ingest\nmetrics: {{port: {self.ingest_metrics_port}}}\n"
            f"broker: {{port: {self.services_port}, tls: {tls}}}\n"
        )
        alone = (
            f"{base}data_dir: enforcement\nauthority: demo\nregister_csv: {PILOT}/register.csv\n"
            f"policy_file: {PILOT}/policy.yaml\n"
        )
        (self.folder / "keys-only.yaml").write_text(alone)
        (self.folder / "enforcement.yaml").write_text(f"{alone}pki_dir: pki\n")
        self.enforce("migrate")

    def enrol(self, agent_id: str, *words: str) -> None:
        """The unit prints what it is, the centre lets it in, the unit gets its certificate."""
        file = self.folder / f"{agent_id}.json"
        file.write_text(self.edge("key", agent_id, *words))
        where = self.folder / agent_id / "unit.pem"
        self.enforce("keys", "issue", agent_id, str(file), "--certificate", str(where))

    def start_broker(self) -> None:
        """Start the door, and behind it mosquitto with the settings and rules that ship."""
        shipped = (BROKER / "mosquitto-tls.conf").read_text()
        for before, after in (
            ("listener 8883", f"listener {self.units_port}"),
            ("listener 8884", f"listener {self.services_port}"),
            ("/etc/hgvwatch/units.acl", str(BROKER / "units.acl")),
            ("/etc/hgvwatch", str(self.folder)),
            ("/var/lib/mosquitto/", f"{self.folder}/"),
        ):
            assert before in shipped, f"{before} no longer stands in mosquitto-tls.conf"
            shipped = shipped.replace(before, after)
        settings = self.folder / "mosquitto.conf"
        settings.write_text(f"{shipped}\nuser root\n")
        ports = ("--port", str(self.services_port), "--metrics-port", str(self.door_metrics_port))
        files = ("--config", str(settings), "--pki", str(self.pki))
        self.start("door", "-m", "deploy.broker.door", *files, *ports)
        wait_for("the broker's start", lambda: listens(self.units_port) and listens(self.services_port))

    def start_ingester(self) -> None:
        """Start the ingester and wait until it is subscribed."""
        self.start("ingest", "-m", "ingest.cli", "--config", str(self.folder / "ingest.yaml"), "run")
        wait_for("the ingester's link", lambda: self.counted("ingest", "hgv_ingest_broker_connected") == 1)

    def start(self, name: str, *words: str) -> None:
        """Start a module of ours with a log file."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=log, stderr=log)

    def stop(self) -> None:
        """End all processes, the broker last."""
        for process in reversed(self.running.values()):
            process.terminate()
            process.wait(30)
        self.running.clear()

    def log(self, name: str) -> str:
        """What a process has logged."""
        return (self.folder / f"{name}.log").read_text()

    def counted(self, process: str, metric: str, **labels: str) -> float:
        """The sum of a metric's samples with these labels, 0 where there is none or nobody answers."""
        port = {"door": self.door_metrics_port, "ingest": self.ingest_metrics_port}[process]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                text = answer.read().decode()
        except OSError:
            return 0.0
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == metric and labels.items() <= sample.labels.items()
        )

    def ended(self, ending: str) -> float:
        """How many messages have ended so, as the ingester counts them."""
        return self.counted("ingest", "hgv_ingest_messages_total", ending=ending)

    def stored(self) -> dict[str, str | None]:
        """Registrations by the ids of the passages that are stored."""
        engine = open_database(self.database_url)
        with Session(reading(engine)) as session:
            rows = session.execute(select(PASSAGES.c.passage_id, PASSAGES.c.vrm)).all()
        engine.dispose()
        return {row.passage_id: row.vrm for row in rows}

    def quarantine(self) -> list[Quarantined]:
        """What lies in the quarantine."""
        engine = open_database(self.database_url)
        with Session(reading(engine)) as session:
            rows = quarantined(session)
        engine.dispose()
        return rows

    def address(self, agent_id: str, *, certificate: str | None = None) -> Broker:
        """The units' listener with the certificate of a unit, or with another file of its folder."""
        own = self.folder / agent_id
        tls = Tls(
            ca_file=str(self.pki / "ca.pem"),
            certificate_file=str(own / (certificate or "unit.pem")),
            key_file=str(own / "unit.key"),
        )
        return Broker(host="localhost", port=self.units_port, tls=tls)
