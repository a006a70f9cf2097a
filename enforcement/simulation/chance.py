"""Chance that is the same every time: one generator for each thing that chance decides."""

from __future__ import annotations

import random


def chance_of(*what: object) -> random.Random:
    """The generator for one thing, by its seed and its name."""
    return random.Random("/".join(map(str, what)))  # noqa: S311  # chance of a model, no secret
