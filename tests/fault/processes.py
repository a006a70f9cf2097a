"""Processes that die with the driver, and that are killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
# A process that a driver leaves behind when it is killed itself would go on for ever.
_WITH_THE_DRIVER = ("setpriv", "--pdeathsig", "KILL", "--")


class NotInTime(Exception):
    """What was waited for did not come."""


@dataclass
class Process:
    """One process, started as often as it takes. `environment` comes on top of the driver's own."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None

    def start(self, **more: str) -> None:
        """Start it, with `more` in its environment this time."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command if "--pdeathsig" in self.command else [*_WITH_THE_DRIVER, *self.command],
                cwd=ROOT,
                env={**os.environ, **self.environment, **more},
                stdout=log,
                stderr=log,
            )

    def returncode(self) -> int | None:
        """How it ended; None while it runs or before it was started."""
        return None if self.running is None else self.running.poll()

    def is_up(self) -> bool:
        """Whether it runs."""
        return self.running is not None and self.running.poll() is None

    def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        if self.running is not None:
            self.running.kill()
            self.running.wait()

    def end(self, within_s: float = 30.0) -> int:
        """Ask it to end; how it did. A process that does not is killed."""
        if self.running is None:
            return 0
        self.running.send_signal(signal.SIGTERM)
        try:
            return self.running.wait(within_s)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody does."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(what: str, condition: Callable[[], bool], within_s: float) -> None:
    """Return once `condition` holds. Raises NotInTime."""
    ends_at_s = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > ends_at_s:
            raise NotInTime(f"{what} did not come in {within_s:.0f} s")
        time.sleep(0.05)
