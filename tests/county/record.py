"""Keeps the figures of a full run: `hgv-enforce simulate --json | python -m tests.county.record`."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from enforcement.simulation.parameters import HERE, PARAMETERS, POLICY

FIGURES = HERE / "figures.json"


def kept(line: str, now: datetime) -> dict[str, object]:
    """The figures with the command, the day and the files that they are of."""
    return {
        "command": "hgv-enforce simulate --json",
        "date": now.date().isoformat(),
        "sha256": {path.name: sha256(path) for path in (PARAMETERS, POLICY)},
        "figures": json.loads(line),
    }


def sha256(path: Path) -> str:
    """The hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    text = json.dumps(kept(sys.stdin.read().splitlines()[-1], datetime.now(UTC)), indent=1)
    FIGURES.write_text(text + "\n")
