"""Who may come in: signature, sender, structure; and for pictures hash and size.

Nothing here touches the database but the ring of keys. What is wrong with a message is its reason in
quarantine.
"""

from __future__ import annotations

import hashlib

from joserfc.jwk import OKPKey

from config.errors import BadSignature, Undecodable, UnknownVersion
from config.wire import (
    Envelope,
    Health,
    Loss,
    Passage,
    Topic,
    Traffic,
    decode,
    digest_of,
    open_envelope,
    parse_topic,
)
from ingest.errors import EvidenceRefused, MessageRefused
from ingest.intake.arrivals import Admitted, Arrival, Message, Picture, Refused, Sender, Signed
from ingest.intake.jpeg import check_jpeg
from ingest.intake.keys import KeyRing, TrustedKey
from ingest.intake.plausible import check_times

LARGEST_PICTURE_BYTES = 1_500_000
# What may stand on which channel, by the kind that its envelope names.
_STRUCTS: dict[str, dict[str, type[Message]]] = {
    "passage": {"passage": Passage},
    "traffic": {"traffic": Traffic},
    "health": {"health": Health, "loss": Loss},
}


def admit(arrival: Arrival, keys: KeyRing) -> Admitted:
    """The arrival as what it is; `Refused` for what must go to quarantine. Raises nothing of its own."""
    try:
        topic = parse_topic(arrival.topic)
        if topic.channel == "evidence":
            return _picture(arrival, topic, keys)
        return _signed(arrival, topic, keys)
    except Undecodable as error:
        return Refused(arrival, "undecodable", str(error))
    except UnknownVersion as error:
        return Refused(arrival, "unknown_version", str(error))
    except BadSignature as error:
        return Refused(arrival, "untrusted", str(error))
    except MessageRefused as error:
        return Refused(arrival, error.code, error.reason)
    except EvidenceRefused as error:
        return Refused(arrival, "not_evidence", str(error))


def _picture(arrival: Arrival, topic: Topic, keys: KeyRing) -> Picture:
    if not keys.lets_in(topic.agent_id):
        raise MessageRefused("no_key", f"{topic.agent_id} has no key in force")
    if len(arrival.payload) > LARGEST_PICTURE_BYTES:
        raise EvidenceRefused(f"{len(arrival.payload)} bytes; a picture has at most {LARGEST_PICTURE_BYTES}")
    found = hashlib.sha256(arrival.payload).hexdigest()
    if topic.sha256 is None or found != topic.sha256:
        raise EvidenceRefused(f"the bytes have the hash {found}, not the one in the topic")
    check_jpeg(arrival.payload)
    return Picture(arrival, topic.agent_id, found)


def _signed(arrival: Arrival, topic: Topic, keys: KeyRing) -> Signed | Refused:
    expected = _STRUCTS.get(topic.channel)
    if expected is None:
        raise Undecodable(f"nothing is taken from channel {topic.channel!r}")
    envelope, trusted = _opened(arrival.payload, keys)
    if trusted.agent_id != topic.agent_id:
        raise MessageRefused("other_unit", f"signed by {trusted.agent_id}, sent as {topic.agent_id}")
    header = envelope.header
    digest = digest_of(envelope.payload)
    sender = Sender(trusted.authority, trusted.agent_id, header.outbox or "", header.seq or 0, digest)
    try:
        message = _message(envelope, expected, topic.channel, trusted)
    except Undecodable as error:
        return Refused(arrival, "undecodable", str(error), _answerable(sender))
    except MessageRefused as error:
        return Refused(arrival, error.code, error.reason, _answerable(sender))
    return Signed(arrival, sender, envelope, message)


def _opened(raw: bytes, keys: KeyRing) -> tuple[Envelope, TrustedKey]:
    found: list[TrustedKey] = []

    def key_of(key_id: str) -> OKPKey:
        trusted = keys.get(key_id)
        if trusted is None:
            revoked = keys.is_revoked(key_id)
            code, why = ("revoked_key", "is revoked") if revoked else ("unknown_key", "is not enrolled")
            raise MessageRefused(code, f"the key {key_id!r} {why}")
        found.append(trusted)
        return trusted.key

    envelope = open_envelope(raw, key_of)
    return envelope, found[-1]


def _message(
    envelope: Envelope, expected: dict[str, type[Message]], channel: str, trusted: TrustedKey
) -> Message:
    kind = envelope.header.kind
    if kind not in expected:
        raise MessageRefused("other_kind", f"sealed as {kind}, sent as {channel}")
    message: Message = decode(envelope.payload, expected[kind])
    for what, said, known in (
        ("unit", message.agent_id, trusted.agent_id),
        ("authority", message.authority, trusted.authority),
    ):
        if said != known:
            raise MessageRefused(f"other_{what}", f"the message names {what} {said}, its key is of {known}")
    if kind != "health" and not (envelope.header.outbox and envelope.header.seq):
        raise MessageRefused("unnumbered", "the header has no outbox and sequence number")
    check_times(message)
    return message


def _answerable(sender: Sender) -> Sender | None:
    """Only an outbox entry gets an answer."""
    return sender if sender.outbox_id and sender.seq else None
