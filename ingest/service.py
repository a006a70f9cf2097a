"""The ingester: takes batches from the broker, commits, acknowledges, answers, and pairs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from config.clock import Clock
from config.wire import SigningKey
from ingest.arrivals import Arrival
from ingest.commit import Committer, Reached, Step
from ingest.evidence_rows import ask_for_missing
from ingest.link import BrokerLink
from ingest.metrics import Metrics
from ingest.outcome import Outcome
from ingest.pairing import Pairing
from ingest.receipts import receipts_for, sealed
from ingest.watch import watch

_TIDY_EVERY_S = 2.0
_PAIR_AT_LEAST_EVERY_S = 2.0
_TRY_AGAIN_AFTER_S = 1.0
_WATCH_EVERY_S = 10.0

_log = structlog.get_logger()


@dataclass(frozen=True)
class Limits:
    """How large a batch may grow and how long it may wait."""

    batch_messages: int
    batch_wait_s: float


class Service:
    """One ingester process. Several may work on one PostgreSQL database."""

    def __init__(
        self,
        engine: Engine,
        link: BrokerLink,
        committer: Committer,
        receipt_key: SigningKey,
        limits: Limits,
        clock: Clock,
        metrics: Metrics,
        reached: Reached,
    ) -> None:
        self._engine = engine
        self._link = link
        self._committer = committer
        self._receipt_key = receipt_key
        self._limits = limits
        self._clock = clock
        self._metrics = metrics
        self._reached = reached
        self._pairing = Pairing()
        self._tidied_at_s = self._paired_at_s = self._watched_at_s = float("-inf")

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; what is not committed then stays with the broker."""
        self._link.start()
        try:
            while not stop.is_set():
                arrivals = self._link.take(
                    self._limits.batch_messages,
                    first_within_s=0.5,
                    all_within_s=self._limits.batch_wait_s,
                )
                if arrivals:
                    self._take_in(arrivals, stop)
                if len(arrivals) < self._limits.batch_messages or self._pairing_waits():
                    self._paired_at_s = time.monotonic()
                    self._guarded("pairing", self._pair)
                if time.monotonic() - self._tidied_at_s > _TIDY_EVERY_S:
                    self._tidied_at_s = time.monotonic()
                    self._guarded("tidying", self._tidy)
                if time.monotonic() - self._watched_at_s > _WATCH_EVERY_S:
                    self._watched_at_s = time.monotonic()
                    self._guarded("watching", self._watch)
        finally:
            self._link.stop()

    def _take_in(self, arrivals: Sequence[Arrival], stop: Event) -> None:
        """Commit the arrivals, however often it takes, then acknowledge and answer."""
        self._metrics.batches.observe(len(arrivals))
        while not stop.is_set():
            try:
                with self._metrics.commits.time():
                    outcomes = self._committed(arrivals)
            except (DBAPIError, OSError) as error:
                self._metrics.failures.labels("commit").inc()
                _log.error("commit_failed", error=str(error), next="tried again until database and disk do")
                stop.wait(_TRY_AGAIN_AFTER_S)
                continue
            self._link.acknowledge(arrivals)
            self._reached(Step.ACKNOWLEDGED)
            for outcome in outcomes:
                self._answer(outcome)
            self._reached(Step.ANSWERED)
            return

    def _committed(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """Commit all at once; where one of them cannot be stored, each by itself and that one put aside."""
        try:
            return [self._committer.commit(arrivals)]
        except Exception as error:  # whatever a message has hit on, the others are to be stored
            if _passes(error):
                raise
            if len(arrivals) == 1:
                _log.exception("unstorable", topic=arrivals[0].topic[:300])
                return [self._committer.quarantine(arrivals[0], f"{type(error).__name__}: {error}")]
        return [outcome for arrival in arrivals for outcome in self._committed([arrival])]

    def _answer(self, outcome: Outcome) -> None:
        for (kind, ending), count in outcome.endings.items():
            self._metrics.messages.labels(kind, ending).inc(count)
        for refused in outcome.refused:
            _log.warning(
                "quarantined", topic=refused.arrival.topic[:300], code=refused.code, reason=refused.reason
            )
        for receipt in receipts_for(outcome):
            self._link.send(*sealed(receipt, self._receipt_key, self._clock()))
            self._metrics.receipts.inc()

    def _pairing_waits(self) -> bool:
        """Whether pairing has had to wait long enough for a flood of messages."""
        return time.monotonic() - self._paired_at_s > _PAIR_AT_LEAST_EVERY_S

    def _pair(self) -> None:
        """Pair what is due, one pass; the next batch need not wait for all of a backlog."""
        with Session(self._engine) as session, session.begin():
            endings = self._pairing.run(session, self._clock())
        for ending, count in endings.items():
            self._metrics.pairing.labels(ending).inc(count)

    def _tidy(self) -> None:
        """Ask for pictures that have not come."""
        now = self._clock()
        with Session(self._engine) as session, session.begin():
            wanted = ask_for_missing(session, now)
        self._metrics.wanted.inc(len(wanted))
        for receipt in receipts_for(Outcome(), wanted):
            self._link.send(*sealed(receipt, self._receipt_key, self._clock()))

    def _watch(self) -> None:
        """See what is wrong, and tell it."""
        watch(self._engine, self._metrics.standing, self._clock())

    def _guarded(self, what: str, work: Callable[[], None]) -> None:
        """Do work that the next round does again anyway, whatever it hits on this time."""
        try:
            work()
        except Exception:  # taking messages in must go on
            self._metrics.failures.labels(what).inc()
            _log.exception("put_off", what=what)


def _passes(error: Exception) -> bool:
    """Whether the trouble is with database or disk, not with a message, so that trying again may help."""
    if isinstance(error, DBAPIError):
        return isinstance(error, OperationalError) or error.connection_invalidated
    return isinstance(error, OSError)
