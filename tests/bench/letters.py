"""How long a thousand letters take to be set and written: `python -m tests.bench.letters`, one line of JSON.

Every letter has its own keeper, vehicle and times, so that nothing is set twice; each file is synced.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from enforcement.documents import Press
from enforcement.files import write_whole
from enforcement.letters.contents import BreachLetter, Sighting
from enforcement.policy import Letterhead

MADE_AT = datetime(2026, 10, 26, 9, 0, tzinfo=UTC)
HEAD = Letterhead(
    force="Demo Constabulary",
    unit="Roads Policing Support",
    address=("The Old Exchange", "1 Market Row", "Demoton", "DM1 1AA"),
    telephone="01632 960100",
    email="weight.limits@demo.example",
    signed_by="A. Sample",
    signed_as="Inspector",
)


def a_letter(number: int) -> BreachLetter:
    """A first letter like no other."""
    minute, second = divmod(number % 3000, 60)
    seen = [
        Sighting(what=what, place=place, time=f"1{hour}:{minute:02d}:{second:02d} BST on 14 September 2026")
        for hour, what, place in (
            (0, "Driving in", "High Street, west"),
            (1, "Driving out", "High Street, east"),
        )
    ]
    return BreachLetter(
        letterhead=HEAD,
        reference=f"DEMO-{number:06d}",
        date="26 October 2026",
        vrm=f"AB{number % 90 + 10} CDE",
        addressee=(f"Haulage {number} Ltd", f"{number} Yard", "Demoton", "DM2 2BB"),
        privacy="We keep two pictures of each sighting.",
        place="Village, High Street",
        day="Monday 14 September 2026",
        sightings=(seen[0], seen[1]),
        minutes=f"{number % 9 + 1} minutes",
        order_title="The (Village) (7.5 Tonnes Maximum Gross Weight) Order 2024",
        bound="goods vehicles",
        limit="7.5 tonnes",
        sign="7.5t",
        environmental=True,
        exemptions=("to load or unload, or for access", "as a bus", "with a permit under this order"),
        reply_by="Monday 23 November 2026",
    )


def measure(letters: int) -> dict[str, float | int | str]:
    """Seconds and peak memory of setting and writing so many letters on one thread."""
    with tempfile.TemporaryDirectory() as folder:
        began, cpu = time.perf_counter(), time.process_time()
        press = Press()
        for number in range(letters):
            pdf = press.set_pdf("first_letter.typ", a_letter(number), MADE_AT)
            write_whole(Path(folder) / f"{number:06d}.pdf", pdf)
        wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    return {
        "letters": letters,
        "wall_s": round(wall_s, 2),
        "cpu_s": round(cpu_s, 2),
        "ms_per_letter": round(1000 * wall_s / letters, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=1000)
    print(json.dumps(measure(parser.parse_args().letters)))
