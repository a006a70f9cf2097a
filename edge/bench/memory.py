"""How much memory a process holds, as the kernel counts it."""

from __future__ import annotations

from pathlib import Path

KB_PER_MB = 1024


def resident_mb(process: int | None = None) -> float:
    """What a process (its id; this one unless given) holds in memory now. Raises OSError when it is gone."""
    return _field_mb(process, "VmRSS")


def peak_mb(process: int | None = None) -> float:
    """The most it ever held. Not getrusage's ru_maxrss: a child begins that with its parent's size."""
    return _field_mb(process, "VmHWM")


def _field_mb(process: int | None, name: str) -> float:
    status = Path("/proc", "self" if process is None else str(process), "status")
    for line in status.read_text("ascii").splitlines():
        field, _, value = line.partition(":")
        if field == name:
            return int(value.split()[0]) / KB_PER_MB
    raise ProcessLookupError(f"{status} has no {name}: the process has ended")
