"""Debian's mosquitto as a test needs it: on a free port, with settings of the test's own."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.settings import Broker
from tests.edge.centre import wait_for


@dataclass
class Mosquitto:
    """A running mosquitto. Its settings may be written anew, and take effect when it is told."""

    broker: Broker
    folder: Path
    process: subprocess.Popen[bytes]

    def allow(self, acl: str) -> None:
        """Rules for the next message on."""
        (self.folder / "acl").write_text(acl)
        self.process.send_signal(signal.SIGHUP)


@contextmanager
def mosquitto(
    folder: Path, *lines: str, acl: str | None = None, port: int | None = None
) -> Iterator[Mosquitto]:
    """A mosquitto while the context lasts; the test is skipped where the package is missing."""
    found = shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if found is None:
        pytest.skip("Debian's package mosquitto is not installed")
    port = port or _free_port()
    open_to_all = () if "allow_anonymous false" in lines else ("allow_anonymous true",)
    told = [f"listener {port} 127.0.0.1", *open_to_all, "user root", *lines]
    if acl is not None:
        (folder / "acl").write_text(acl)
        told.append(f"acl_file {folder / 'acl'}")
    (folder / "mosquitto.conf").write_text("\n".join(told) + "\n")
    with (folder / "mosquitto.log").open("wb") as log:
        process = subprocess.Popen([found, "-c", folder / "mosquitto.conf"], stdout=log, stderr=log)
    try:
        wait_for(lambda: _listens(port), "mosquitto's start")
        yield Mosquitto(Broker(port=port), folder, process)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
