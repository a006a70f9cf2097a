"""What every exported network goes through: compared with what it was made of, kept, its checksum written."""

from __future__ import annotations

import argparse
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

LARGEST_DIFFERENCE = 1e-3
CHECKED_BATCHES = 4
CHECKING_SEED = 77
"""Of the drawings on which both are compared; no training takes it."""


class ExportDiffersError(RuntimeError):
    """The exported network and the one that was trained do not give the same answers."""


def kept(written: Path, to: Path, difference: float) -> float:
    """Keep what was written as `to` where it differs from what it was made of by no more than is allowed.

    Raises ExportDiffersError where it differs more; it is removed then.
    """
    if not difference <= LARGEST_DIFFERENCE:
        written.unlink()
        raise ExportDiffersError(f"the export differs by {difference:.4f} from its network; it was not kept")
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(written, to)
    return difference


def write_checksums(folder: Path, names: tuple[str, ...]) -> None:
    """SHA256SUMS in `folder`, as `sha256sum` writes it."""
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def ship(
    prog: str,
    doc: str | None,
    shipped: Path,
    export: Callable[[Path, Path], float],
    beside: tuple[str, ...] = (),
) -> Path:
    """Export as the command line asks, to `shipped`, and write its checksum and those of files `beside` it.

    Gives the trained network that the command line names.
    """
    parser = argparse.ArgumentParser(prog=prog, description=doc)
    parser.add_argument("--model", type=Path, required=True, help="the trained network to ship")
    model: Path = parser.parse_args().model
    difference = export(model, shipped)
    write_checksums(shipped.parent, (shipped.name, *beside))
    print(f"{shipped.name}: {shipped.stat().st_size} bytes, differs by at most {difference:.1e}")
    return model
