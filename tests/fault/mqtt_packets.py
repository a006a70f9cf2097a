"""A stream of MQTT 5 bytes cut into its packets, and a packet with one byte of its payload changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_PUBLISH = 3


@dataclass(frozen=True)
class Publish:
    """A PUBLISH packet: its topic and where in the packet its payload begins."""

    topic: str
    packet: bytes
    payload_at: int

    @property
    def payload(self) -> bytes:
        """The message."""
        return self.packet[self.payload_at :]

    def with_byte_changed(self, share: float) -> Publish:
        """The same with the byte at `share` (0 to 1) of the payload's middle third changed."""
        size = len(self.payload)
        at = self.payload_at + size // 3 + int(share * (size // 3))
        other = b"B" if self.packet[at : at + 1] == b"A" else b"A"
        return Publish(self.topic, self.packet[:at] + other + self.packet[at + 1 :], self.payload_at)


class Packets:
    """Collects bytes until whole packets are there."""

    def __init__(self) -> None:
        self._waiting = b""

    def feed(self, more: bytes) -> Iterator[bytes]:
        """The packets that are whole now."""
        self._waiting += more
        while (size := _size(self._waiting)) is not None and size <= len(self._waiting):
            packet, self._waiting = self._waiting[:size], self._waiting[size:]
            yield packet


def publish_in(packet: bytes) -> Publish | None:
    """The packet as a PUBLISH, None for another."""
    if packet[0] >> 4 != _PUBLISH:
        return None
    at = _number(packet, 1)[1]
    topic_ends = at + 2 + int.from_bytes(packet[at : at + 2], "big")
    topic = packet[at + 2 : topic_ends].decode()
    at = topic_ends + (2 if packet[0] & 0b110 else 0)
    properties, at = _number(packet, at)
    return Publish(topic, packet, at + properties)


def _size(stream: bytes) -> int | None:
    """How long the first packet is; None where that is not known yet."""
    if len(stream) < 2 or (len(stream) < 5 and stream[-1] & 0x80):
        return None
    length, begins = _number(stream, 1)
    return begins + length


def _number(packet: bytes, at: int) -> tuple[int, int]:
    """A variable byte integer and where it ends (MQTT 5, 1.5.5)."""
    value = 0
    for place in range(4):
        value |= (packet[at + place] & 0x7F) << 7 * place
        if not packet[at + place] & 0x80:
            return value, at + place + 1
    raise ValueError("a variable byte integer of more than four bytes")
