"""Messages as they come from the broker, before anything about them is believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from config.wire import Envelope, Health, Loss, Passage, Traffic

Message = Passage | Traffic | Health | Loss


@dataclass(frozen=True)
class Arrival:
    """One delivery: what came, when, and what the broker wants back (`mid` on link number `link`)."""

    topic: str
    payload: bytes
    received_at: datetime
    mid: int
    link: int


@dataclass(frozen=True)
class Sender:
    """Whose key has signed a message, and the outbox entry that it is; seq 0 for a heartbeat.

    `digest` is that of the payload: one number may have been given to two where a card was copied.
    """

    authority: str
    agent_id: str
    outbox_id: str
    seq: int
    digest: str


@dataclass(frozen=True)
class Signed:
    """A message whose signature, sender and structure are right."""

    arrival: Arrival
    sender: Sender
    envelope: Envelope
    message: Message


@dataclass(frozen=True)
class Picture:
    """A JPEG whose hash is the one in its topic. Whether a passage names it is known later."""

    arrival: Arrival
    agent_id: str
    sha256: str


@dataclass(frozen=True)
class Refused:
    """An arrival for quarantine; `sender` where its signature can be trusted, so that it is answered."""

    arrival: Arrival
    code: str
    reason: str
    sender: Sender | None = None


Admitted = Signed | Picture | Refused
