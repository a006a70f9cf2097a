"""D-TRO records for tests: ours, the published ones, and what became of each leaf of a record."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from enforcement.orders.draft import Draft
from enforcement.orders.dtro import read_dtro

HERE = Path(__file__).parent
ENVIRONMENTAL = HERE / "environmental-v4.json"
PUBLISHED = Path(__file__).parents[3].parent / "shared" / "data" / "dtro"
PROVISION = "data.source.provision[0]"

Steps = tuple[str | int, ...]


def environmental() -> Any:
    """An environmental order with access and permit conditions, as JSON values."""
    return json.loads(ENVIRONMENTAL.read_text(encoding="utf-8"), parse_float=Decimal)


def only_draft(record: Any) -> Draft:
    """The one draft that a record gives."""
    [draft] = read_dtro(Path("record.json"), record)
    return draft


def leaves(tree: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every value of a record that holds no other, with the way to it."""
    if isinstance(tree, dict) and tree:
        for key, value in tree.items():
            yield from leaves(value, (*steps, key))
    elif isinstance(tree, list) and tree:
        for number, value in enumerate(tree):
            yield from leaves(value, (*steps, number))
    else:
        yield steps, tree


def path_of(steps: Steps) -> str:
    """The way to a leaf as a draft writes it."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


def changed(record: Any, steps: Steps, value: Any) -> Any:
    """A copy of the record with one leaf replaced."""
    copied = copy.deepcopy(record)
    node = copied
    for step in steps[:-1]:
        node = node[step]
    node[steps[-1]] = value
    return copied
