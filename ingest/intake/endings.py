"""Every way in which a message can end at the centre, by kind; each is a series of `hgv_ingest_messages`.

Counters start at 0 for all of them, so that the first of its kind is an increase that an alert can see.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from config.wire.topics import Channel

KINDS = (*(channel for channel in get_args(Channel) if channel != "receipt"), "loss", "unknown")

# Why a message is put aside: `code` of its row in quarantine.
CODES = (
    "absurd_time",
    "no_key",
    "not_evidence",
    "other_authority",
    "other_bytes",
    "other_kind",
    "other_unit",
    "revoked_key",
    "undecodable",
    "unknown_key",
    "unknown_version",
    "unnumbered",
    "unstorable",
    "untrusted",
)
_STORED = ("stored", "duplicate")
_OTHERWISE = {"passage": (*_STORED, "deleted"), "evidence": ("held", "unnamed"), "unknown": ()}


def endings() -> Iterator[tuple[str, str]]:
    """Each kind with each of its endings."""
    for kind in KINDS:
        yield from ((kind, ending) for ending in _OTHERWISE.get(kind, _STORED))
        yield kind, "shed"
        yield from ((kind, f"quarantined_{code}") for code in CODES)


def kind_of(topic: str) -> str:
    """The kind of message that a topic promises."""
    parts = topic.split("/", 4)
    channel = parts[3] if len(parts) > 3 and parts[:2] == ["hgv", "v1"] else ""
    return channel if channel in get_args(Channel) and channel in KINDS else "unknown"
