"""What a unit has lost becomes an event like any other: numbered, kept until its receipt, never left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from uuid import uuid4

import structlog

from config.clock import Clock
from config.wire import Loss, LossCause, encode
from edge.messages.passage import UnitName
from edge.outbox.outbox import Outbox, Untold
from edge.tally import Tally

_AT_ONCE = 500
# The centre asks for two weeks, and what lies in its quarantine is looked at within the month.
_UNCLAIMED_FOR = timedelta(days=30)
_WORDS: dict[LossCause, str] = {
    "disk_full": "the disk had no more room, and the oldest evidence pictures were given up for events",
    "picture_damaged": "evidence pictures are not on the disk any more as they were written",
    "not_here": "evidence pictures that the centre has asked for are not on this unit",
    "outbox_damaged": "the outbox's file was damaged and put aside; what could be read goes on in a new one",
    "outbox_copied": "the outbox's file is a copy, or its numbers were used elsewhere; a new one was begun",
}

_log = structlog.get_logger()


@dataclass(frozen=True)
class LossTeller:
    """Puts events that tell of losses into the outbox that has noted them. `put_done` is told after each."""

    unit: UnitName
    outbox: Outbox
    clock: Clock
    tally: Tally
    put_done: Callable[[], None]

    def tell(self) -> None:
        """Tell everything that no event tells yet. Raises OutboxError; then nothing is forgotten.

        Pictures that nobody has asked for in a long time go, so that a unit is no archive.
        """
        forgotten = self.outbox.forget_unclaimed(self.clock() - _UNCLAIMED_FOR)
        self.tally.count("pictures_unclaimed", forgotten)
        while untold := self.outbox.untold(_AT_ONCE):
            for told in _by_event(untold):
                loss = self._loss(told)
                self.outbox.tell(loss.loss_id, encode(loss), told)
                self._count(told)
                _log.error("lost", cause=loss.cause, words=loss.words, pictures=len(loss.pictures))
                self.put_done()

    def _loss(self, told: Sequence[Untold]) -> Loss:
        earlier = told[0].earlier
        return Loss(
            loss_id=uuid4().hex,
            authority=self.unit.authority,
            agent_id=self.unit.agent_id,
            noticed_at=self.clock(),
            cause=told[0].cause,
            words=_WORDS[told[0].cause],
            pictures=tuple(one.sha256 for one in told if one.sha256 is not None),
            earlier_outbox_id=earlier.outbox_id if earlier else None,
            earlier_last_seq=earlier.last_seq if earlier else None,
            carried=earlier.carried if earlier else 0,
        )

    def _count(self, told: Sequence[Untold]) -> None:
        pictures = sum(one.sha256 is not None for one in told)
        self.tally.count("losses_put")
        self.tally.count("pictures_lost", pictures)
        self.tally.count("outboxes_lost", len(told) - pictures)


def _by_event(untold: Sequence[Untold]) -> Iterator[list[Untold]]:
    """Pictures lost for the same cause share an event; an outbox has its own."""
    for _, told in groupby(untold, lambda one: (one.cause, one.number if one.earlier else 0)):
        yield list(told)
