"""Villages one after the other, in several processes, until so many passages were told.

The figures are the same whatever the number of processes: villages are counted in their order, and those that
were begun beyond the last one needed are left out.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

from enforcement.simulation.figures import Figures
from enforcement.simulation.village import County, figures_of

_PASSAGES_OF_A_JOURNEY = 2

Told = Callable[[int], None]
"""Is told how many passages there are so far."""


@contextmanager
def workers(number: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that villages are lived in."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=number, mp_context=fresh) as pool:
        yield pool


def simulate(
    county: County, passages: int, pool: ProcessPoolExecutor, at_once: int, told: Told = lambda passages: None
) -> Figures:
    """The figures of as many whole villages as it takes to tell `passages` passages.

    `at_once` villages are begun ahead; memory is bounded by that many.
    """
    total, begun = Figures(), 0
    running: deque[Future[Figures]] = deque()
    while total.totals["passages"] < passages:
        left = passages - total.totals["passages"]
        while not running or (len(running) < at_once and _expected(county, begun, len(running)) < left):
            running.append(pool.submit(figures_of, county, begun))
            begun += 1
        total.add(running.popleft().result())
        total.totals["villages"] += 1
        told(total.totals["passages"])
    for future in running:
        future.cancel()
    return total


def _expected(county: County, begun: int, running: int) -> float:
    """About how many passages the villages that were begun last will tell."""
    parameters = county.parameters
    villages = [parameters.villages[n % len(parameters.villages)] for n in range(begun - running, begun)]
    days = (parameters.period.end - parameters.period.start).days
    weekdays = days * (5 + parameters.saturday + parameters.sunday) / 7
    return sum(
        _PASSAGES_OF_A_JOURNEY * weekdays * parameters.mix(village.mix).journeys for village in villages
    )
