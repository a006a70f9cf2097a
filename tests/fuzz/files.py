"""Files that someone sends: orders, sites, permits and settings in YAML, the register as CSV."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.errors import FileMistake
from config.files import load
from config.law.orders import OrdersFile, PermitsFile
from config.sites import SitesFile
from enforcement.register.csv_register import read_register
from tests.fuzz.target import Target

_PILOT = Path(__file__).parents[2] / "config" / "pilot"


def file_targets(folder: Path) -> list[Target]:
    """The targets of files."""
    return [
        Target("orders", _seeds("orders.yaml"), _loaded(folder, OrdersFile), share=1, short=20),
        Target("sites", _seeds("sites.yaml"), _loaded(folder, SitesFile), share=1, short=20),
        Target("permits", _seeds("permits.yaml"), _loaded(folder, PermitsFile), share=1, short=20),
        Target("register", _seeds("register.csv"), _register(folder), share=6, short=200),
    ]


def _seeds(name: str) -> tuple[bytes, ...]:
    """Beginnings of the pilot's file: short ones are read a hundred times as fast as the whole."""
    lines = (_PILOT / name).read_bytes().splitlines(keepends=True)
    return (b"".join(lines[:24]), b"".join(lines[:12]), b"".join(lines[:4]))


def _loaded(folder: Path, into: type[Any]) -> Callable[[bytes], None]:
    path = folder / f"{into.__name__}.yaml"

    def run(raw: bytes) -> None:
        path.write_bytes(raw)
        with suppress(FileMistake):
            load(path, into)

    return run


def _register(folder: Path) -> Callable[[bytes], None]:
    path = folder / "register.csv"

    def run(raw: bytes) -> None:
        path.write_bytes(raw)
        with suppress(FileMistake):
            read_register(path)

    return run
