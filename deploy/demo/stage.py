"""The demo's stage: the pilot's own settings, with their data in one work folder and the demo's own clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from config.clock import Clock, clock_from
from config.link import load_public_key
from deploy.demo.processes import Processes, Running, command, free_port, listens
from deploy.demo.schedule import PILOT, Screening

_SERVICE_READY_WITHIN_S = 60.0
_FILM_SEEN_WITHIN_S = 600.0


@dataclass(frozen=True)
class Stage:
    """Where everything of one demo lies and listens."""

    work_dir: Path
    clips_dir: Path
    broker_port: int
    console_port: int
    clock: Clock
    processes: Processes

    @property
    def console_address(self) -> str:
        """Where an officer's browser finds the console."""
        return f"http://127.0.0.1:{self.console_port}"

    @property
    def central(self) -> dict[str, str]:
        """What ingester and enforcement share."""
        return {
            "HGV_DATABASE_URL": f"sqlite:///{self.work_dir}/hgv.sqlite",
            "HGV_EVIDENCE_DIR": str(self.work_dir / "evidence"),
            "HGV_CLOCK_STARTS_AT": self.clock().isoformat(),
        }

    @property
    def ingest(self) -> dict[str, str]:
        """The ingester's settings."""
        return {
            **self.central,
            "HGV_DATA_DIR": str(self.work_dir / "ingest"),
            "HGV_BROKER__PORT": str(self.broker_port),
        }

    @property
    def enforcement(self) -> dict[str, str]:
        """The settings of console, jobs and batches."""
        return {
            **self.central,
            "HGV_DATA_DIR": str(self.work_dir / "enforcement"),
            "HGV_CONSOLE__PORT": str(self.console_port),
            "HGV_JOBS_EVERY_S": "2",
        }

    def unit(self, screening: Screening) -> dict[str, str]:
        """The settings of a unit that plays a clip."""
        return {
            "HGV_DATA_DIR": str(self.work_dir / screening.unit),
            "HGV_RECEIPT_KEY_FILE": str(self.receipt_key),
            "HGV_BROKER__PORT": str(self.broker_port),
            "HGV_CLOCK_STARTS_AT": self.clock().isoformat(),
            "HGV_HEALTH_EVERY_S": "5",
            "HGV_CAMERAS__0__SOURCE": str(self.clips_dir / screening.clip),
            "HGV_CAMERAS__0__STARTS_AT": screening.starts_at.isoformat(),
        }

    @property
    def receipt_key(self) -> Path:
        """The public key with which units check the ingester's receipts."""
        return self.work_dir / "receipt-key.json"

    def ingest_command(self, *arguments: str) -> str:
        """What `hgv-ingest ...` printed."""
        return command(["-m", "ingest.cli", *_config("ingest.yaml", arguments)], self.ingest)

    def enforce_command(self, *arguments: str, stdin: str = "") -> str:
        """What `hgv-enforce ...` printed."""
        return command(
            ["-m", "enforcement.cli", *_config("enforcement.yaml", arguments)], self.enforcement, stdin=stdin
        )

    def load_pilot(self) -> None:
        """Make the database, import the pilot's files, and let ingester and units know their keys."""
        self.enforce_command("migrate")
        for kind in ("orders", "sites", "permits"):
            self.enforce_command(kind, "import", str(PILOT / f"{kind}.yaml"))
        self.enforce_command("keepers", "import", str(PILOT / "keepers.csv"), "--reason", "the demo")
        self.receipt_key.write_text(self.ingest_command("key"))

    def enrol(self, screenings: tuple[Screening, ...]) -> None:
        """Register the key that each unit makes at its first start."""
        for screening in {each.unit: each for each in screenings}.values():
            text = command(
                ["-m", "edge.cli", "key", "--config", str(screening.settings_file)], self.unit(screening)
            )
            load_public_key(text)
            file = self.work_dir / f"{screening.unit}.key.json"
            file.write_text(text)
            self.enforce_command("keys", "issue", screening.unit, str(file))

    def start_services(self) -> None:
        """Start broker, ingester, jobs and console, and wait until they answer."""
        start, wait = self.processes.start, self.processes.wait_for
        start("broker", ["-m", "deploy.broker.embedded", "--port", str(self.broker_port)], {})
        wait("the broker's start", lambda: listens(self.broker_port), within_s=_SERVICE_READY_WITHIN_S)
        start("ingest", ["-m", "ingest.cli", *_config("ingest.yaml", ("run",))], self.ingest)
        start("jobs", ["-m", "enforcement.cli", *_config("enforcement.yaml", ("jobs",))], self.enforcement)
        start(
            "console", ["-m", "enforcement.cli", *_config("enforcement.yaml", ("console",))], self.enforcement
        )
        wait("the console's start", lambda: listens(self.console_port), within_s=_SERVICE_READY_WITHIN_S)

    def play(self, screening: Screening) -> Running:
        """Start the unit on its clip; it ends by itself when the centre has taken all it saw."""
        arguments = ["-m", "edge.cli", "run", "--config", str(screening.settings_file)]
        return self.processes.start(
            f"{screening.unit}-{Path(screening.clip).stem}", arguments, self.unit(screening)
        )

    def await_end(self, playing: Running) -> None:
        """Wait until a unit has ended well. Raises DemoError otherwise."""
        self.processes.wait_for(
            f"the end of {playing.name}",
            lambda: playing.process.poll() is not None,
            within_s=_FILM_SEEN_WITHIN_S,
        )
        if playing.process.returncode != 0:
            playing.check()


@contextmanager
def open_stage(
    work_dir: Path, clips_dir: Path, demo_now: datetime, *, console_port: int, emptied: bool = True
) -> Iterator[Stage]:
    """A stage in `work_dir`, emptied first unless told otherwise; at the end its processes are stopped."""
    if emptied and work_dir.exists():
        shutil.rmtree(work_dir)
    work_dir.mkdir(parents=True, exist_ok=True)
    processes = Processes(work_dir / "log")
    try:
        yield Stage(
            work_dir=work_dir,
            clips_dir=clips_dir,
            broker_port=free_port(18830),
            console_port=free_port(console_port),
            clock=clock_from(demo_now.astimezone(UTC)),
            processes=processes,
        )
    finally:
        processes.stop()


def _config(file: str, arguments: tuple[str, ...]) -> list[str]:
    return ["--config", str(PILOT / file), *arguments]
