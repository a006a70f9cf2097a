"""The two brokers as processes: Debian's mosquitto, and the embedded one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from tests.fault.processes import Process, free_port, listens, wait_for

BrokerKind = Literal["mosquitto", "embedded"]
_START_WITHIN_S = 30.0

# Without TLS, which nothing here depends on; `queue` messages are kept for a client that is away, and what
# comes on top is dropped without a word.
_MOSQUITTO = """\
listener {port} 127.0.0.1
allow_anonymous true
user root
persistence true
persistence_location {folder}/
autosave_interval 5
max_packet_size 1600000
max_inflight_messages 1000
max_queued_messages {queue}
"""


class BrokerProcess:
    """A broker on its own port; `forget` has it start empty the next time."""

    def __init__(self, kind: BrokerKind, folder: Path, queue: int) -> None:
        self.kind = kind
        self.port = free_port()
        self._folder = folder / "broker"
        self._folder.mkdir()
        self.process = Process("broker", self._command(queue), folder / "broker.log")

    def start(self) -> None:
        """Start it and wait until it listens."""
        self.process.start()
        wait_for("the broker's start", lambda: listens(self.port), _START_WITHIN_S)

    def forget(self) -> None:
        """Delete what it keeps on the disk; it must not run."""
        for file in self._folder.glob("mosquitto.db*"):
            file.unlink()

    def _command(self, queue: int) -> list[str]:
        if self.kind == "embedded":
            return [sys.executable, "-m", "deploy.broker.embedded", "--port", str(self.port)]
        settings = self._folder / "mosquitto.conf"
        settings.write_text(_MOSQUITTO.format(port=self.port, folder=self._folder, queue=queue))
        return ["mosquitto", "-c", str(settings)]
