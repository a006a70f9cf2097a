"""The embedded MQTT broker (rumqttd, in the `iotcore` wheel) with limits that fit our messages.

    python -m deploy.broker.embedded --port 1883

It keeps messages in memory only, for a consumer that is away too; what it forgets when it is killed or full
is sent again by the units, which wait for the ingester's receipt.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from iotcore import Broker

# The largest message is an evidence picture of 1.5 MB; its topic and properties come on top.
_LARGEST_PACKET_BYTES = 1_600_000
# Messages on their way to one client that it has not acknowledged.
_IN_FLIGHT = 200
# How much of each subscription's messages is kept: 16 segments of 8 MiB, the oldest dropped first.
_SEGMENT_BYTES, _SEGMENTS = 8 * 1024 * 1024, 16

_TOML = """\
id = 0

[router]
id = 0
max_connections = 1000
max_outgoing_packet_count = {in_flight}
max_segment_size = {segment_bytes}
max_segment_count = {segments}

[v5.1]
name = "mqtt-v5"
listen = "{host}:{port}"
next_connection_delay_ms = 1

[v5.1.connections]
connection_timeout_ms = 60000
max_payload_size = {largest_packet_bytes}
max_inflight_count = {in_flight}
dynamic_filters = true
"""


@contextmanager
def embedded_broker(port: int, host: str = "127.0.0.1") -> Iterator[Broker]:
    """A broker that listens while the context lasts. Raises OSError where the port is taken."""
    with tempfile.TemporaryDirectory(prefix="hgv-broker-") as folder:
        settings = Path(folder) / "rumqttd.toml"
        settings.write_text(
            _TOML.format(
                host=host,
                port=port,
                in_flight=_IN_FLIGHT,
                segment_bytes=_SEGMENT_BYTES,
                segments=_SEGMENTS,
                largest_packet_bytes=_LARGEST_PACKET_BYTES,
            ),
            encoding="utf-8",
        )
        with Broker(config_path=str(settings)) as broker:
            yield broker


def main(argv: Sequence[str] | None = None) -> int:
    """Run a broker until SIGTERM or Ctrl-C; 1 where it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m deploy.broker.embedded", description=__doc__)
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--host", default="127.0.0.1")
    arguments = parser.parse_args(argv)
    stop = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: stop.set())
    try:
        with embedded_broker(arguments.port, arguments.host):
            sys.stdout.write(f"listening on {arguments.host}:{arguments.port}\n")
            sys.stdout.flush()
            stop.wait()
    except (OSError, RuntimeError) as error:
        sys.stderr.write(f"the broker cannot start: {error}; choose another --port\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
