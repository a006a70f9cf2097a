"""What is played where and when; read from film_schedule.yaml, never from the film's ground truth."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from msgspec import Struct

from config.files import load
from config.wire.messages import Instant, Name

HERE = Path(__file__).parent
PILOT = HERE.parents[1] / "config" / "pilot"


class Screening(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One clip, played as one unit's camera from `starts_at` on."""

    unit: Name
    clip: str
    starts_at: Instant

    @property
    def settings_file(self) -> Path:
        """The pilot's own settings of the unit."""
        return PILOT / "units" / f"{self.unit}.yaml"


class FilmSchedule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All screenings, the day they show, and what time it is when the demo begins."""

    day: date
    demo_now: Instant
    screenings: tuple[Screening, ...]


def film_schedule(path: Path = HERE / "film_schedule.yaml") -> FilmSchedule:
    """The schedule in `path`. Raises FileMistake."""
    return load(path, FilmSchedule)
