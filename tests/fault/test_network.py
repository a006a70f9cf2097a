"""The network of the fault suite: carries everything whole, changes what it is told to, and can be cut."""

from __future__ import annotations

import random
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from config.link import connect, new_client
from config.settings import Broker
from deploy.broker.embedded import embedded_broker
from tests.fault.mqtt_packets import Packets, publish_in
from tests.fault.processes import free_port, wait_for
from tests.fault.proxy import Network

TOPIC = "hgv/v1/unit-1/passage"


@pytest.fixture
def broker() -> Iterator[int]:
    port = free_port()
    with embedded_broker(port):
        yield port


class Talk:
    """A listener on the broker, and a speaker whose line goes through the network."""

    def __init__(self, broker_port: int) -> None:
        self.corrupted: list[tuple[str, bytes]] = []
        self.heard: list[bytes] = []
        self.network = Network(random.Random(1), lambda *told: self.corrupted.append(told))
        self.line = self.network.line(broker_port)
        self.listener = self.client("listener", broker_port, self.heard)
        self.speaker = self.client("speaker", self.line.port, [])

    def client(self, name: str, port: int, heard: list[bytes]) -> Any:
        ready = Event()
        client = new_client(Broker(port=port), name)
        client.on_connect = lambda client, *_: client.subscribe(TOPIC, qos=1)
        client.on_subscribe = lambda *_: ready.set()
        client.on_message = lambda client, _, message: self.keep(client, message, heard)
        connect(client, Broker(port=port), session_expiry_s=60)
        assert ready.wait(10)
        return client

    def keep(self, client: Any, message: Any, heard: list[bytes]) -> None:
        heard.append(bytes(message.payload))
        client.ack(message.mid, message.qos)

    def close(self) -> None:
        for client in (self.listener, self.speaker):
            client.disconnect()
            client.loop_stop()
        self.network.stop()


@pytest.fixture
def talk(broker: int) -> Iterator[Talk]:
    talk = Talk(broker)
    yield talk
    talk.close()


def test_messages_of_every_size_arrive_whole(talk: Talk) -> None:
    said = [bytes([size % 251]) * size for size in (0, 1, 100, 130, 17_000, 1_400_000)]
    for payload in said:
        talk.speaker.publish(TOPIC, payload, qos=1)
    wait_for("every message", lambda: len(talk.heard) >= len(said), 30)
    assert talk.heard == said
    assert talk.corrupted == []


def test_just_so_many_messages_are_changed_and_named(talk: Talk) -> None:
    said = [b"%04d" % number * 30 for number in range(5)]
    talk.line.to_corrupt = 2
    for payload in said:
        talk.speaker.publish(TOPIC, payload, qos=1)
    wait_for("every message", lambda: len(talk.heard) >= len(said), 30)
    assert talk.corrupted == [(TOPIC, payload) for payload in talk.heard[:2]]
    assert talk.heard[2:] == said[2:]
    for heard, payload in zip(talk.heard[:2], said[:2], strict=True):
        assert sum(a != b for a, b in zip(heard, payload, strict=True)) == 1


def test_a_line_that_was_cut_carries_again_when_it_is_healed(talk: Talk) -> None:
    talk.network.cut(talk.line)
    wait_for("the cut", lambda: not talk.speaker.is_connected(), 30)
    talk.speaker.publish(TOPIC, b"while away", qos=1)
    assert talk.heard == []
    talk.line.heal()
    wait_for("the message", lambda: b"while away" in talk.heard, 30)


def test_packets_are_found_however_the_stream_is_cut() -> None:
    topic = TOPIC.encode()
    body = len(topic).to_bytes(2, "big") + topic + b"\x00\x07" + b"\x00" + b"payload" * 40
    packet = b"\x32" + bytes([len(body) % 128 | 128, len(body) // 128]) + body
    ping = b"\xc0\x00"
    for cut in range(1, len(packet)):
        packets = Packets()
        found = [*packets.feed(ping + packet[:cut]), *packets.feed(packet[cut:] + ping)]
        assert found == [ping, packet, ping]
    publish = publish_in(packet)
    assert publish is not None
    assert (publish.topic, publish.payload) == (TOPIC, b"payload" * 40)
