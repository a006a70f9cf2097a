"""A paho client that reads and acknowledges many messages at a time.

paho asks the system three times for each message, and wakes its own thread for each acknowledgement. Between
those a thread gives Python's lock away, and with a database at work in another one it waits to get it back.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from typing import Any

from paho.mqtt.client import PUBACK, Client
from paho.mqtt.enums import MQTTErrorCode

_READ_BYTES = 128 * 1024


class BulkClient(Client):
    """The same, with a buffer before its socket. Of paho 2; a test shows that a later one still works so."""

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Read what has come, not only one message."""
        result = super().loop_read(max_packets)
        while result == MQTTErrorCode.MQTT_ERR_SUCCESS and self._holds_more():
            result = super().loop_read(max_packets)
        return result

    def ack_all(self, mids: Iterable[int]) -> None:
        """Acknowledge QoS 1 messages, in this order, in one write."""
        packets = b"".join(struct.pack("!BBH", PUBACK, 2, mid) for mid in mids)
        if packets:
            self._packet_queue(PUBACK, packets, 0, 1)

    def _holds_more(self) -> bool:
        return isinstance(self._sock, _BufferedSocket) and self._sock.holds_more()

    def _create_socket(self) -> Any:
        return _BufferedSocket(super()._create_socket())


class _BufferedSocket:
    """A socket, plain or TLS, that hands out from memory what it has read ahead."""

    def __init__(self, inner: Any) -> None:
        self._inner: socket.socket = inner
        self._read = b""
        self._at = 0

    def recv(self, size: int) -> bytes:
        """Up to `size` bytes; raises what the socket raises where none are there."""
        if self._at == len(self._read):
            self._read, self._at = self._inner.recv(max(size, _READ_BYTES)), 0
        part = self._read[self._at : self._at + size]
        self._at += len(part)
        return part

    def holds_more(self) -> bool:
        """Whether bytes are waiting in the buffer."""
        return self._at < len(self._read)

    def pending(self) -> int:
        """Bytes that `select` does not see: paho asks before it waits, as it does for TLS."""
        inner: int = self._inner.pending() if hasattr(self._inner, "pending") else 0
        return len(self._read) - self._at + inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
