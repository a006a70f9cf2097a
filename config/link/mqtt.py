"""An MQTT v5 client as this system uses it: QoS 1, a session that survives, acknowledgement by hand."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from config.errors import LinkError
from config.settings import Broker, Tls

_RECONNECT_MIN_S = 1
_RECONNECT_MAX_S = 60


@dataclass(frozen=True)
class Will:
    """What the broker says for a client that vanished."""

    topic: str
    payload: bytes


def new_client(broker: Broker, client_id: str, *, will: Will | None = None) -> Client:
    """A client with manual acknowledgement and its link security set up, not yet connected.

    Set its callbacks, then call `connect`. Raises LinkError for certificate files that cannot be used.
    """
    client = Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTv5, manual_ack=True)
    client.reconnect_delay_set(_RECONNECT_MIN_S, _RECONNECT_MAX_S)
    if broker.tls is not None:
        client.tls_set_context(_tls_context(broker.tls))
    if will is not None:
        client.will_set(will.topic, will.payload, qos=1)
    return client


def connect(client: Client, broker: Broker, *, session_expiry_s: int) -> None:
    """Start the client's network loop; it connects, and reconnects for ever, in the background.

    The session (subscriptions and undelivered messages) is kept by the broker for `session_expiry_s`.
    """
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    properties.SessionExpiryInterval = session_expiry_s
    client.connect_async(
        broker.host, broker.port, broker.keepalive_s, clean_start=session_expiry_s == 0, properties=properties
    )
    client.loop_start()


def _tls_context(tls: Tls) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=tls.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(tls.certificate_file, tls.key_file)
    except (OSError, ssl.SSLError) as error:
        files = f"{tls.ca_file}, {tls.certificate_file}, {tls.key_file}"
        raise LinkError(f"the certificate files {files} cannot be used: {error}") from error
    return context
