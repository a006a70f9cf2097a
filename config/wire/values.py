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
Count = Annotated[int, Meta(ge=0)]
Mark = Annotated[str, Meta(min_length=1, max_length=12, pattern=r"^[A-Z0-9]+$")]
Pixels = Annotated[int, Meta(ge=0, le=20_000)]
MessageId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
Words = Annotated[str, Meta(max_length=300)]

Direction = Literal["towards", "away", "unknown"]
LossCause = Literal["disk_full", "picture_damaged", "not_here", "outbox_damaged", "outbox_copied"]
