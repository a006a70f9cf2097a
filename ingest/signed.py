"""Stored envelopes: the message inside bytes whose signature was checked when they came."""

from __future__ import annotations

import base64
from typing import TypeVar

import msgspec

from config.wire import Passage, Traffic, decode

M = TypeVar("M", Passage, Traffic)


class _Stored(msgspec.Struct):
    payload: str


def message_in(raw: bytes, expected: type[M]) -> M:
    """The message that a stored envelope holds; the very bytes that were signed."""
    text = msgspec.json.decode(raw, type=_Stored).payload
    return decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), expected)
