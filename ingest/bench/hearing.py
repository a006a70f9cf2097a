"""What the broker says to the generator, read while it sends and understood afterwards."""

from __future__ import annotations

import base64
import selectors
import socket
import time
from collections.abc import Iterator, Sequence

import msgspec

from config.wire import Receipt, decode, parse_topic
from ingest.bench import packets

_READ_BYTES = 1 << 20
_DRAIN_EVERY_S = 1.0


class _Sealed(msgspec.Struct):
    payload: str


class Hearing:
    """Keeps the receipts' bytes with the instant at which they came; drops the broker's acknowledgements.

    Those wait in the connections' buffers and are read once a second: to read each as it comes would take the
    generator longer than to send.
    """

    def __init__(self, receipts: socket.socket, senders: Sequence[socket.socket]) -> None:
        self._receipts, self._acknowledgements = selectors.DefaultSelector(), selectors.DefaultSelector()
        self._receipts.register(receipts, selectors.EVENT_READ)
        for sender in senders:
            self._acknowledgements.register(sender, selectors.EVENT_READ)
        self._drained_at_s = float("-inf")
        self._heard: list[tuple[float, bytes]] = []
        self._half = b""

    def listen_until(self, monotonic_s: float) -> None:
        """Read what comes until then, at least once. Raises ConnectionError."""
        if time.monotonic() - self._drained_at_s > _DRAIN_EVERY_S:
            self._drained_at_s = time.monotonic()
            for _ in _read(self._acknowledgements, 0):
                pass
        while True:
            left_s = max(monotonic_s - time.monotonic(), 0)
            self._heard.extend((time.monotonic(), data) for data in _read(self._receipts, left_s))
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


def _read(ready: selectors.BaseSelector, within_s: float) -> Iterator[bytes]:
    for key, _ in ready.select(within_s):
        data = key.fileobj.recv(_READ_BYTES)  # type: ignore[union-attr]  # only sockets are registered
        if not data:
            raise ConnectionError("the broker closed a connection of the generator")
        yield data


def _accepted(raw: bytes) -> tuple[int, ...]:
    text = msgspec.json.decode(raw, type=_Sealed).payload
    return decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), Receipt).accepted
