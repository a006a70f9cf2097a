"""The centre as a unit sees it: a broker, and somebody who answers with receipts."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from joserfc.jwk import OKPKey
from paho.mqtt.client import MQTTMessage

from config.link import connect, new_client
from config.settings import Broker
from config.wire import Receipt, SigningKey, encode, peek_header, seal, topic_for
from config.wire.envelope import Header
from config.wire.topics import UPWARD, parse_topic
from deploy.broker.embedded import embedded_broker

WITHIN_S = 30.0


def wait_for(condition: Callable[[], object], what: str = "what was awaited") -> None:
    """Wait until `condition` holds; fail when it takes too long."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen in {WITHIN_S} s"
        time.sleep(0.02)


@contextmanager
def broker() -> Iterator[Broker]:
    """An embedded broker on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with embedded_broker(port):
        yield Broker(port=port)


@dataclass
class Centre:
    """Writes down what comes; answers as `answer` says: the receipt for a message, or None."""

    broker: Broker
    answer: Callable[[str, bytes], Receipt | None]
    key: SigningKey = field(default_factory=lambda: SigningKey("ingest:1", OKPKey.generate_key("Ed25519")))
    came: list[tuple[str, bytes]] = field(default_factory=list)

    @contextmanager
    def listening(self) -> Iterator[Centre]:
        """Listen and answer while the context lasts."""
        client = new_client(self.broker, "centre")
        ready: list[Any] = []
        client.on_connect = lambda c, *_: [c.subscribe(channel, qos=1) for channel in UPWARD]
        client.on_subscribe = lambda *told: ready.append(told)
        client.on_message = self._on_message
        connect(client, self.broker, session_expiry_s=3600)
        self._client = client
        wait_for(lambda: len(ready) == len(UPWARD), "the centre's subscription")
        try:
            yield self
        finally:
            client.disconnect()
            client.loop_stop()

    def count(self, channel: str) -> int:
        """How many messages came on a channel."""
        return sum(parse_topic(topic).channel == channel for topic, _ in self.came)

    def send(self, receipt: Receipt, key: SigningKey | None = None) -> None:
        """Send a receipt, signed with our key or with another."""
        signing = key or self.key
        raw = seal(encode(receipt), Header(kid=signing.key_id, kind="receipt"), signing)
        self._client.publish(topic_for(receipt.agent_id, "receipt"), raw, qos=1)

    def _on_message(self, client: Any, userdata: Any, message: MQTTMessage) -> None:
        self.came.append((message.topic, bytes(message.payload)))
        client.ack(message.mid, message.qos)
        receipt = self.answer(message.topic, bytes(message.payload))
        if receipt is not None:
            self.send(receipt)


def accepts(topic: str, payload: bytes) -> Receipt | None:
    """A centre that takes everything."""
    told = parse_topic(topic)
    if told.channel == "evidence":
        return Receipt(agent_id=told.agent_id, outbox_id="f" * 32, held_evidence=(told.sha256 or "",))
    header = peek_header(payload)
    if header.outbox is None or header.seq is None:
        return None
    return Receipt(agent_id=told.agent_id, outbox_id=header.outbox, accepted=(header.seq,))


def silent(topic: str, payload: bytes) -> Receipt | None:
    """A centre that says nothing."""
    return None
