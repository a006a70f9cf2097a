"""How far the unit's clock may be off, as chrony says, or else the kernel."""

from __future__ import annotations

import ctypes
import ctypes.util
import math
import shutil
import subprocess

from config.wire import ClockState

UNKNOWN = ClockState(source="unknown")
_ASK_WITHIN_S = 3.0
_OWN_CLOCK = "7F7F0101"  # chrony's reference where `local` has it serve its own clock: it follows nobody
_NOT_SYNCHRONISED = 5  # TIME_ERROR of adjtimex(2)
_NANOSECONDS = 0x2000  # STA_NANO: the offset is in nanoseconds, else in microseconds


def clock_state() -> ClockState:
    """The best estimate that the unit has: chrony's, else the kernel's; unknown where nobody steers it."""
    chronyc = shutil.which("chronyc")
    if chronyc is not None:
        told = _chrony_says(chronyc)
        if told is not None:
            return from_chrony(told)
    return _from_kernel()


def from_chrony(tracking: str) -> ClockState:
    """What a line of `chronyc -c tracking` says; unknown unless chrony follows a source.

    The error bound is chrony's own: root dispersion and half the root delay (chronyc(1), "tracking"). Its
    system time is a correction, so a clock that is ahead has it negative.
    """
    fields = tracking.strip().split(",")
    if len(fields) < 14 or fields[13] == "Not synchronised" or fields[0] == _OWN_CLOCK:
        return UNKNOWN
    try:
        correction_s, delay_s, dispersion_s = float(fields[4]), float(fields[10]), float(fields[11])
    except ValueError:
        return UNKNOWN
    bound_s = dispersion_s + delay_s / 2
    if not (math.isfinite(correction_s) and math.isfinite(bound_s)):
        return UNKNOWN
    return ClockState(source="chrony", offset_s=0.0 - correction_s, error_bound_s=bound_s)


def _chrony_says(chronyc: str) -> str | None:
    try:
        told = subprocess.run(  # noqa: S603 - chronyc as found on the path, fixed arguments
            [chronyc, "-c", "tracking"], capture_output=True, text=True, timeout=_ASK_WITHIN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return told.stdout if told.returncode == 0 else None


class _Timeval(ctypes.Structure):
    _fields_ = (("tv_sec", ctypes.c_long), ("tv_usec", ctypes.c_long))


class _Timex(ctypes.Structure):
    """struct timex of adjtimex(2), with its reserved end."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long),
        ("precision", ctypes.c_long),
        ("tolerance", ctypes.c_long),
        ("time", _Timeval),
        ("tick", ctypes.c_long),
        ("reserved", ctypes.c_long * 32),
    )


def _from_kernel() -> ClockState:
    try:
        adjtimex = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True).adjtimex
    except (OSError, AttributeError):
        return UNKNOWN
    state = _Timex()
    answer = adjtimex(ctypes.byref(state))
    if answer < 0 or answer == _NOT_SYNCHRONISED:
        return UNKNOWN
    correction_s = state.offset / (1e9 if state.status & _NANOSECONDS else 1e6)
    return ClockState(source="kernel", offset_s=0.0 - correction_s, error_bound_s=state.maxerror / 1e6)
