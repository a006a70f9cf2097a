"""What the centre answers: which numbers it has, which it has not taken, which pictures it wants."""

from __future__ import annotations

from msgspec import Struct

from config.wire.values import VERSION, Count, Digest, Instant, MessageId, Name, Sha256, Words


class Refusal(Struct, frozen=True, kw_only=True):
    """An outbox entry that the centre put into quarantine, and why. `digest` (since 1.2) as in a receipt."""

    seq: Count
    reason: Words
    digest: Digest | None = None


class Receipt(Struct, frozen=True, kw_only=True, tag="receipt", tag_field="type"):
    """What the centre has committed. Lists, because several ingesters may answer. `sent_at` since 1.2.

    `digests` (since 1.2) are those of the accepted payloads, in the order of `accepted`; empty where the
    ingester does not say. An outbox forgets only what has the same bytes: a number may have been given twice
    where a card was copied.
    """

    version: str = VERSION
    agent_id: Name
    outbox_id: MessageId
    sent_at: Instant | None = None
    accepted: tuple[Count, ...] = ()
    digests: tuple[Digest, ...] = ()
    refused: tuple[Refusal, ...] = ()
    held_evidence: tuple[Sha256, ...] = ()
    want_evidence: tuple[Sha256, ...] = ()
