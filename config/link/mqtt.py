"""An MQTT v5 client as this system uses it: QoS 1, a session that survives, acknowledgement by hand."""

from __future__ import annotations

import ipaddress
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from config.errors import LinkError
from config.link.client import BulkClient
from config.settings import Broker, Tls

_RECONNECT_MIN_S = 1
_RECONNECT_MAX_S = 60

_log = structlog.get_logger()


@dataclass(frozen=True)
class Will:
    """What the broker says for a client that vanished and stays away for `after_s`."""

    topic: str
    payload: bytes
    after_s: int


def new_client(broker: Broker, client_id: str) -> BulkClient:
    """A client with manual acknowledgement and its link security set up, not yet connected.

    Set its callbacks, then call `connect`. A renewed certificate is taken at the next connection. Raises
    LinkError for certificate files that cannot be used, and for a broker elsewhere without TLS.
    """
    client = BulkClient(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTv5, manual_ack=True)
    client.reconnect_delay_set(_RECONNECT_MIN_S, _RECONNECT_MAX_S)
    if broker.tls is not None:
        _secure(client, broker.tls)
    elif not _is_this_machine(broker.host):
        raise LinkError(
            f"the broker {broker.host} is another machine, and 'broker' has no 'tls': everybody on the way "
            "could read and change what is sent; name the certificate files under 'broker'"
        )
    return client


def set_will(client: Client, will: Will) -> None:
    """Leave `will` with the broker at the client's next connection."""
    properties = Properties(PacketTypes.WILLMESSAGE)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    properties.WillDelayInterval = will.after_s
    client.will_set(will.topic, will.payload, qos=1, properties=properties)


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


def tls_context(tls: Tls) -> ssl.SSLContext:
    """What the link is made with: TLS 1.2 or later, the broker checked, our certificate shown.

    Raises LinkError for files that cannot be used.
    """
    try:
        context = ssl.create_default_context(cafile=tls.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        _show_certificate(context, tls)
    except (OSError, ssl.SSLError) as error:
        files = f"{tls.ca_file}, {tls.certificate_file}, {tls.key_file}"
        raise LinkError(
            f"the certificate files {files} cannot be used: {error}; they come from: hgv-enforce keys issue"
        ) from error
    return context


def leave(client: Client) -> None:
    """Take leave of the broker and end the client's network loop."""
    client.disconnect()
    with suppress(AttributeError):  # paho forgets its thread when that ends by itself meanwhile
        client.loop_stop()


def _secure(client: Client, tls: Tls) -> None:
    context = tls_context(tls)
    client.tls_set_context(context)

    def take_renewed(client: Client, userdata: Any) -> None:
        try:
            _show_certificate(context, tls)
        except (OSError, ssl.SSLError) as error:
            _log.error("certificate_unusable", error=str(error), next="the one read before is shown")

    client.on_pre_connect = take_renewed


def _show_certificate(context: ssl.SSLContext, tls: Tls) -> None:
    context.load_cert_chain(tls.certificate_file, tls.key_file)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
