"""The ingester's side of MQTT: deliveries into a fair queue, acknowledged by hand after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

import structlog
from paho.mqtt.client import Client

from config.clock import Clock
from config.link import Delivery, connect, leave, new_client
from config.settings import Broker
from config.wire.topics import UPWARD
from ingest.intake.ack_order import AckOrder
from ingest.intake.arrivals import Arrival
from ingest.intake.fair_queue import FairQueue, UnitLimits, unit_of
from ingest.metrics import Metrics

_SESSION_EXPIRY_S = 14 * 24 * 3600

_log = structlog.get_logger()


class BrokerLink:
    """A connection that comes back by itself; the broker keeps its session for two weeks.

    A unit that floods has its messages shed: acknowledged, so that the broker can go on to those of others,
    but neither stored nor answered.
    """

    def __init__(self, broker: Broker, client_id: str, clock: Clock, metrics: Metrics) -> None:
        self._broker = broker
        self._clock = clock
        self._metrics = metrics
        self._arrivals = FairQueue(UnitLimits())
        self._lock = Lock()
        self._order = AckOrder()
        self._link = 0
        self._client = new_client(broker, client_id)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = _on_subscribe
        self._client.on_disconnect = self._on_disconnect
        self._client.on_deliveries = self._on_deliveries

    def start(self) -> None:
        """Connect in the background, and again for ever."""
        connect(self._client, self._broker, session_expiry_s=_SESSION_EXPIRY_S)

    def stop(self) -> None:
        """Disconnect; the broker keeps what is not acknowledged."""
        leave(self._client)

    def take(self, most: int, *, first_within_s: float, all_within_s: float) -> list[Arrival]:
        """The next arrivals: up to `most`, waiting for the first, then no longer than `all_within_s`."""
        return self._arrivals.take(most, first_within_s=first_within_s, all_within_s=all_within_s)

    def acknowledge(self, arrivals: Iterable[Arrival]) -> None:
        """Let the broker forget arrivals. Those of an earlier connection it has sent again anyway."""
        with self._lock:
            self._ack(arrival.mid for arrival in arrivals if arrival.link == self._link)

    def send(self, topic: str, payload: bytes) -> None:
        """Hand a message to the client; it goes when the link is up."""
        self._client.publish(topic, payload, qos=1)

    def _on_connect(self, client: Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            _log.error("broker_refuses", reason=str(reason), next="check user, certificate and ACL")
            return
        with self._lock:
            self._link += 1
            self._order = AckOrder()
        self._metrics.connected.set(1)
        _log.info("broker_connected", session_kept=flags.session_present)
        for channel in UPWARD:
            client.subscribe(channel, qos=1)

    def _on_disconnect(self, client: Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        self._metrics.connected.set(0)
        if reason.is_failure:
            _log.warning("broker_lost", reason=str(reason))

    def _on_deliveries(self, deliveries: Sequence[Delivery]) -> None:
        received_at = self._clock()
        arrivals = [
            Arrival(came.topic, came.payload, received_at, came.mid, self._link) for came in deliveries
        ]
        with self._lock:
            self._order.came(arrival.mid for arrival in arrivals if arrival.mid)  # QoS 0 asks for none
        shed = self._arrivals.put(arrivals)
        for arrival in shed:
            self._metrics.count_shed(arrival.topic, unit_of(arrival.topic))
        if shed:
            with self._lock:
                self._ack(arrival.mid for arrival in shed)

    def _ack(self, mids: Iterable[int]) -> None:
        self._client.ack_all(self._order.done(mids))


def _on_subscribe(client: Client, userdata: Any, mid: int, reasons: Any, properties: Any) -> None:
    for reason in reasons:
        if reason.is_failure:
            _log.error("subscription_refused", reason=str(reason), next="check the broker's ACL")
