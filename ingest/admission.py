"""Admitting a batch on several threads, while the batch before it is stored.

Checking a signature is most of what admitting takes, and lets go of Python's lock meanwhile: on two cores a
batch is admitted in little more than half the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ingest.admit import admit
from ingest.arrivals import Admitted, Arrival, Refused
from ingest.keys import KeyRing

# Parts small enough that the threads end together, large enough that handing them over costs nothing.
_PART_MESSAGES = 32

_log = structlog.get_logger()


@dataclass(frozen=True)
class Batch:
    """Arrivals that are being admitted."""

    arrivals: tuple[Arrival, ...]
    _parts: tuple[Future[list[Admitted]], ...]

    def admitted(self) -> list[Admitted]:
        """Each arrival as what it is, in order, once all are admitted.

        Raises what reading the keys from the database raises.
        """
        return [each for part in self._parts for each in part.result()]


class Admission:
    """Threads that admit."""

    def __init__(self, keys: KeyRing, threads: int) -> None:
        self._keys = keys
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="admit")

    def begin(self, arrivals: Sequence[Arrival]) -> Batch:
        """Start admitting."""
        starts = range(0, len(arrivals), _PART_MESSAGES)
        parts = (self._pool.submit(self._part, arrivals[at : at + _PART_MESSAGES]) for at in starts)
        return Batch(tuple(arrivals), tuple(parts))

    def stop(self) -> None:
        """End the threads; what has not begun is left."""
        self._pool.shutdown(cancel_futures=True)

    def _part(self, arrivals: Sequence[Arrival]) -> list[Admitted]:
        return [self._admitted(arrival) for arrival in arrivals]

    def _admitted(self, arrival: Arrival) -> Admitted:
        try:
            return admit(arrival, self._keys)
        except (SQLAlchemyError, OSError):  # the keys cannot be read: no fault of the message
            raise
        except Exception as error:  # whatever it has hit on, the others are to be admitted
            _log.exception("unadmittable", topic=arrival.topic[:300])
            return Refused(arrival, "unstorable", f"{type(error).__name__}: {error}")
