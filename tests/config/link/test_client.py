"""The client that reads and acknowledges in bulk, over a real broker."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence

import pytest
from paho.mqtt.client import MQTTMessage

from config.link import Delivery, connect, new_client
from config.settings import Broker
from deploy.broker.embedded import embedded_broker

# The embedded broker has a hundred messages on their way at once: more come only for those acknowledged.
COUNT, AT_ONCE = 300, 50


@pytest.fixture
def address() -> Iterator[Broker]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with embedded_broker(port):
        yield Broker(port=port)


def content(number: int) -> bytes:
    return number.to_bytes(2, "big") * (1 + 997 * number % 20_000)


class Listener:
    """Keeps what comes, and acknowledges every fifty messages together."""

    def __init__(self, address: Broker, *, in_bulk: bool) -> None:
        self.payloads: list[bytes] = []
        self.subscribed, self.done = threading.Event(), threading.Event()
        self._mids: list[int] = []
        self.client = new_client(address, "listener")
        self.client.on_connect = lambda *_: self.client.subscribe("bulk", qos=1)
        self.client.on_subscribe = lambda *_: self.subscribed.set()
        if in_bulk:
            self.client.on_deliveries = self._keep_all
        else:
            self.client.on_message = lambda client, _, message: self._keep(message)
        connect(self.client, address, session_expiry_s=0)

    def _keep_all(self, deliveries: Sequence[Delivery]) -> None:
        for each in deliveries:
            self._keep(each)

    def _keep(self, message: Delivery | MQTTMessage) -> None:
        self.payloads.append(bytes(message.payload))
        self._mids.append(message.mid)
        if len(self._mids) == AT_ONCE:
            self.client.ack_all(self._mids)
            self._mids = []
        if len(self.payloads) == COUNT:
            self.done.set()


@pytest.mark.parametrize("in_bulk", [True, False])
def test_messages_of_all_sizes_come_whole_in_order_and_are_acknowledged_together(
    address: Broker, *, in_bulk: bool
) -> None:
    listener, sender = Listener(address, in_bulk=in_bulk), new_client(address, "sender")
    connected = threading.Event()
    sender.on_connect = lambda *_: connected.set()
    connect(sender, address, session_expiry_s=0)
    assert listener.subscribed.wait(20)
    assert connected.wait(20)  # what is published earlier overtakes
    for number in range(COUNT):
        sender.publish("bulk", content(number), qos=1)
    assert listener.done.wait(60), f"{len(listener.payloads)} of {COUNT} came"
    assert listener.payloads == [content(number) for number in range(COUNT)]
    for client in (listener.client, sender):
        client.disconnect()
        client.loop_stop()


def test_nothing_to_acknowledge_sends_nothing(address: Broker) -> None:
    client = new_client(address, "idle")
    client.ack_all([])
    assert not client.want_write()
