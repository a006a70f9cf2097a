"""Real processes of the system: started with a log file each, awaited, stopped in order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
_STOP_WITHIN_S = 15.0
_LOG_LINES_SHOWN = 15


class DemoError(Exception):
    """A step of the demo did not happen; the text says which, and where its log lies."""


@dataclass(frozen=True)
class Running:
    """A started process."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise DemoError with the end of its log where the process has ended."""
        if self.process.poll() is not None:
            raise DemoError(f"{self.name} ended with code {self.process.returncode}\n{_end_of(self.log)}")


@dataclass
class Processes:
    """All processes of one demo, stopped in the reverse of the order in which they were started."""

    log_dir: Path
    running: list[Running] = field(default_factory=list)

    def start(self, name: str, arguments: list[str], environment: Mapping[str, str]) -> Running:
        """Start `python -m ...` in a session of its own, so that Ctrl-C reaches only the demo itself."""
        self.log_dir.mkdir(parents=True, exist_ok=True)
        log = self.log_dir / f"{name}.log"
        with log.open("ab") as file:
            process = subprocess.Popen(  # noqa: S603  # our own modules with our own arguments
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=file,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        started = Running(name, process, log)
        self.running.append(started)
        return started

    def stop(self) -> None:
        """Ask every process to end, newest first; kill what does not in time."""
        for running in reversed(self.running):
            if running.process.poll() is None:
                running.process.send_signal(signal.SIGTERM)
                try:
                    running.process.wait(_STOP_WITHIN_S)
                except subprocess.TimeoutExpired:
                    running.process.kill()
                    running.process.wait()
        self.running.clear()

    def wait_for(self, what: str, condition: Callable[[], bool], *, within_s: float) -> None:
        """Wait until `condition` holds, while the services stay up. Raises DemoError when it does not."""
        deadline = time.monotonic() + within_s
        while not condition():
            if time.monotonic() > deadline:
                raise DemoError(f"{what} did not happen within {within_s:.0f} s; logs: {self.log_dir}")
            time.sleep(0.2)


def command(arguments: list[str], environment: Mapping[str, str], *, stdin: str = "") -> str:
    """The output of a command of ours that must succeed. Raises DemoError with what it printed."""
    done = subprocess.run(  # noqa: S603  # our own modules with our own arguments
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise DemoError(f"{' '.join(arguments)} failed with code {done.returncode}:\n{said}")
    return done.stdout


def free_port(wanted: int) -> int:
    """`wanted` where nothing listens there yet, else any free port of the loopback interface."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise DemoError("no free port on the loopback interface")


def listens(port: int) -> bool:
    """Whether something accepts connections on the loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end_of(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-_LOG_LINES_SHOWN:]
    return "\n".join([f"the end of {log}:", *lines])
