"""Which entries and pictures go to the broker next.

Events first: a picture is handed over only when the one before it has arrived at the broker, so that an event
never stands in line behind more than one, however slow the link is. Newest and oldest events take turns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from paho.mqtt.client import Client

from config.wire import Receipt, SigningKey, seal, topic_for
from config.wire.envelope import Header
from config.wire.topics import Channel
from edge.outbox.outbox import Applied, Entry, Kind, Outbox, OutboxPicture
from edge.tally import Tally
from edge.uplink.broker_limits import BrokerLimits
from edge.uplink.in_flight import InFlight

_CHANNELS: dict[Kind, Channel] = {"passage": "passage", "traffic": "traffic", "loss": "health"}

_log = structlog.get_logger()


@dataclass(frozen=True)
class Pace:
    """How many entries and pictures may be without receipt at once, and when one is sent again.

    The wait doubles each time, up to `longest_s`.
    """

    entries: int = 100
    pictures: int = 8
    again_after_s: float = 30.0
    longest_s: float = 240.0


class Sending:
    """Sends one outbox under one unit's name, as far as there is room."""

    def __init__(
        self,
        agent_id: str,
        outbox: Outbox,
        key: SigningKey,
        tally: Tally,
        monotonic_s: Callable[[], float],
        pace: Pace,
    ) -> None:
        self._agent_id = agent_id
        self._outbox = outbox
        self._key = key
        self._tally = tally
        self._monotonic_s = monotonic_s
        self._entries: InFlight[int] = InFlight(pace.entries, pace.again_after_s, pace.longest_s)
        self._pictures: InFlight[str] = InFlight(pace.pictures, pace.again_after_s, pace.longest_s)
        self._outbox_id = outbox.outbox_id
        self._newest_first = self._newest_picture_first = True
        self._limits = BrokerLimits()

    def limit_to(self, limits: BrokerLimits) -> None:
        """Keep to what the broker takes. Raises OutboxError."""
        self._limits = limits
        too_large = self._outbox.pictures_above(limits.payload_bytes)
        if too_large:
            self._tally.count("pictures_too_large", too_large)
            _log.error("pictures_too_large", pictures=too_large, next="raise the broker's max_packet_size")

    def send(self, client: Client) -> None:
        """Hand over what has room. Raises OutboxError."""
        now_s = self._monotonic_s()
        self._notice_new_numbers()
        in_flight, room = self._entries.waiting_and_room(now_s, self._limits.unacknowledged)
        for entry in self._outbox.entries_to_send(in_flight, room, newest_first=self._newest_first):
            self._send_entry(client, entry, now_s)
        self._newest_first = not self._newest_first if room else self._newest_first
        waiting, room = self._pictures.waiting_and_room(now_s, 1)
        most_bytes = self._limits.payload_bytes
        newest_first = self._newest_picture_first
        for picture in self._outbox.pictures_to_send(
            waiting, min(room, 1), most_bytes, newest_first=newest_first
        ):
            self._send_picture(client, picture, now_s)
            self._newest_picture_first = not newest_first

    def settle(self, receipt: Receipt, applied: Applied) -> None:
        """Make room for what a receipt answers; what it asks for goes again at once."""
        if receipt.outbox_id == self._outbox_id:
            self._entries.settle([*receipt.accepted, *(refusal.seq for refusal in receipt.refused)])
        self._pictures.settle([*receipt.held_evidence, *applied.wanted])

    def forget_delivered(self) -> None:
        """Have everything sent again that the broker took and has forgotten."""
        self._entries.forget_delivered()
        self._pictures.forget_delivered()

    def _notice_new_numbers(self) -> None:
        if self._outbox.outbox_id != self._outbox_id:
            self._outbox_id = self._outbox.outbox_id
            self._entries.forget()
            self._tally.count("outboxes_begun_anew")

    def _send_entry(self, client: Client, entry: Entry, now_s: float) -> None:
        header = Header(kid=self._key.key_id, kind=entry.kind, outbox=entry.outbox_id, seq=entry.seq)
        sealed = seal(entry.payload, header, self._key)
        if len(sealed) > self._limits.payload_bytes:
            self._entries.add(entry.seq, now_s, None)
            self._tally.count("events_too_large")
            _log.error("event_too_large", seq=entry.seq, bytes=len(sealed), next="raise max_packet_size")
            return
        sent = client.publish(topic_for(self._agent_id, _CHANNELS[entry.kind]), sealed, qos=1)
        first = self._entries.add(entry.seq, now_s, sent)
        self._tally.count("events_sent" if first else "events_sent_again")

    def _send_picture(self, client: Client, picture: OutboxPicture, now_s: float) -> None:
        topic = topic_for(self._agent_id, "evidence", picture.sha256)
        first = self._pictures.add(picture.sha256, now_s, client.publish(topic, picture.jpeg, qos=1))
        self._tally.count("pictures_sent" if first else "pictures_sent_again")
