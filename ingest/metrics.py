"""Every way in which something that came to the centre can end, counted for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from ingest.sequences import OutboxKey


class Metrics:
    """The ingester's counters, on a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        on = self.registry
        self.messages = Counter(
            "hgv_ingest_messages", "Messages by kind and how they ended", ["kind", "ending"], registry=on
        )
        self.pairing = Counter(
            "hgv_ingest_pairing",
            "Matches looked at and transits concluded or withdrawn",
            ["ending"],
            registry=on,
        )
        self.receipts = Counter("hgv_ingest_receipts", "Receipts handed to the broker", registry=on)
        self.wanted = Counter("hgv_ingest_evidence_asked", "Pictures asked for (again)", registry=on)
        self.failures = Counter(
            "hgv_ingest_failures",
            "Batches tried again or passes put off, by what failed",
            ["what"],
            registry=on,
        )
        self.commits = Histogram("hgv_ingest_commit_seconds", "Time to admit and commit a batch", registry=on)
        self.batches = Histogram(
            "hgv_ingest_batch_messages",
            "Messages in a batch",
            buckets=(1, 5, 20, 50, 100, 200, 1000),
            registry=on,
        )
        self.missing = Gauge(
            "hgv_ingest_missing_sequences",
            "Outbox numbers that have not come for ten minutes",
            ["authority", "agent"],
            registry=on,
        )
        self.connected = Gauge("hgv_ingest_broker_connected", "1 while the broker is reached", registry=on)

    def set_missing(self, missing: Mapping[OutboxKey, int]) -> None:
        """Show what is missing of each unit, and nothing of units that miss nothing."""
        self.missing.clear()
        for key, count in missing.items():
            self.missing.labels(key.authority, key.agent_id).inc(count)
