"""The Vehicle Enquiry Service as a register: a cache with dates and a queue in the database before it.

A mark is asked at most once within the time for which its answer holds. A failure puts the look-up into the
queue and implies nothing; a "not known" is an answer of its day, and is asked again later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from prometheus_client import Counter
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config.clock import Clock
from enforcement.errors import LookUpQueued
from enforcement.register import queue
from enforcement.register.answers import RegisterAnswer, refuse_other_marks
from enforcement.register.faults import Cause, ServiceFault
from enforcement.register.kept_answers import keep_answer, newest_answer
from enforcement.register.pacing import back_off_s
from enforcement.register.ves import VesClient
from enforcement.register.ves_contract import Reply, Told, Vehicle
from ingest import records

SOURCE = "DVLA Vehicle Enquiry Service"

_REFUSED = "The register refuses this mark: it is no valid registration."

_log = structlog.get_logger()


@dataclass(frozen=True)
class Terms:
    """How long answers hold, and how look-ups wait.

    After `review_after` of failures an officer is to see the matter; after `give_up_after` a look-up that is
    still without an entry leaves the queue, since no charge can rest on it any more.
    """

    answer_valid: timedelta
    not_known_again: timedelta
    retry_first_s: float
    retry_most_s: float
    review_after: timedelta
    give_up_after: timedelta


@dataclass(frozen=True)
class VesRegister:
    """A `Register` for one authority. `random` draws from 0 to 1; `ended` counts look-ups by their end."""

    engine: Engine
    authority: str
    client: VesClient
    terms: Terms
    clock: Clock
    random: Callable[[], float]
    ended: Counter

    def look_up(self, vrm: str) -> RegisterAnswer:
        """The kept answer while it holds, else the service's. Raises LookUpQueued, MarkNotAsked."""
        refuse_other_marks(vrm)
        with Session(records.reading(self.engine)) as session:
            kept = self._holding(session, vrm)
        if kept is not None:
            self._count("kept")
            return kept
        return self._ask(vrm)

    def ask_due(self, limit: int = 100) -> int:
        """Ask again for the look-ups whose time has come; how many got an answer."""
        with Session(records.reading(self.engine)) as session:
            due = queue.due_marks(session, self.authority, self.clock(), limit)
        return sum(self._asked_again(vrm) for vrm in due)

    def depth(self) -> dict[str, int]:
        """How many look-ups wait in the queue, by cause."""
        with Session(records.reading(self.engine)) as session:
            return queue.depth(session, self.authority)

    def _asked_again(self, vrm: str) -> bool:
        if self._given_up(vrm):
            return False
        try:
            self._ask(vrm)
        except LookUpQueued:
            return False
        return True

    def _given_up(self, vrm: str) -> bool:
        with Session(self.engine) as session, session.begin():
            waiting = queue.waiting(session, self.authority, vrm)
            if waiting is None or self.clock() - waiting.wanted_at < self.terms.give_up_after:
                return False
            queue.leave(session, self.authority, vrm)
        self._count("given_up")
        return True

    def _ask(self, vrm: str) -> RegisterAnswer:
        kept = self._claimed(vrm)
        if kept is not None:
            return kept
        try:
            reply = self.client.enquire(vrm)
        except ServiceFault as fault:
            return self._put_off(vrm, fault)
        self._count(reply.told.value)
        return self._keep(vrm, reply)

    def _claimed(self, vrm: str) -> RegisterAnswer | None:
        """None once the look-up is ours to ask, or the answer that another has got meanwhile.

        The claim is made before the answers are read, so that two processes never ask one mark twice.
        """
        with Session(self.engine) as session, session.begin():
            if queue.claim(session, self.authority, vrm, self.clock()):
                kept = self._holding(session, vrm)
                if kept is not None:
                    queue.leave(session, self.authority, vrm)
                return kept
            waiting = queue.waiting(session, self.authority, vrm)
        return self._unanswered(vrm, waiting.unanswered_since if waiting else None)

    def _keep(self, vrm: str, reply: Reply) -> RegisterAnswer:
        """Store the answer; a mark without an entry stays in the queue, to be asked again."""
        now = self.clock()
        answer = answer_from(vrm, reply, now)
        entry: dict[str, Any] = msgspec.to_builtins(reply.vehicle) if reply.vehicle else {}
        with Session(self.engine) as session, session.begin():
            keep_answer(session, self.authority, answer, correlation_id=reply.correlation_id, entry=entry)
            if answer.found:
                queue.leave(session, self.authority, vrm)
            else:
                again = now + self.terms.not_known_again
                queue.ask_again(session, self.authority, vrm, due_at=again, cause=reply.told.value)
        return answer

    def _put_off(self, vrm: str, fault: ServiceFault) -> RegisterAnswer:
        """Put the look-up off; a pause of our own is no failure of this look-up."""
        now = self.clock()
        with Session(self.engine) as session, session.begin():
            waiting = queue.waiting(session, self.authority, vrm)
            failures = (waiting.failures if waiting else 0) + (fault.cause is not Cause.PAUSED)
            since = (waiting.unanswered_since if waiting else None) or now
            wait_s = max(fault.retry_after_s, self._back_off_s(failures))
            queue.put_off(
                session,
                self.authority,
                vrm,
                due_at=now + timedelta(seconds=wait_s),
                cause=fault.cause.value,
                failures=failures,
                unanswered_since=since,
            )
        self._count(fault.cause.value)
        if fault.cause is Cause.KEY_REFUSED:
            _log.error("register_key_refused", why=str(fault))
        return self._unanswered(vrm, since)

    def _unanswered(self, vrm: str, since: datetime | None) -> RegisterAnswer:
        """Say that there is no answer: to an officer once it has lasted, until then by LookUpQueued."""
        now = self.clock()
        if since is None or now - since < self.terms.review_after:
            raise LookUpQueued("the register has not answered yet; the look-up waits in the queue")
        self._count("for_review")
        why = f"The register has not answered since {since:%d %B %Y}. This says nothing about the vehicle."
        return RegisterAnswer(vrm=vrm, found=False, as_of=now, source=SOURCE, not_found_because=why)

    def _holding(self, session: Session, vrm: str) -> RegisterAnswer | None:
        """The newest answer about a mark, if it still holds."""
        answer = newest_answer(session, self.authority, vrm)
        if answer is None:
            return None
        valid = self.terms.answer_valid if answer.found else self.terms.not_known_again
        return answer if self.clock() - answer.as_of < valid else None

    def _back_off_s(self, failures: int) -> float:
        terms = self.terms
        return back_off_s(
            failures, first_s=terms.retry_first_s, most_s=terms.retry_most_s, share=self.random()
        )

    def _count(self, how: str) -> None:
        self.ended.labels(how).inc()


def answer_from(vrm: str, reply: Reply, now: datetime) -> RegisterAnswer:
    """The answer that a reply is, as of the instant at which it was given."""
    if reply.told is not Told.FOUND:
        because = _REFUSED if reply.told is Told.REFUSED else None
        return RegisterAnswer(vrm=vrm, found=False, as_of=now, source=SOURCE, not_found_because=because)
    vehicle = reply.vehicle or Vehicle(registration_number=vrm)
    return RegisterAnswer(
        vrm=vrm,
        found=True,
        as_of=now,
        source=SOURCE,
        make=vehicle.make,
        colour=vehicle.colour,
        type_approval=vehicle.type_approval,
        revenue_weight_kg=vehicle.revenue_weight,
        wheelplan=vehicle.wheelplan,
        tax_status=vehicle.tax_status,
    )
