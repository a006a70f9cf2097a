"""What a broker says at the connection about how much it takes (MQTT 5, 3.2.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# What the client hands over unacknowledged at most; paho's own limit is 20, and a heartbeat needs a place.
_MOST_UNACKNOWLEDGED = 16
# Topic, packet head and properties of one of our messages, generously.
_AROUND_PAYLOAD_BYTES = 300
_LARGEST_PAYLOAD_BYTES = 1_500_000


@dataclass(frozen=True)
class BrokerLimits:
    """How many messages may be without its acknowledgement, and how long a payload may be."""

    unacknowledged: int = _MOST_UNACKNOWLEDGED
    payload_bytes: int = _LARGEST_PAYLOAD_BYTES


def limits_told(properties: Any) -> BrokerLimits:
    """The limits that a CONNACK's properties name; one message at least."""
    receive_most = getattr(properties, "ReceiveMaximum", None) or 65_535
    packet_bytes = getattr(properties, "MaximumPacketSize", None) or 2**28
    return BrokerLimits(
        unacknowledged=max(1, min(_MOST_UNACKNOWLEDGED, receive_most - 3)),
        payload_bytes=min(_LARGEST_PAYLOAD_BYTES, packet_bytes - _AROUND_PAYLOAD_BYTES),
    )
