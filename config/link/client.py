"""A paho client that reads and acknowledges many messages at a time.

paho asks the system three times for each message, and wakes its own thread for each acknowledgement. Between
those a thread gives Python's lock away, and with a database at work in another one it waits to get it back.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from paho.mqtt.client import PUBACK, Client, MQTTMessage
from paho.mqtt.enums import MQTTErrorCode

from config.link.deliveries import Delivery, deliveries_in

_READ_BYTES = 128 * 1024


class BulkClient(Client):
    """The same, with a buffer before its socket. Of paho 2; a test shows that a later one still works so.

    Where `on_deliveries` is set it gets the messages, as many at a time as have come. It must not raise.
    """

    on_deliveries: Callable[[Sequence[Delivery]], None] | None = None

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

    def _packet_read(self) -> MQTTErrorCode:
        if self.on_deliveries is not None and self._take_deliveries(self.on_deliveries):
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        return super()._packet_read()

    def _take_deliveries(self, hand_over: Callable[[Sequence[Delivery]], None]) -> bool:
        """Hand over the messages that lie whole in the buffer, unless paho is within a packet."""
        if self._in_packet["command"] or not isinstance(self._sock, _BufferedSocket):
            return False
        deliveries = self._sock.deliveries()
        if not deliveries:
            return False
        hand_over(deliveries)
        with self._msgtime_mutex:
            self._last_bytes_received = time.monotonic()
        return True

    def _handle_on_message(self, message: MQTTMessage) -> None:
        """Take what paho has put together, too: a message that came in pieces."""
        if self.on_deliveries is None:
            super()._handle_on_message(message)
        else:
            topic = message._topic.decode(errors="replace")  # its property raises
            self.on_deliveries([Delivery(topic, bytes(message.payload), message.mid if message.qos else 0)])

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

    def deliveries(self) -> list[Delivery]:
        """The messages that lie whole at the front of the buffer."""
        found, self._at = deliveries_in(self._read, self._at)
        return found

    def holds_more(self) -> bool:
        """Whether bytes are waiting in the buffer."""
        return self._at < len(self._read)

    def pending(self) -> int:
        """Bytes that `select` does not see: paho asks before it waits, as it does for TLS."""
        inner: int = self._inner.pending() if hasattr(self._inner, "pending") else 0
        return len(self._read) - self._at + inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)
