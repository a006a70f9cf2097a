"""What a unit says of itself: heartbeats with the state of clock and cameras, and what it has lost."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.wire.values import (
    VERSION,
    Count,
    Instant,
    LossCause,
    MessageId,
    Name,
    Sha256,
    SiteVersion,
    Storage,
    Words,
)


class ClockState(Struct, frozen=True, kw_only=True):
    """How far the unit's clock is ahead of UTC and may be off beside that. `source` says who estimated it.

    `within_tolerance` (since 1.2) is the unit's own judgement by its setting: False marks a time that proves
    nothing, None is one that nobody judged.
    """

    source: Literal["chrony", "kernel", "file", "unknown"]
    offset_s: float | None = None
    error_bound_s: Annotated[float, Meta(ge=0)] | None = None
    within_tolerance: bool | None = None


class CameraHealth(Struct, frozen=True, kw_only=True):
    """State of one camera since the last health message.

    `fault` names what is wrong with its pictures: black, blinded, noise, frozen, moved, resolution_changed.
    The camera was not seeing from `faulty_since` on, by the clock of its frames, although frames came. It saw
    without a break from `seeing_since` (since 1.2) to `last_frame_at`, whatever heartbeats came through.
    """

    camera_id: Name
    site_version: SiteVersion
    state: Literal["seeing", "no_frames", "ended", "faulty"]
    frames: Count
    last_frame_at: Instant | None = None
    reason: Words | None = None
    fault: Name | None = None
    faulty_since: Instant | None = None
    seeing_since: Instant | None = None


class Heard(Struct, frozen=True, kw_only=True):
    """The newest receipt that a unit has taken: when the centre sent it, by the centre's own clock, and for
    how long the unit has had it, by a clock that is never set. It bounds the unit's clock from above.
    """

    sent_at: Instant
    held_s: Annotated[float, Meta(ge=0)]


class Health(Struct, frozen=True, kw_only=True, tag="health", tag_field="type"):
    """A heartbeat. Never queued: an old one says nothing. `heard` since 1.2, None before any receipt.

    `storage` (since 1.2) says how the unit's disk took the last that was written: on a full one the oldest
    evidence goes, on a failing one nothing is kept that is seen now.
    """

    version: str = VERSION
    authority: Name
    agent_id: Name
    sent_at: Instant
    outbox_id: MessageId
    last_seq: Count
    depth: Count
    clock: ClockState
    cameras: Annotated[tuple[CameraHealth, ...], Meta(max_length=64)]
    software: Annotated[str, Meta(max_length=64)]
    models: dict[str, Sha256] = {}
    counters: dict[str, Count] = {}
    state: Literal["up", "stopping", "lost"] = "up"
    heard: Heard | None = None
    storage: Storage = "ok"


class Loss(Struct, frozen=True, kw_only=True, tag="loss", tag_field="type"):
    """What a unit had and cannot send any more, or may have told under another's number (since 1.2).

    Numbered and kept like a passage; it travels on the health topic. `pictures` are hashes of evidence that
    will not come. `earlier_outbox_id` is the outbox that was given up, `earlier_last_seq` the highest number
    known to have been given in it, `carried` how many of its events go on in the outbox that tells this.
    """

    version: str = VERSION
    loss_id: MessageId
    authority: Name
    agent_id: Name
    noticed_at: Instant
    cause: LossCause
    words: Words
    pictures: Annotated[tuple[Sha256, ...], Meta(max_length=1000)] = ()
    earlier_outbox_id: MessageId | None = None
    earlier_last_seq: Count | None = None
    carried: Count = 0
