"""Counts of how everything on a unit ends: in its metrics, and in its heartbeats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from threading import Lock

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from edge.outcomes import OUTCOMES

ENDINGS = {
    "passages_put": "passages put into the outbox",
    "passages_known": "passages of a film that was played before",
    "traffic_put": "minutes of traffic counts put into the outbox",
    "traffic_known": "minutes of traffic counts of a film that was played before",
    "puts_failed": "attempts to write the outbox that failed and were made again",
    "puts_given_up": "events lost, as the unit was stopped while its outbox could not be written",
    "events_sent": "events handed to the broker for the first time since the start",
    "events_sent_again": "events sent again, because no receipt came in time",
    "events_accepted": "events that the centre has",
    "events_refused": "events that the centre has put into quarantine",
    "events_settled_before": "numbers in receipts that an earlier receipt had settled",
    "events_too_large": "times that an event was longer than the broker's packets may be",
    "pictures_too_large": "pictures longer than the broker's packets may be, each time it is reached",
    "pictures_sent": "evidence pictures handed to the broker for the first time since the start",
    "pictures_sent_again": "evidence pictures sent again: no receipt came in time, or one asked for them",
    "pictures_held": "evidence pictures that the centre has",
    "pictures_wanted": "evidence pictures that the centre asked for and that are sent again",
    "pictures_gone": "evidence pictures that the centre asked for and this unit does not have",
    "pictures_lost": "evidence pictures given up on a full disk, damaged or not here, each told by an event",
    "pictures_unclaimed": "pictures of refused events that nobody asked for in a month, and that went then",
    "outboxes_lost": "outboxes that were damaged or copied, each told by an event",
    "outboxes_begun_anew": "times that a new outbox id was begun while the unit ran",
    "losses_put": "events put into the outbox that tell of losses",
    "outbox_unreadable": "times that the outbox could not be read for sending",
    "receipts": "receipts that were applied",
    "receipts_untrusted": "receipts whose signature or form was not the centre's",
    "receipts_of_another_outbox": "receipts for an outbox that this unit had before",
    "receipts_not_applied": "receipts that a full or failing disk did not take; they come again",
    "messages_taken": "messages that the broker took for somebody; that is no delivery yet",
    "messages_refused": "messages that the broker did not take, by its reason code",
    "messages_unheard": "messages that the broker took while nobody was subscribed",
    "heartbeats": "heartbeats handed to the broker",
    "heartbeats_unsent": "heartbeats that fell out, because the broker was not reached",
    "connections": "connections to the broker",
    "connections_refused": "connections that the broker did not let in",
    "connections_lost": "connections that broke off",
    "connections_taken_over": "connections that another client of this unit's name has taken over",
    "subscriptions_refused": "subscriptions to receipts that the broker did not grant",
    "clock_steps": "times that the clock was set while the unit ran",
    "camera_faults": "times that a camera's pictures began to be faulty: black, frozen, moved and so on",
    "vehicles_repeated": "vehicles in pictures that a frozen camera sent again, not put into the outbox",
    "camera_failures": "failures of a camera or its pipeline, after which it was begun anew",
}
"""Every counter and what it counts."""


class Tally:
    """Counters by the names in ENDINGS, safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts = Counter(dict.fromkeys(ENDINGS, 0))

    def count(self, name: str, by: int = 1) -> None:
        """Add `by` to a counter. Raises KeyError for a name that is not in ENDINGS."""
        if name not in ENDINGS:
            raise KeyError(name)
        with self._lock:
            self._counts[name] += by

    def counts(self) -> dict[str, int]:
        """All counters as they stand."""
        with self._lock:
            return dict(self._counts)


class Exported(Collector):
    """A unit's counters as Prometheus metrics `hgv_edge_*_total`, read when they are asked for."""

    def __init__(self, counters: Callable[[], Mapping[str, int]]) -> None:
        self._counters = counters

    def collect(self) -> Iterable[Metric]:
        """One metric for each counter."""
        told = {**OUTCOMES, **ENDINGS}
        for name, count in self._counters().items():
            family = CounterMetricFamily(f"hgv_edge_{name}", told[name])
            family.add_metric([], count)
            yield family
