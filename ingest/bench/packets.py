"""The few MQTT v5 packets of a load generator, made before the measured time so that sending is only writing.

(OASIS MQTT 5.0, sections 2.1, 3.1, 3.3 and 3.8.)
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_NO_PROPERTIES = b"\x00"
_CONNECT, _PUBLISH_QOS_1, _SUBSCRIBE = 0x10, 0x32, 0x82
_PUBLISH = 0x30
CONNACK = b"\x20"
_CLEAN_START = 0x02
_KEEPALIVE_S = 600


def connect(client_id: str) -> bytes:
    """CONNECT with a clean start."""
    protocol = _text("MQTT") + bytes([5, _CLEAN_START]) + struct.pack(">H", _KEEPALIVE_S)
    return _packet(_CONNECT, protocol + _NO_PROPERTIES + _text(client_id))


def subscribe(topic_filter: str) -> bytes:
    """SUBSCRIBE at QoS 0."""
    return _packet(_SUBSCRIBE, struct.pack(">H", 1) + _NO_PROPERTIES + _text(topic_filter) + b"\x00")


def publish(topic: str, mid: int, payload: bytes) -> bytes:
    """PUBLISH at QoS 1 under packet identifier `mid`."""
    return _packet(_PUBLISH_QOS_1, _text(topic) + struct.pack(">H", mid) + _NO_PROPERTIES + payload)


def published(stream: bytes) -> Iterator[tuple[int, str, bytes]]:
    """The whole QoS 0 PUBLISH packets at the start of what a broker sent, with others between them:
    where each ends, its topic and its payload.
    """
    at = 0
    while (head := _head(stream, at)) is not None:
        start, at_next = head
        if stream[at] & 0xF0 == _PUBLISH:
            (length,) = struct.unpack_from(">H", stream, start)
            topic = stream[start + 2 : start + 2 + length].decode()
            properties = start + 2 + length
            yield at_next, topic, stream[properties + 1 + stream[properties] : at_next]
        at = at_next


def _head(stream: bytes, at: int) -> tuple[int, int] | None:
    """Where the body of the packet at `at` starts and ends; None where it is not whole."""
    length, place = 0, at + 1
    while place < len(stream):
        length |= (stream[place] & 0x7F) << (7 * (place - at - 1))
        place += 1
        if not stream[place - 1] & 0x80:
            return (place, place + length) if place + length <= len(stream) else None
    return None


def _packet(kind: int, body: bytes) -> bytes:
    length, digits = len(body), bytearray()
    while True:
        length, digit = divmod(length, 128)
        digits.append(digit | (0x80 if length else 0))
        if not length:
            return bytes([kind]) + bytes(digits) + body


def _text(text: str) -> bytes:
    return struct.pack(">H", len(text)) + text.encode()
