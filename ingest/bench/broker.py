"""A mosquitto of our own for a run, with the limits that deploy/ ships."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import BenchRefused

SHIPPED = Path(__file__).parents[2] / "deploy" / "broker" / "mosquitto.conf"
# The settings that say how much the broker holds and how it flows; who may connect is not what is measured.
_LIMITS = (
    "autosave_interval",
    "max_inflight_bytes",
    "max_inflight_messages",
    "max_packet_size",
    "max_queued_bytes",
    "max_queued_messages",
    "memory_limit",
    "persistence",
    "persistent_client_expiration",
    "set_tcp_nodelay",
)
_STARTS_WITHIN_S = 10.0


@contextmanager
def running_broker(folder: Path, shipped: Path = SHIPPED) -> Iterator[tuple[int, int]]:
    """A mosquitto on loopback while the context lasts: its port and its process. Raises BenchRefused."""
    program = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if program is None:
        raise BenchRefused("mosquitto is not installed; install Debian's package mosquitto")
    port = _free_port()
    folder.mkdir()
    settings = folder / "mosquitto.conf"
    settings.write_text(_settings(shipped, folder, port), encoding="utf-8")
    with (folder / "log").open("wb") as log:
        broker = subprocess.Popen([program, "-c", str(settings)], stdout=log, stderr=log)  # noqa: S603  # its path was just found
        try:
            _await_listening(port, folder / "log")
            yield port, broker.pid
        finally:
            broker.terminate()
            broker.wait()


def _settings(shipped: Path, folder: Path, port: int) -> str:
    try:
        lines = shipped.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BenchRefused(f"{shipped} cannot be read ({error.strerror}); run from a checkout") from error
    limits = [line for line in lines if line.split(" ")[0] in _LIMITS]
    ours = [f"listener {port} 127.0.0.1", "allow_anonymous true", f"persistence_location {folder}/"]
    if os.geteuid() == 0:
        ours.append("user root")  # else it could not write into our folder
    return "\n".join([*limits, *ours, ""])


def _await_listening(port: int, log: Path) -> None:
    ends_at_s = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < ends_at_s:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise BenchRefused(f"mosquitto does not listen: {log.read_text(encoding='utf-8').strip()[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
