"""From the outbox to the broker, and receipts back.

An entry is sent again until its receipt comes; a picture goes once its event is accepted, and again until it
is held. How much is in flight is bounded, so that a backlog does not flood the link.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from typing import Any

import structlog
from paho.mqtt.client import Client, MQTTMessage

from config.errors import WireError
from config.link import Will, connect, new_client
from config.settings import Broker
from config.wire import Receipt, SigningKey, VerifyingKeys, decode, open_envelope, seal, topic_for
from config.wire.envelope import Header
from edge.heard import LastHeard
from edge.in_flight import InFlight
from edge.outbox import Entry, Outbox, OutboxPicture
from edge.outbox_file import OutboxError
from edge.tally import Tally

_SESSION_EXPIRY_S = 14 * 24 * 3600
_LOOK_EVERY_S = 0.5

_log = structlog.get_logger()


@dataclass(frozen=True)
class Pace:
    """How many entries and pictures may be without answer at once, and when one is sent again."""

    entries: int = 100
    pictures: int = 8
    again_after_s: float = 30.0


@dataclass(frozen=True)
class Centre:
    """Where the broker is, and with which key the centre signs its receipts."""

    broker: Broker
    receipt_keys: VerifyingKeys


class Uplink:
    """Sends one outbox under one unit's name. `will` is what the broker says when the unit vanishes.

    `heard` tells which receipt of the centre came last.
    """

    def __init__(
        self,
        agent_id: str,
        outbox: Outbox,
        key: SigningKey,
        centre: Centre,
        tally: Tally,
        monotonic_s: Callable[[], float],
        will: bytes,
        pace: Pace | None = None,
    ) -> None:
        self._agent_id = agent_id
        self._outbox = outbox
        self._key = key
        self._centre = centre
        self._tally = tally
        self._monotonic_s = monotonic_s
        self._pace = pace or Pace()
        self.heard = LastHeard(monotonic_s)
        self._entries: InFlight[int] = InFlight(self._pace.entries, self._pace.again_after_s)
        self._pictures: InFlight[str] = InFlight(self._pace.pictures, self._pace.again_after_s)
        self._stopping, self._news, self._reached = Event(), Event(), Event()
        self._sender = Thread(target=self._send_until_stopped, name="uplink", daemon=True)
        health = topic_for(agent_id, "health")
        self._client = new_client(centre.broker, agent_id, will=Will(health, will))
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = _on_disconnect
        self._client.on_message = self._on_message

    def start(self) -> None:
        """Connect in the background, and send from now on."""
        connect(self._client, self._centre.broker, session_expiry_s=_SESSION_EXPIRY_S)
        self._sender.start()

    def stop(self) -> None:
        """Take leave of the broker; what is not answered stays in the outbox."""
        self._stopping.set()
        self._news.set()
        self._sender.join()
        self._client.disconnect()
        self._client.loop_stop()

    def wait_until_reached(self, within_s: float) -> bool:
        """Wait until the broker was reached once; whether it was."""
        return self._reached.wait(within_s)

    def look(self) -> None:
        """Have the outbox looked at now: something was put."""
        self._news.set()

    def send_health(self, payload: bytes, *, within_s: float | None = None) -> bool:
        """Send a heartbeat if the broker is reached, waiting `within_s` for its word; whether it went."""
        if not self._client.is_connected():
            self._tally.count("heartbeats_unsent")
            return False
        sealed = seal(payload, Header(kid=self._key.key_id, kind="health"), self._key)
        sent = self._client.publish(topic_for(self._agent_id, "health"), sealed, qos=1)
        if within_s is not None:
            sent.wait_for_publish(within_s)
        self._tally.count("heartbeats")
        return True

    def _send_until_stopped(self) -> None:
        while not self._stopping.is_set():
            self._news.wait(_LOOK_EVERY_S)
            self._news.clear()
            if self._client.is_connected():
                try:
                    self._send_what_has_room()
                except OutboxError as error:
                    _log.error("outbox_unreadable", error=str(error))

    def _send_what_has_room(self) -> None:
        now_s = self._monotonic_s()
        for entry in self._outbox.entries_to_send(*self._entries.waiting_and_room(now_s)):
            self._send_entry(entry, now_s)
        for picture in self._outbox.pictures_to_send(*self._pictures.waiting_and_room(now_s)):
            self._send_picture(picture, now_s)

    def _send_entry(self, entry: Entry, now_s: float) -> None:
        header = Header(kid=self._key.key_id, kind=entry.kind, outbox=self._outbox.outbox_id, seq=entry.seq)
        sealed = seal(entry.payload, header, self._key)
        sent = self._client.publish(topic_for(self._agent_id, entry.kind), sealed, qos=1)
        first = self._entries.add(entry.seq, now_s, sent)
        self._tally.count("events_sent" if first else "events_sent_again")

    def _send_picture(self, picture: OutboxPicture, now_s: float) -> None:
        topic = topic_for(self._agent_id, "evidence", picture.sha256)
        self._pictures.add(picture.sha256, now_s, self._client.publish(topic, picture.jpeg, qos=1))
        self._tally.count("pictures_sent")

    def _on_connect(self, client: Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            _log.error("broker_refuses", reason=str(reason), next="check user, certificate and ACL")
            return
        self._reached.set()
        self._tally.count("connections")
        _log.info("broker_connected", session_kept=flags.session_present)
        client.subscribe(topic_for(self._agent_id, "receipt"), qos=1)
        if not flags.session_present:
            self._entries.forget_delivered()
            self._pictures.forget_delivered()
        self._news.set()

    def _on_message(self, client: Client, userdata: Any, message: MQTTMessage) -> None:
        try:
            self._apply(bytes(message.payload))
        except WireError as error:
            self._tally.count("receipts_untrusted")
            _log.warning("receipt_untrusted", error=str(error))
        except OutboxError as error:
            _log.error("receipt_not_applied", error=str(error), next="it comes again when the event does")
            return
        client.ack(message.mid, message.qos)
        self._news.set()

    def _apply(self, raw: bytes) -> None:
        envelope = open_envelope(raw, self._centre.receipt_keys)
        receipt = decode(envelope.payload, Receipt)
        self.heard.note(receipt)
        applied = self._outbox.apply(receipt)
        ours = receipt.outbox_id == self._outbox.outbox_id
        if ours:
            self._entries.settle([*receipt.accepted, *(refusal.seq for refusal in receipt.refused)])
        self._pictures.settle([*receipt.held_evidence, *applied.wanted])
        self._tally.count("receipts" if ours else "receipts_of_another_outbox")
        self._tally.count("events_accepted", applied.accepted)
        self._tally.count("events_refused", len(applied.refused))
        self._tally.count("pictures_held", applied.held)
        self._tally.count("pictures_gone", len(applied.gone))
        for seq, reason in applied.refused:
            _log.error("event_refused", seq=seq, reason=reason, next="it lies in the centre's quarantine")


def _on_disconnect(client: Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
    if reason.is_failure:
        _log.warning("broker_lost", reason=str(reason))
