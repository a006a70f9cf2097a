"""Wall clocks that jump: libfaketime reads each machine's offset from a file; monotonic time goes on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class JumpingClock:
    """The wall clock of one machine, right until it jumps. Without libfaketime it stays right."""

    library: Path | None
    offset_file: Path

    def environment(self, preloaded: str) -> dict[str, str]:
        """What a process needs to live by this clock, beside what is `preloaded` already."""
        if self.library is None:
            return {}
        self.jump_to(0)
        return {
            "LD_PRELOAD": f"{preloaded}:{self.library}",
            "FAKETIME_TIMESTAMP_FILE": str(self.offset_file),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_RESET": "1",
        }

    def jump_to(self, offset_s: int) -> None:
        """Be so many seconds off from now on, give or take the second for which the offset is remembered."""
        unfinished = self.offset_file.with_suffix(".new")
        unfinished.write_text(f"{offset_s:+d}\n")
        unfinished.replace(self.offset_file)


def faketime_library() -> Path | None:
    """Debian's libfaketime for programs with threads, None where the package is missing."""
    return next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
