"""A circuit breaker: after several faults in a row a service is left alone for a while, then tried once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from enforcement.register.faults import Cause, ServiceFault


@dataclass
class CircuitBreaker:
    """Opens after `faults_in_a_row` for `pause_s`, or for as long as the service asked; safe between threads.

    A refused key and a Retry-After open it at once, since every other enquiry would meet the same.
    """

    faults_in_a_row: int
    pause_s: float
    monotonic_s: Callable[[], float]
    _faults: int = field(default=0, init=False)
    _opens_again_at_s: float | None = field(default=None, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def admit(self) -> None:
        """Let an enquiry through; after a pause one alone, until its end is known. Raises ServiceFault."""
        with self._lock:
            if self._opens_again_at_s is None:
                return
            left_s = self._opens_again_at_s - self.monotonic_s()
            if left_s > 0:
                raise ServiceFault(Cause.PAUSED, "the service is left alone after faults", left_s)
            self._opens_again_at_s = self.monotonic_s() + self.pause_s

    def answered(self) -> None:
        """The service has answered an enquiry as its contract says."""
        with self._lock:
            self._faults, self._opens_again_at_s = 0, None

    def failed(self, fault: ServiceFault) -> None:
        """An enquiry has failed."""
        with self._lock:
            self._faults += 1
            at_once = fault.cause is Cause.KEY_REFUSED or fault.retry_after_s > 0
            if at_once or self._faults >= self.faults_in_a_row or self._opens_again_at_s is not None:
                self._opens_again_at_s = self.monotonic_s() + (fault.retry_after_s or self.pause_s)
