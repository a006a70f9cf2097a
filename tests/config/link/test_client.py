"""The client that reads and acknowledges in bulk, over a real broker."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from config.link import connect, new_client
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

    def __init__(self, address: Broker) -> None:
        self.payloads: list[bytes] = []
        self.subscribed, self.done = threading.Event(), threading.Event()
        self._mids: list[int] = []
        self.client = new_client(address, "listener")
        self.client.on_connect = lambda *_: self.client.subscribe("bulk", qos=1)
        self.client.on_subscribe = lambda *_: self.subscribed.set()
        self.client.on_message = self._keep
        connect(self.client, address, session_expiry_s=0)

    def _keep(self, client: Any, userdata: Any, message: Any) -> None:
        self.payloads.append(message.payload)
        self._mids.append(message.mid)
        if len(self._mids) == AT_ONCE:
            self.client.ack_all(self._mids)
            self._mids = []
        if len(self.payloads) == COUNT:
            self.done.set()


def test_messages_of_all_sizes_come_whole_in_order_and_are_acknowledged_together(address: Broker) -> None:
    listener, sender = Listener(address), new_client(address, "sender")
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
