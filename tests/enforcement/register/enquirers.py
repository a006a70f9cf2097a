"""Clients and registers on a simulated service, with a clock that moves when it is told to."""

from __future__ import annotations

import itertools
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import httpx
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy import Engine

from enforcement.register.breaker import CircuitBreaker
from enforcement.register.pacing import TokenBucket
from enforcement.register.ves import VesClient
from enforcement.register.ves_register import Terms, VesRegister
from tests.enforcement.register.simulator import KEY

TERMS = Terms(
    answer_valid=timedelta(days=28),
    not_known_again=timedelta(days=7),
    retry_first_s=30,
    retry_most_s=21_600,
    review_after=timedelta(days=7),
    give_up_after=timedelta(days=180),
)


@dataclass
class TestClock:
    """A clock that stands until it is moved; `sleep` moves it. Several threads may move one clock."""

    __test__ = False

    at: datetime = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
    slept_s: list[float] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def __call__(self) -> datetime:
        return self.at

    def monotonic_s(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.move(seconds=seconds)

    def move(self, **by: float) -> None:
        with self._lock:
            self.at += timedelta(**by)


def a_client(url: str, clock: TestClock, http: httpx.Client, **changes: Any) -> VesClient:
    """A client whose pace and pauses go by `clock`; only the time-out of an answer is real time."""
    numbers = itertools.count(1)
    parts: dict[str, Any] = {
        "url": url,
        "key": KEY,
        "http": http,
        "bucket": TokenBucket(10, 10, clock.monotonic_s, clock.sleep),
        "breaker": CircuitBreaker(5, 60, clock.monotonic_s),
        "timeout_s": 5.0,
        "clock": clock,
        "monotonic_s": time.monotonic,
        "new_id": lambda: f"enquiry-{next(numbers)}",
    }
    return VesClient(**(parts | changes))


def a_register(
    engine: Engine, client: VesClient, clock: TestClock, terms: Terms = TERMS, seed: int = 1
) -> VesRegister:
    """A register of the authority `demo` that counts on its own."""
    ended = Counter("hgv_register_look_ups", "", ["how"], registry=CollectorRegistry())
    return VesRegister(engine, "demo", client, terms, clock, random.Random(seed).random, ended)


def counted(register: VesRegister) -> dict[str, int]:
    """How look-ups ended, and how often."""
    (metric,) = register.ended.collect()
    return {
        sample.labels["how"]: int(sample.value) for sample in metric.samples if sample.name.endswith("_total")
    }
