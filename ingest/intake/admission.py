"""Admitting a batch on a thread of its own, while the batch before it is stored.

Checking a signature is most of what admitting takes, and lets go of Python's lock meanwhile. A second such
thread would make it slower: the two wait for that lock in turn, each after every signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ingest.intake.admit import admit
from ingest.intake.arrivals import Admitted, Arrival, Refused
from ingest.intake.keys import KeyRing

_log = structlog.get_logger()


@dataclass(frozen=True)
class Batch:
    """Arrivals that are being admitted."""

    arrivals: tuple[Arrival, ...]
    _admitted: Future[list[Admitted]]

    def admitted(self) -> list[Admitted]:
        """Each arrival as what it is, in order, once all are admitted.

        Raises what reading the keys from the database raises.
        """
        return self._admitted.result()


class Admission:
    """The thread that admits."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="admit")

    def begin(self, arrivals: Sequence[Arrival]) -> Batch:
        """Start admitting."""
        return Batch(tuple(arrivals), self._thread.submit(self._all, arrivals))

    def stop(self) -> None:
        """End the thread; what has not begun is left."""
        self._thread.shutdown(cancel_futures=True)

    def _all(self, arrivals: Sequence[Arrival]) -> list[Admitted]:
        return [self._admitted(arrival) for arrival in arrivals]

    def _admitted(self, arrival: Arrival) -> Admitted:
        try:
            return admit(arrival, self._keys)
        except (SQLAlchemyError, OSError):  # the keys cannot be read: no fault of the message
            raise
        except Exception as error:  # whatever it has hit on, the others are to be admitted
            _log.exception("unadmittable", topic=arrival.topic[:300])
            return Refused(arrival, "unstorable", f"{type(error).__name__}: {error}")
