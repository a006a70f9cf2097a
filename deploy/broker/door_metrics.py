"""What the door counts, for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge


class DoorMetrics:
    """The door's counters, on a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        on = self.registry
        self.turned_away = Counter(
            "hgv_broker_turned_away",
            "Attempts that the broker refused: another's topic, a certificate that is not good, none at all",
            ["why", "unit"],
            registry=on,
        )
        self.closed = Counter(
            "hgv_broker_sessions_closed",
            "Sessions to be ended because a certificate has: closed, or failed",
            ["ending"],
            registry=on,
        )
        self.failures = Counter(
            "hgv_broker_list_failures", "Looks at the certificates' folder that failed", registry=on
        )
        self.ends = Gauge(
            "hgv_broker_certificate_ends_seconds",
            "When the last good certificate of a name ends, as a Unix time",
            ["name"],
            registry=on,
        )

        # Prometheus sees no increase in what begins with one.
        for ending in ("closed", "failed"):
            self.closed.labels(ending)
        for why in ("certificate", "no_certificate", "tls"):
            self.turned_away.labels(why, "")

    def set_ends(self, ends: Mapping[str, datetime]) -> None:
        """Show the ends of all certificates in force, and nothing of names that have none."""
        self.ends.clear()
        for name, at in ends.items():
            self.ends.labels(name).set(at.timestamp())
            for why in ("topic", "protocol"):
                self.turned_away.labels(why, name)
