"""What fields of messages are made of: patterns, ranges, lengths."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

VERSION = "1.2"

Instant = Annotated[datetime, Meta(tz=True)]
Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
# What a database has room for: a number beyond it, or a NUL in a text, is no message of ours.
Count = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Seq = Annotated[int, Meta(ge=1, le=2**63 - 1)]
SiteVersion = Annotated[int, Meta(ge=1, le=1_000_000)]
Vehicles = Annotated[int, Meta(ge=0, le=1_000_000)]
VehicleClass = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00]*$")]
Mark = Annotated[str, Meta(min_length=1, max_length=12, pattern=r"^[A-Z0-9]+$")]
Pixels = Annotated[int, Meta(ge=0, le=20_000)]
MessageId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
Words = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00]*$")]

Direction = Literal["towards", "away", "unknown"]
Storage = Literal["ok", "full", "failing"]
LossCause = Literal["disk_full", "picture_damaged", "not_here", "outbox_damaged", "outbox_copied"]
