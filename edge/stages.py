"""Where the CPU time of the picture pipeline goes: one account per stage, each second in one account only."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType


class Stages:
    """An account of CPU seconds per stage: `with stages.stage("detect"): ...`.

    A stage entered within another is taken out of the outer one, so `seconds` adds up to what was measured;
    `calls` counts how often each was entered. `cpu_s` is a clock of CPU seconds; the process's own (user and
    system, all threads) unless given. For one thread at a time.
    """

    def __init__(self, cpu_s: Callable[[], float] = time.process_time) -> None:
        self.seconds: dict[str, float] = {}
        self.calls: Counter[str] = Counter()
        self._cpu_s = cpu_s
        self._open: list[str] = []
        self._since_s = 0.0

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Until the context is left, CPU time goes to the account `name`."""
        return _Open(self, name)

    def enter(self, name: str) -> None:
        """Open an account; the one that was open waits."""
        self._settle()
        self._open.append(name)
        self.calls[name] += 1
        self.seconds.setdefault(name, 0.0)

    def leave(self) -> None:
        """Close the account that was opened last; the one before it goes on."""
        self._settle()
        self._open.pop()

    def _settle(self) -> None:
        """Put the time since the last change to the account that is open now."""
        now_s = self._cpu_s()
        if self._open:
            self.seconds[self._open[-1]] += now_s - self._since_s
        self._since_s = now_s


class Unmeasured(Stages):
    """Stands where nobody asks what a stage costs: reads no clock and keeps nothing."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """A context that does nothing."""
        return _NOTHING


_NOTHING: AbstractContextManager[None] = nullcontext()


class _Open:
    """One visit to a stage; a class of its own, as it costs a third of what a generator does."""

    __slots__ = ("_name", "_stages")

    def __init__(self, stages: Stages, name: str) -> None:
        self._stages, self._name = stages, name

    def __enter__(self) -> None:
        self._stages.enter(self._name)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stages.leave()
