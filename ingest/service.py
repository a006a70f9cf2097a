"""The ingester: takes batches from the broker, commits, acknowledges, answers, and pairs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Event

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from config.clock import Clock
from config.wire import Receipt, SigningKey
from ingest.database.checkpoints import checkpoints_beside
from ingest.evidence.rows import ask_for_missing
from ingest.evidence.scrub import Scrub
from ingest.heartbeats.old import OldHeartbeats
from ingest.intake.admission import Admission, Batch
from ingest.intake.arrivals import Admitted
from ingest.intake.link import BrokerLink
from ingest.intake.outcome import Outcome
from ingest.metrics import Metrics
from ingest.pairing.pairing import Pairing
from ingest.storing.commit import Committer, Reached, Step
from ingest.storing.receipts import receipts_for, sealed
from ingest.watching.watch import watch

_TIDY_EVERY_S = 2.0
_IDLE_S = 0.5
# While messages do not stop, pairing waits so many times as long as it took, between two passes.
_STORING_TO_PAIRING = 15.0
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
        self._old_heartbeats = OldHeartbeats()
        self._scrub = Scrub(engine, committer.evidence_dir)
        self._admission = Admission(committer.keys)
        self._answers = ThreadPoolExecutor(1, thread_name_prefix="answer")
        self._tidied_at_s = self._paired_at_s = self._watched_at_s = float("-inf")
        self._pairing_took_s = 0.0

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; what is not committed then stays with the broker."""
        self._link.start()
        try:
            with checkpoints_beside(self._engine):
                self._take_in_all(stop)
        finally:
            self._answers.shutdown()
            self._link.stop()
            self._admission.stop()

    def _take_in_all(self, stop: Event) -> None:
        batch: Batch | None = None
        while not stop.is_set():
            coming = self._next_batch(first_within_s=0.0 if batch else _IDLE_S)
            if batch:
                self._take_in(batch, stop)
            batch = coming
            self._do_what_is_due(is_idle=batch is None)

    def _next_batch(self, *, first_within_s: float) -> Batch | None:
        """Begin to admit what waits, if anything does: meanwhile the batch before it is stored.

        While the ingester is busy a batch is what came during the last one, so batches grow with the load.
        """
        limits = self._limits
        wait_s = limits.batch_wait_s if first_within_s else 0.0
        arrivals = self._link.take(limits.batch_messages, first_within_s=first_within_s, all_within_s=wait_s)
        if not arrivals:
            return None
        self._metrics.batches.observe(len(arrivals))
        return self._admission.begin(arrivals)

    def _take_in(self, batch: Batch, stop: Event) -> None:
        """Commit the batch, however often it takes, then acknowledge and answer."""
        while not stop.is_set():
            try:
                with self._metrics.commits.time():
                    outcomes = self._committed(batch.admitted())
            except (DBAPIError, OSError) as error:
                self._metrics.failures.labels("commit").inc()
                _log.error("commit_failed", error=str(error), next="tried again until database and disk do")
                stop.wait(_TRY_AGAIN_AFTER_S)
                batch = self._admission.begin(batch.arrivals)  # by the keys of now
                continue
            self._link.acknowledge(batch.arrivals)
            self._reached(Step.ACKNOWLEDGED)
            self._answers.submit(self._guarded, "answering", partial(self._answer_all, outcomes))
            return

    def _committed(self, admitted: Sequence[Admitted]) -> list[Outcome]:
        """Commit all at once; where one of them cannot be stored, the halves, and in the end put it aside."""
        try:
            return [self._committer.store(admitted)]
        except Exception as error:  # whatever a message has hit on, the others are to be stored
            if _passes(error):
                raise
            if len(admitted) == 1:
                arrival = admitted[0].arrival
                _log.exception("unstorable", topic=arrival.topic[:300])
                return [self._committer.quarantine(arrival, f"{type(error).__name__}: {error}")]
        middle = len(admitted) // 2
        return [*self._committed(admitted[:middle]), *self._committed(admitted[middle:])]

    def _answer_all(self, outcomes: Sequence[Outcome]) -> None:
        """Tell the units; beside the next batch, for signing gives Python's lock away each time."""
        for outcome in outcomes:
            self._answer(outcome)
        self._reached(Step.ANSWERED)

    def _answer(self, outcome: Outcome) -> None:
        for (kind, ending), count in outcome.endings.items():
            self._metrics.messages.labels(kind, ending).inc(count)
        for refused in outcome.refused:
            _log.warning(
                "quarantined", topic=refused.arrival.topic[:300], code=refused.code, reason=refused.reason
            )
        self._send(receipts_for(outcome))

    def _send(self, receipts: Sequence[Receipt]) -> None:
        for receipt in receipts:
            self._link.send(*sealed(receipt, self._receipt_key, self._clock()))
            self._metrics.receipts.inc()

    def _do_what_is_due(self, *, is_idle: bool) -> None:
        if is_idle or self._pairing_waits():
            began_at_s = time.monotonic()
            self._guarded("pairing", self._pair)
            self._paired_at_s = time.monotonic()
            self._pairing_took_s = self._paired_at_s - began_at_s
        if time.monotonic() - self._tidied_at_s > _TIDY_EVERY_S:
            self._tidied_at_s = time.monotonic()
            self._guarded("tidying", self._tidy)
        if time.monotonic() - self._watched_at_s > _WATCH_EVERY_S:
            self._watched_at_s = time.monotonic()
            self._guarded("watching", self._watch)
            self._guarded("forgetting", self._forget)

    def _pairing_waits(self) -> bool:
        """Whether pairing has waited long enough for messages that do not stop."""
        return time.monotonic() - self._paired_at_s > self._pairing_took_s * _STORING_TO_PAIRING

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
        self._answers.submit(self._guarded, "asking", partial(self._send, receipts_for(Outcome(), wanted)))

    def _watch(self) -> None:
        """See what is wrong, and tell it; read some of the held pictures again."""
        watch(self._engine, self._metrics.standing, self._clock())
        for ending, count in self._scrub.some().items():
            self._metrics.scrubbed.labels(ending).inc(count)

    def _forget(self) -> None:
        """Forget a few old heartbeats."""
        with Session(self._engine) as session, session.begin():
            self._metrics.forgotten.inc(self._old_heartbeats.forget_some(session, self._clock()))

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
