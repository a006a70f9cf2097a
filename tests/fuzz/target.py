"""One decoder under fuzz."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """`run` takes one input and raises only where the decoder failed: what it refuses is its work.

    Of a campaign's executions the target has `share` parts; the short form makes `short` of them.
    """

    name: str
    seeds: tuple[bytes, ...]
    run: Callable[[bytes], None]
    share: int
    short: int
