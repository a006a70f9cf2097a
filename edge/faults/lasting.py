"""A sign counts when it has lasted, and is over when it has been gone for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

GONE_AFTER_S = 10.0


@dataclass
class Lasting:
    """Note the sign at each look; before it counts, a single look without it begins it anew."""

    after_s: float
    since: datetime | None = None
    _first_s: float | None = None
    _last_s: float = 0.0

    def note(self, shows: bool, watched_s: float, at: datetime) -> bool:
        """Whether the sign counts after this look, `watched_s` into watching; `since` is its first."""
        if shows:
            if self._first_s is None:
                self._first_s, self.since = watched_s, at
            self._last_s = watched_s
        elif self._first_s is not None and not self._still_counts(watched_s):
            self._first_s = self.since = None
        return self._first_s is not None and self._last_s - self._first_s >= self.after_s

    def _still_counts(self, watched_s: float) -> bool:
        counted = self._first_s is not None and self._last_s - self._first_s >= self.after_s
        return counted and watched_s - self._last_s < GONE_AFTER_S
