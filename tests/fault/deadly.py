"""Dying at a chosen step: `put_written:37` ends the process the 37th time that it reaches that step."""

from __future__ import annotations

import os
import signal
from enum import StrEnum

DIE_AT = "FAULT_DIE_AT"


class Deadly:
    """Told each step that is reached; kills the process at the chosen one, as `kill -9` would."""

    def __init__(self, die_at: str) -> None:
        self._step, _, times = die_at.partition(":")
        self._left = int(times or 0)

    def __call__(self, step: StrEnum) -> None:
        """One step was reached."""
        if step.value == self._step:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
