"""How an enquiry at a register's service can fail. None of these says anything about the vehicle."""

from __future__ import annotations

from enum import StrEnum

from enforcement.errors import RegisterUnavailable


class Cause(StrEnum):
    """Why an enquiry gave no answer."""

    TIMED_OUT = "timed_out"
    CUT_OFF = "cut_off"
    THROTTLED = "throttled"
    KEY_REFUSED = "key_refused"
    FAILING = "failing"
    UNREADABLE = "unreadable"
    OTHER_VEHICLE = "other_vehicle"
    PAUSED = "paused"


class ServiceFault(RegisterUnavailable):
    """One enquiry failed. `retry_after_s` is how long the service, or the pause after faults, wants quiet."""

    def __init__(self, cause: Cause, why: str, retry_after_s: float = 0.0) -> None:
        self.cause = cause
        self.retry_after_s = retry_after_s
        super().__init__(why)
