"""What goes into an outbox and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from config.wire import LossCause

Kind = Literal["passage", "traffic", "loss"]


class Step(StrEnum):
    """The points around a commit at which a unit may die without anything being lost or sent twice."""

    PICTURES_SYNCED = "pictures_synced"
    PUT_WRITTEN = "put_written"
    PUT_COMMITTED = "put_committed"
    RECEIPT_WRITTEN = "receipt_written"
    RECEIPT_COMMITTED = "receipt_committed"
    LOSS_WRITTEN = "loss_written"
    LOSS_COMMITTED = "loss_committed"
    FILES_REMOVED = "files_removed"


@dataclass(frozen=True)
class Entry:
    """An event that has no receipt yet, and the outbox whose number it has."""

    outbox_id: str
    seq: int
    kind: Kind
    payload: bytes


@dataclass(frozen=True)
class OutboxPicture:
    """An evidence picture by its hash."""

    sha256: str
    jpeg: bytes


@dataclass(frozen=True)
class Earlier:
    """An outbox that was given up: its id and highest number, where known, and how many events go on."""

    outbox_id: str | None
    last_seq: int | None
    carried: int


@dataclass(frozen=True)
class Untold:
    """A loss that no event tells yet: of a picture by its hash, or of an earlier outbox."""

    number: int
    cause: LossCause
    sha256: str | None = None
    earlier: Earlier | None = None


@dataclass(frozen=True)
class Applied:
    """What a receipt changed here.

    `late` numbers were settled before. `wanted` pictures are to be sent again now, `gone` ones are not here.
    `begun_anew` where the receipt shows that another has used this outbox's numbers.
    """

    accepted: int
    refused: tuple[tuple[int, str], ...]
    late: int
    held: int
    wanted: frozenset[str]
    gone: frozenset[str]
    begun_anew: bool


@dataclass(frozen=True)
class OutboxState:
    """How full an outbox is: events without receipt, pictures that the centre does not have, bytes."""

    events: int
    pictures: int
    used_bytes: int
    most_bytes: int
