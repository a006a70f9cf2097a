"""Every way in which something that came to the centre can end, counted for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from ingest.intake.endings import endings, kind_of
from ingest.watching.standing import Standing

_MOST_UNITS = 1000
_OTHERS = "others"


class Metrics:
    """The ingester's counters, on a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._flooding: set[str] = set()
        on = self.registry
        self.messages = Counter(
            "hgv_ingest_messages", "Messages by kind and how they ended", ["kind", "ending"], registry=on
        )
        for kind, ending in endings():
            self.messages.labels(kind, ending)
        self.shed = Counter(
            "hgv_ingest_shed", "Messages of units that flooded, by unit; not stored", ["unit"], registry=on
        )
        self.pairing = Counter(
            "hgv_ingest_pairing",
            "Matches looked at and transits concluded or withdrawn",
            ["ending"],
            registry=on,
        )
        self.receipts = Counter("hgv_ingest_receipts", "Receipts handed to the broker", registry=on)
        self.wanted = Counter("hgv_ingest_evidence_asked", "Pictures asked for (again)", registry=on)
        self.scrubbed = Counter(
            "hgv_ingest_scrubbed", "Held pictures read again, by what was found", ["ending"], registry=on
        )
        for ending in ("whole", "failed", "restored"):
            self.scrubbed.labels(ending)
        self.forgotten = Counter(
            "hgv_ingest_heartbeats_forgotten", "Old heartbeats deleted that nothing rests on", registry=on
        )
        self.failures = Counter(
            "hgv_ingest_failures",
            "Batches tried again or passes put off, by what failed",
            ["what"],
            registry=on,
        )
        for what in ("commit", "pairing", "tidying", "watching", "answering", "asking", "forgetting"):
            self.failures.labels(what)
        self.commits = Histogram("hgv_ingest_commit_seconds", "Time to admit and commit a batch", registry=on)
        self.batches = Histogram(
            "hgv_ingest_batch_messages",
            "Messages in a batch",
            buckets=(1, 5, 20, 50, 100, 200, 1000),
            registry=on,
        )
        self.standing = Standing()
        on.register(self.standing)
        self.connected = Gauge("hgv_ingest_broker_connected", "1 while the broker is reached", registry=on)

    def count_shed(self, topic: str, unit: str) -> None:
        """Count a message that was shed. Names are whatever stands in topics: only so many get their own."""
        self._flooding.add(unit if len(self._flooding) < _MOST_UNITS else _OTHERS)
        self.shed.labels(unit if unit in self._flooding else _OTHERS).inc()
        self.messages.labels(kind_of(topic), "shed").inc()
