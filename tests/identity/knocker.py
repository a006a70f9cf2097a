"""Somebody with a certificate who sends what he likes, and sees what the broker says to it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from paho.mqtt.client import Client

from config.link import connect, new_client
from config.settings import Broker
from config.wire import Receipt, decode
from tests.identity.installation import wait_for


@dataclass
class Knocker:
    """An MQTT client. `said` has the broker's word on each message by its number, `heard` what came."""

    broker: Broker
    name: str
    reads: tuple[str, ...] = ()
    said: dict[int, str] = field(default_factory=dict)
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0
    refusals: list[str] = field(default_factory=list)
    lost: Event = field(default_factory=Event)
    subscribed: Event = field(default_factory=Event)

    @contextmanager
    def knocking(self) -> Iterator[Knocker]:
        """Try to get in, again and again, while the context lasts."""
        self.client: Client = new_client(self.broker, self.name)
        self.client.on_connect = self._on_connect
        self.client.on_disconnect = lambda *_: self.lost.set()
        self.client.on_publish = self._on_publish
        self.client.on_message = self._on_message
        self.client.on_subscribe = lambda *_: self.subscribed.set()
        connect(self.client, self.broker, session_expiry_s=3600)
        try:
            yield self
        finally:
            self.client.disconnect()
            self.client.loop_stop()

    @contextmanager
    def inside(self) -> Iterator[Knocker]:
        """The same, once the broker has let us in."""
        with self.knocking():
            wait_for(f"the connection of {self.name}", lambda: self.connections)
            assert not self.reads or self.subscribed.wait(30)
            yield self

    def send(self, topic: str, payload: bytes) -> int:
        """Send a message; its number."""
        return self.client.publish(topic, payload, qos=1).mid

    def word_on(self, mid: int) -> str:
        """What the broker says to a message that was sent."""
        wait_for(f"the broker's word on message {mid}", lambda: mid in self.said)
        return self.said[mid]

    def receipts(self) -> list[Receipt]:
        """The receipts that came, unverified."""
        return [decode(open_payload(raw), Receipt) for topic, raw in self.heard if topic.endswith("/receipt")]

    def _on_connect(self, client: Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            self.refusals.append(str(reason))
            return
        self.connections += 1
        for topic in self.reads:
            client.subscribe(topic, qos=1)

    def _on_publish(self, client: Client, userdata: Any, mid: int, reason: Any, properties: Any) -> None:
        self.said[mid] = str(reason)

    def _on_message(self, client: Client, userdata: Any, message: Any) -> None:
        self.heard.append((message.topic, bytes(message.payload)))
        client.ack(message.mid, message.qos)


def open_payload(raw: bytes) -> bytes:
    """The payload of an envelope whose signature does not matter here."""
    payload = json.loads(raw)["payload"]
    return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
