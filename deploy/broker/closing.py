"""Ends a live MQTT session: mosquitto 2.0 asks for a certificate only when a connection begins.

A new revocation list, read at a SIGHUP, keeps a unit from coming back but leaves its connection open. A
broker must close that when another client takes its id (MQTT 5, 3.1.4-3), and so the door does.
"""

from __future__ import annotations

from threading import Event
from typing import Any

from config.link import connect, new_client
from config.settings import Broker

_ANSWER_WITHIN_S = 5.0


def close_session(broker: Broker, client_id: str) -> bool:
    """Take the place of `client_id` for a moment, and leave nothing of its session; whether that was done.

    `broker` is the listener where client ids are free. Raises LinkError.
    """
    answered = Event()
    taken: list[bool] = []

    def on_connect(client: object, userdata: object, flags: object, reason: Any, properties: object) -> None:
        taken.append(not reason.is_failure)
        answered.set()

    client = new_client(broker, client_id)
    client.on_connect = on_connect
    connect(client, broker, session_expiry_s=0)
    answered.wait(_ANSWER_WITHIN_S)
    client.disconnect()
    client.loop_stop()
    return any(taken)
