"""What the broker says to the generator, read while it sends and understood afterwards."""

from __future__ import annotations

import base64
import selectors
import socket
import time
from collections.abc import Iterator

import msgspec

from config.wire import Receipt, decode, parse_topic
from ingest.bench import packets

_READ_BYTES = 1 << 20


class _Sealed(msgspec.Struct):
    payload: str


class Hearing:
    """Keeps the receipts' bytes with the instant at which they came; drops the broker's acknowledgements."""

    def __init__(self, receipts: socket.socket) -> None:
        self._selector = selectors.DefaultSelector()
        self._receipts = receipts
        self._heard: list[tuple[float, bytes]] = []
        self._half = b""
        self.add(receipts)

    def add(self, connection: socket.socket) -> None:
        """Listen to another connection too."""
        self._selector.register(connection, selectors.EVENT_READ)

    def listen_until(self, monotonic_s: float) -> None:
        """Read what comes until then, at least once. Raises ConnectionError."""
        while True:
            left_s = max(monotonic_s - time.monotonic(), 0)
            for ready, _ in self._selector.select(left_s):
                data = ready.fileobj.recv(_READ_BYTES)  # type: ignore[union-attr]  # only sockets are added
                if not data:
                    raise ConnectionError("the broker closed a connection of the generator")
                if ready.fileobj is self._receipts:
                    self._heard.append((time.monotonic(), data))
            if left_s == 0:
                return

    def accepted(self) -> Iterator[tuple[float, str, int]]:
        """What receipts have said since the last call: when (monotonic), of which unit, which number."""
        for at_s, data in self._heard:
            stream, end = self._half + data, 0
            for end, topic, payload in packets.published(stream):  # noqa: B007  # where the last ended
                agent_id = parse_topic(topic).agent_id
                yield from ((at_s, agent_id, seq) for seq in _accepted(payload))
            self._half = stream[end:]
        self._heard.clear()


def _accepted(raw: bytes) -> tuple[int, ...]:
    text = msgspec.json.decode(raw, type=_Sealed).payload
    return decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), Receipt).accepted
