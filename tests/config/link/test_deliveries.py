"""Messages taken from a socket's buffer: the same ones that paho's own decoder sees, and nothing invented."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt._packet import decode_publish
from paho.mqtt.client import MQTTv5
from paho.mqtt.exception import MalformedPacket
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from config.link.deliveries import Delivery, deliveries_in

PUBACK = bytes([0x40, 2, 0, 7])
PUBLISH, RETAINED, AGAIN = 0x30, 0x01, 0x08


def variable(length: int) -> bytes:
    digits = bytearray()
    while True:
        length, digit = divmod(length, 128)
        digits.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(digits)


def packet(delivery: Delivery, flags: int = 0, content_type: str = "") -> bytes:
    topic = delivery.topic.encode()
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    if content_type:
        properties.ContentType = content_type
    mid = delivery.mid.to_bytes(2, "big") if delivery.mid else b""
    body = len(topic).to_bytes(2, "big") + topic + mid + properties.pack() + delivery.payload
    return bytes([PUBLISH | flags | (0x02 if delivery.mid else 0)]) + variable(len(body)) + body


deliveries = st.builds(
    Delivery,
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40),
    st.binary(max_size=300) | st.binary(min_size=16_400, max_size=16_500),
    st.integers(0, 65_535),
)
packets = st.tuples(deliveries, st.sampled_from([0, RETAINED, AGAIN]), st.sampled_from(["", "text/plain"]))


@given(st.lists(packets, max_size=6), st.data())
def test_what_is_there_whole_is_taken_in_order(
    sent: list[tuple[Delivery, int, str]], data: st.DataObject
) -> None:
    raw = [packet(*each) for each in sent]
    ends = [sum(map(len, raw[: number + 1])) for number in range(len(raw))]
    cut = data.draw(st.integers(0, sum(map(len, raw))))
    whole = [delivery for (delivery, _, _), end in zip(sent, ends, strict=True) if end <= cut]
    at = max((end for end in ends if end <= cut), default=0)
    assert deliveries_in(b"".join(raw)[:cut], 0) == (whole, at)


@given(packets)
def test_another_packet_between_them_is_left_where_it_is(sent: tuple[Delivery, int, str]) -> None:
    message = packet(*sent)
    assert deliveries_in(message + PUBACK + message, 0) == ([sent[0]], len(message))
    assert deliveries_in(PUBACK + message, len(PUBACK)) == ([sent[0]], len(PUBACK + message))


@given(st.binary(max_size=60).map(lambda tail: bytes([PUBLISH]) + tail) | st.binary(max_size=60))
def test_of_broken_bytes_nothing_is_taken_that_paho_would_not(raw: bytes) -> None:
    taken, end = deliveries_in(raw, 0)
    assert 0 <= end <= len(raw)
    if len(taken) == 1:
        header = 2 if raw[1] < 128 else 3 if raw[2] < 128 else 4
        with suppress(MalformedPacket):  # it reads the properties, which nobody uses here
            seen = decode_publish(raw[0], raw[header:end], MQTTv5)
            assert (seen.topic.decode(), seen.mid, seen.payload) == (*taken[0][::2], taken[0].payload)


def test_what_is_no_plain_message_is_left_to_paho() -> None:
    not_utf_8 = bytes([PUBLISH, 6, 0, 2, 0xFF, 0xFE, 0, 1])
    twice_for_sure = bytes([PUBLISH | 0x04, 6, 0, 1, 0x61, 0, 9, 0])
    topic_too_long = bytes([PUBLISH, 4, 0, 9, 0x61, 0])
    endless_length = bytes([PUBLISH, 0x80, 0x80, 0x80, 0x80, 1])
    for raw in (not_utf_8, twice_for_sure, topic_too_long, endless_length, b""):
        assert deliveries_in(raw + b"more" * 9, 0) == ([], 0), raw
