"""PUBLISH packets taken from what a socket has read, as they lie there (OASIS MQTT 5.0, section 3.3).

paho takes each message through some forty calls; an ingester takes thousands a second.
"""

from __future__ import annotations

from typing import NamedTuple

_PUBLISH = 0x30
_MOST_LENGTH_BYTES = 4
_QOS_0, _QOS_1 = 0, 1


class Delivery(NamedTuple):
    """One message; `mid` is what its acknowledgement names, 0 for one that asks for none (QoS 0)."""

    topic: str
    payload: bytes
    mid: int


def deliveries_in(data: bytes, start: int) -> tuple[list[Delivery], int]:
    """The whole PUBLISH packets from `start` on, up to the first other packet, and where they end.

    What is not plainly such a packet is left for paho to judge: another QoS, a broken length, a topic that
    is no UTF-8.
    """
    found: list[Delivery] = []
    while (packet := _packet(data, start)) is not None:
        delivery, start = packet
        found.append(delivery)
    return found, start


def _packet(data: bytes, start: int) -> tuple[Delivery, int] | None:
    length = _length(data, start + 1)
    if length is None or data[start] & 0xF0 != _PUBLISH:
        return None
    body, qos = length[1], data[start] >> 1 & 3
    end = body + length[0]
    if end > len(data) or qos not in (_QOS_0, _QOS_1):
        return None
    topic_end = body + 2 + int.from_bytes(data[body : body + 2], "big")
    properties = topic_end + 2 * qos
    skipped = _length(data, properties)
    if skipped is None or (payload := skipped[1] + skipped[0]) > end:
        return None
    mid = int.from_bytes(data[topic_end:properties], "big")
    try:
        return Delivery(data[body + 2 : topic_end].decode(), data[payload:end], mid), end
    except UnicodeDecodeError:
        return None


def _length(data: bytes, start: int) -> tuple[int, int] | None:
    """A variable byte integer (section 1.5.5) and where it ends; None where it is broken or not all there."""
    value = 0
    for at, byte in enumerate(data[start : start + _MOST_LENGTH_BYTES]):
        value |= (byte & 0x7F) << (7 * at)
        if byte < 0x80:
            return value, start + at + 1
    return None
