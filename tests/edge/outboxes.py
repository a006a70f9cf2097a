"""Outboxes as tests of them need them: pictures, receipts, and a look at what is in one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from config.wire import Receipt
from edge.outbox.outbox import Outbox, OutboxPicture

EVERYTHING = 10_000


def picture(name: str, size_bytes: int = 0) -> OutboxPicture:
    """A made-up picture whose hash is right."""
    jpeg = name.encode().ljust(size_bytes, b".")
    return OutboxPicture(hashlib.sha256(jpeg).hexdigest(), jpeg)


def receipt(outbox: Outbox, *accepted: int, **told: Any) -> Receipt:
    """What the centre says to this outbox."""
    return Receipt(agent_id="unit-1", outbox_id=outbox.outbox_id, accepted=accepted, **told)


def waiting(outbox: Outbox) -> dict[int, bytes]:
    """Payloads of the events without receipt, by their numbers."""
    return {entry.seq: entry.payload for entry in outbox.entries_to_send(set(), EVERYTHING)}


def pictures_here(outbox: Outbox, *pictures: OutboxPicture) -> set[str]:
    """Which of these pictures the outbox can send; it is asked for them as the centre would ask."""
    hashes = tuple(one.sha256 for one in pictures)
    outbox.apply(Receipt(agent_id="unit-1", outbox_id="f" * 32, want_evidence=hashes))
    return {one.sha256 for one in outbox.pictures_to_send(set(), EVERYTHING)} & set(hashes)


def lost(outbox: Outbox) -> dict[str, set[str | None]]:
    """What no event tells yet: hashes of pictures by cause, None for an outbox."""
    found: dict[str, set[str | None]] = {}
    for one in outbox.untold(EVERYTHING):
        found.setdefault(one.cause, set()).add(one.sha256)
    return found


def files_of(path: Path) -> set[str]:
    """The hashes of the picture files beside an outbox."""
    return {file.name for file in path.with_name(f"{path.stem}-pictures").iterdir()}
