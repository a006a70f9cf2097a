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
from config.link import Will, connect, leave, new_client, set_will
from config.settings import Broker
from config.wire import Receipt, SigningKey, VerifyingKeys, decode, open_envelope, seal, topic_for
from config.wire.envelope import Header
from edge.outbox.file import OutboxError
from edge.outbox.outbox import Outbox
from edge.tally import Tally
from edge.uplink.broker_limits import limits_told
from edge.uplink.heard import LastHeard
from edge.uplink.sending import Pace, Sending

__all__ = ["Centre", "Pace", "Presence", "Uplink"]

_SESSION_EXPIRY_S = 14 * 24 * 3600
_LOOK_EVERY_S = 0.5
_LOOK_AGAIN_AFTER_TROUBLE_S = 5.0
_SESSION_TAKEN_OVER = 0x8E

_log = structlog.get_logger()


@dataclass(frozen=True)
class Centre:
    """Where the broker is, and with which key the centre signs its receipts."""

    broker: Broker
    receipt_keys: VerifyingKeys


@dataclass(frozen=True)
class Presence:
    """What the broker says when the unit has vanished; who is told each time that the broker is reached.

    A link that is cut for less than `vanished_after_s` is no loss of the unit.
    """

    will: Callable[[], bytes]
    reached: Callable[[], None] = lambda: None
    vanished_after_s: int = 10


class Uplink:
    """Sends one outbox under one unit's name; applies the receipts, of which `heard` is the last."""

    def __init__(
        self,
        agent_id: str,
        outbox: Outbox,
        key: SigningKey,
        centre: Centre,
        tally: Tally,
        monotonic_s: Callable[[], float],
        presence: Presence,
        pace: Pace | None = None,
    ) -> None:
        self.heard = LastHeard(monotonic_s)
        self._agent_id = agent_id
        self._outbox = outbox
        self._key = key
        self._centre = centre
        self._tally = tally
        self._presence = presence
        self._sending = Sending(agent_id, outbox, key, tally, monotonic_s, pace or Pace())
        self._stopping, self._news, self._reached = Event(), Event(), Event()
        self._sender = Thread(target=self._send_until_stopped, name="uplink", daemon=True)
        self._refusals: set[str] = set()
        self._client = new_client(centre.broker, agent_id)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_publish = self._on_publish
        self._client.on_subscribe = self._on_subscribe

    def start(self) -> None:
        """Connect in the background, and send from now on."""
        self._set_will()
        connect(self._client, self._centre.broker, session_expiry_s=_SESSION_EXPIRY_S)
        self._sender.start()

    def stop(self) -> None:
        """Take leave of the broker; what is not answered stays in the outbox."""
        self._stopping.set()
        self._news.set()
        self._sender.join()
        leave(self._client)

    def wait_until_reached(self, within_s: float) -> bool:
        """Wait until the broker was reached once; whether it was."""
        return self._reached.wait(within_s)

    def is_connected(self) -> bool:
        """Whether the broker is reached now."""
        return self._client.is_connected()

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
                    self._sending.send(self._client)
                except OutboxError as error:
                    self._tally.count("outbox_unreadable")
                    _log.error("outbox_unreadable", error=str(error))
                    self._stopping.wait(_LOOK_AGAIN_AFTER_TROUBLE_S)

    def _set_will(self) -> None:
        """What is said when the connection that is made next breaks off."""
        try:
            payload = self._presence.will()
        except OutboxError as error:
            _log.error("no_new_will", error=str(error), next="the last one stays")
            return
        topic, after_s = topic_for(self._agent_id, "health"), self._presence.vanished_after_s
        set_will(self._client, Will(topic, payload, after_s))

    def _on_connect(self, client: Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            self._tally.count("connections_refused")
            _log.error("broker_refuses", reason=str(reason), next="check user, certificate and ACL")
            return
        self._reached.set()
        self._refusals.clear()
        self._tally.count("connections")
        _log.info("broker_connected", session_kept=flags.session_present)
        client.subscribe(topic_for(self._agent_id, "receipt"), qos=1)
        try:
            self._sending.limit_to(limits_told(properties))
        except OutboxError as error:
            _log.error("outbox_unreadable", error=str(error))
        if not flags.session_present:
            self._sending.forget_delivered()
        self._news.set()
        self._presence.reached()

    def _on_disconnect(self, client: Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if not reason.is_failure:
            return
        self._tally.count("connections_lost")
        self._set_will()
        if reason.value == _SESSION_TAKEN_OVER:
            self._tally.count("connections_taken_over")
            _log.error("broker_lost", reason=str(reason), next="another unit runs under this one's name")
        else:
            _log.warning("broker_lost", reason=str(reason))

    def _on_subscribe(self, client: Client, userdata: Any, mid: int, reasons: Any, properties: Any) -> None:
        for reason in reasons:
            if reason.is_failure:
                self._tally.count("subscriptions_refused")
                _log.error("subscription_refused", reason=str(reason), next="check the broker's ACL")

    def _on_publish(self, client: Client, userdata: Any, mid: int, reason: Any, properties: Any) -> None:
        """The broker's word on a message. What it did not take, or had nobody for, is sent again later."""
        if reason.is_failure:
            self._tally.count("messages_refused")
            if str(reason) not in self._refusals:  # once a connection: it may say so of each
                self._refusals.add(str(reason))
                _log.error("message_refused", reason=str(reason), next="check the broker's ACL and limits")
        else:
            self._tally.count("messages_unheard" if reason.value else "messages_taken")
        self._news.set()

    def _on_message(self, client: Client, userdata: Any, message: MQTTMessage) -> None:
        try:
            self._apply(bytes(message.payload))
        except WireError as error:
            self._tally.count("receipts_untrusted")
            _log.warning("receipt_untrusted", error=str(error))
        except OutboxError as error:
            self._tally.count("receipts_not_applied")
            _log.error("receipt_not_applied", error=str(error), next="it comes again when the event does")
        client.ack(message.mid, message.qos)
        self._news.set()

    def _apply(self, raw: bytes) -> None:
        envelope = open_envelope(raw, self._centre.receipt_keys)
        receipt = decode(envelope.payload, Receipt)
        ours = receipt.outbox_id == self._outbox.outbox_id
        applied = self._outbox.apply(receipt)
        self._sending.settle(receipt, applied)
        self.heard.note(receipt)
        self._tally.count("receipts" if ours else "receipts_of_another_outbox")
        self._tally.count("events_accepted", applied.accepted)
        self._tally.count("events_refused", len(applied.refused))
        self._tally.count("events_settled_before", applied.late)
        self._tally.count("pictures_held", applied.held)
        self._tally.count("pictures_wanted", len(applied.wanted))
        self._tally.count("pictures_gone", len(applied.gone))
        for seq, why in applied.refused:
            _log.error("event_refused", seq=seq, reason=why, next="it lies in the centre's quarantine")
