"""Somebody on the broker who keeps what passes, sends it again, and sends what no unit has signed."""

from __future__ import annotations

import hashlib
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import msgspec
from joserfc.jwk import OKPKey

from config.link import connect, new_client
from config.settings import Broker
from config.wire import Passage, Plate, Receipt, SigningKey, decode, encode, parse_topic, peek_header, seal
from config.wire.envelope import Header
from tests.fault.envelopes import payload_in
from tests.fault.processes import wait_for

_MOST_KEPT = 3000
Message = tuple[str, bytes]


@dataclass
class Corrupted:
    """What the suite has corrupted or forged, so that it must end in quarantine: topic and bytes."""

    messages: set[Message] = field(default_factory=set)

    def add(self, topic: str, payload: bytes) -> None:
        """One more."""
        self.messages.add((topic, payload))

    def not_in(self, quarantined: set[tuple[str, str]]) -> list[Message]:
        """Those that are not among what the quarantine names."""
        return [
            (topic, payload)
            for topic, payload in sorted(self.messages)
            if (topic, hashlib.sha256(payload).hexdigest()) not in quarantined
        ]

    def hashes(self) -> set[tuple[str, str]]:
        """As the quarantine names them."""
        return {(topic, hashlib.sha256(payload).hexdigest()) for topic, payload in self.messages}


class Intruder:
    """Listens and sends on the broker itself, past the network's faults."""

    def __init__(
        self, broker: Broker, unit_keys: dict[str, SigningKey], corrupted: Corrupted, dice: random.Random
    ) -> None:
        self._unit_keys = unit_keys
        self._corrupted = corrupted
        self._dice = dice
        self._lock = Lock()
        self._kept: list[Message] = []
        self._accepted: set[tuple[str, int]] = set()
        self._forged_numbers = 0
        self._client = new_client(broker, "intruder")
        self._client.reconnect_delay_set(1, 2)
        self._client.on_connect = lambda client, *_: client.subscribe("hgv/v1/#", qos=1)
        self._client.on_message = self._keep
        connect(self._client, broker, session_expiry_s=0)

    def stop(self) -> None:
        """Go away."""
        self._client.disconnect()
        self._client.loop_stop()

    def heard_units(self) -> set[str]:
        """The units of which something has passed."""
        with self._lock:
            return {parse_topic(topic).agent_id for topic, _ in self._kept}

    def replay(self, count: int) -> int:
        """Send so many of the kept messages again as they were; how many there were."""
        messages = self._some(count, lambda message: True)
        for topic, payload in messages:
            self._client.publish(topic, payload, qos=1)
        return len(messages)

    def forge(self, count: int) -> int:
        """Send so many messages that must be refused, of each sort in turn; how many that gave."""
        sorts = (self._with_another_key, self._with_a_byte_changed, self._with_another_plate, _without_form)
        made = [
            sorts[number % len(sorts)](message) for number, message in enumerate(self._some(count, _passages))
        ]
        forged = [message for message in made if message is not None]
        for topic, payload in forged:
            self._corrupted.add(topic, payload)
        for topic, payload in forged:
            self._client.publish(topic, payload, qos=1)
        return len(forged)

    def _keep(self, client: Any, userdata: Any, message: Any) -> None:
        client.ack(message.mid, message.qos)
        payload = bytes(message.payload)
        with self._lock:
            if message.topic.endswith("/receipt"):
                receipt = decode(payload_in(payload), Receipt)
                self._accepted |= {(receipt.outbox_id, seq) for seq in receipt.accepted}
            if len(self._kept) < _MOST_KEPT:
                self._kept.append((message.topic, payload))
            else:
                self._kept[self._dice.randrange(_MOST_KEPT)] = message.topic, payload

    def _some(self, count: int, which: Callable[[Message], bool]) -> list[Message]:
        with self._lock:
            genuine = [kept for kept in self._kept if which(kept) and kept not in self._corrupted.messages]
        return self._dice.sample(genuine, min(count, len(genuine)))

    def _with_another_key(self, message: Message) -> Message:
        topic, payload = message
        stranger = SigningKey("stranger", OKPKey.generate_key("Ed25519"))
        return topic, seal(payload_in(payload), peek_header(payload), stranger)

    def _with_a_byte_changed(self, message: Message) -> Message:
        topic, payload = message
        at = len(payload) // 3 + self._dice.randrange(len(payload) // 3)
        other = b"B" if payload[at : at + 1] == b"A" else b"A"
        return topic, payload[:at] + other + payload[at + 1 :]

    def _with_another_plate(self, message: Message) -> Message | None:
        """Signed with the unit's own key, for an id that is stored: only its bytes give it away."""
        topic, payload = message
        header = peek_header(payload)
        with self._lock:
            if (header.outbox, header.seq) not in self._accepted:
                return None
        seen = decode(payload_in(payload), Passage)
        changed = msgspec.structs.replace(seen, plate=Plate(text="AA19AAA", confidence=0.9, looks=3))
        self._forged_numbers += 1
        told = Header(kid=header.kid, kind="passage", outbox="f" * 32, seq=self._forged_numbers)
        return topic, seal(encode(changed), told, self._unit_keys[seen.agent_id])


def send_once(broker: Broker, messages: list[Message], within_s: float) -> None:
    """Send messages over a connection of their own, until the broker has them or the time is over."""
    client = new_client(broker, f"sender-{secrets.token_hex(4)}")
    connect(client, broker, session_expiry_s=0)
    ends_at_s = time.monotonic() + within_s
    wait_for("the connection of the one who sends", client.is_connected, within_s)
    for told in [client.publish(topic, payload, qos=1) for topic, payload in messages]:
        told.wait_for_publish(max(0.0, ends_at_s - time.monotonic()))
    client.disconnect()
    client.loop_stop()


def _without_form(message: Message) -> Message:
    """Something that is no message at all, different each time."""
    topic, payload = message
    return topic, hashlib.sha512(payload).digest()


def _passages(message: Message) -> bool:
    return message[0].endswith("/passage")
