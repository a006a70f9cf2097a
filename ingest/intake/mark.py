"""Whose mark it is that a passage carries."""

from __future__ import annotations

from config.vrm import Format, format_of
from config.wire import Passage


def mark_of(passage: Passage) -> str | None:
    """The vehicle's mark; a trailer's own mark is never the vehicle's."""
    if passage.plate is None or format_of(passage.plate.text) is Format.TRAILER:
        return None
    return passage.plate.text
