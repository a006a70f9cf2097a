"""How much memory this process holds, as the kernel counts it."""

from __future__ import annotations

from pathlib import Path

STATUS = Path("/proc/self/status")
KB_PER_MB = 1024


def resident_mb() -> float:
    """What the process holds in memory now."""
    return _field_mb("VmRSS")


def peak_mb() -> float:
    """The most it ever held. Not getrusage's ru_maxrss: a child begins that with its parent's size."""
    return _field_mb("VmHWM")


def _field_mb(name: str) -> float:
    for line in STATUS.read_text("ascii").splitlines():
        field, _, value = line.partition(":")
        if field == name:
            return int(value.split()[0]) / KB_PER_MB
    raise LookupError(f"{STATUS} has no {name}: this kernel does not count it")
