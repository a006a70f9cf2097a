"""What the broker says to the generator, read while it sends and understood afterwards."""

from __future__ import annotations

import base64
import selectors
import socket
import time
from collections.abc import Iterator, Mapping

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
        self.add(receipts)

    def add(self, connection: socket.socket) -> None:
        """Listen to another connection too."""
        self._selector.register(connection, selectors.EVENT_READ)

    def listen_until(self, monotonic_s: float) -> bool:
        """Read what comes until then, at least once; whether any receipt came. Raises ConnectionError."""
        receipts = False
        while True:
            left_s = max(monotonic_s - time.monotonic(), 0)
            for ready, _ in self._selector.select(left_s):
                data = ready.fileobj.recv(_READ_BYTES)  # type: ignore[union-attr]  # only sockets are added
                if not data:
                    raise ConnectionError("the broker closed a connection of the generator")
                if ready.fileobj is self._receipts:
                    self._heard.append((time.monotonic(), data))
                    receipts = True
            if left_s == 0:
                return receipts

    def receipts(self) -> Iterator[tuple[float, str, tuple[int, ...]]]:
        """Each receipt that has come whole: when (monotonic), to which unit, and the accepted numbers."""
        stream = b"".join(data for _, data in self._heard)
        came, read_bytes = iter(self._heard), 0
        at_s = 0.0
        for end, topic, payload in packets.published(stream):
            while read_bytes < end:
                at_s, data = next(came)
                read_bytes += len(data)
            yield at_s, parse_topic(topic).agent_id, _accepted(payload)


def by_unit(
    receipts: Iterator[tuple[float, str, tuple[int, ...]]], names: Mapping[str, int]
) -> Iterator[tuple[float, int, int]]:
    """The same, one accepted number at a time, under the units' numbers."""
    for at_s, agent_id, seqs in receipts:
        for seq in seqs:
            yield at_s, names[agent_id], seq


def _accepted(raw: bytes) -> tuple[int, ...]:
    text = msgspec.json.decode(raw, type=_Sealed).payload
    return decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), Receipt).accepted
