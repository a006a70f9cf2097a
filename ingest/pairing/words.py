"""Times and spans in the words of a transit's reasons, as the console and the pack print them."""

from __future__ import annotations

from datetime import datetime

from config.clock import LONDON


def local_time(at: datetime) -> str:
    """An instant in local time: `14:05:09 on 6 October 2026`; the hour that comes twice says which it is."""
    local = at.astimezone(LONDON)
    zone = f" {local:%Z}" if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset() else ""
    return f"{local:%H:%M:%S}{zone} on {local.day} {local:%B %Y}"


def span(seconds: float) -> str:
    """Seconds as hours, minutes and seconds: `3 min 20 s`; parts of a second only where there are any."""
    minutes, rest_s = divmod(round(seconds, 3), 60)
    hours, minutes = divmod(int(minutes), 60)
    parts = [f"{hours} h"] if hours else []
    if minutes:
        parts.append(f"{minutes} min")
    if rest_s or not parts:
        parts.append(f"{round(rest_s, 3):g} s")
    return " ".join(parts)
