"""A module for each rule of the domain that a test must prove, and beside it a patch that breaks the rule."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
import ingest
from tests.enforcement.conftest import county, engine, unit_key

__all__ = ["county", "engine", "unit_key"]  # the same village for rules that need a database

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session", autouse=True)
def _judged_code_is_beside_the_tests() -> None:
    """A broken copy of the tree is judged by its own code, not by what is installed."""
    for package in (config, ingest):
        assert Path(str(package.__file__)).is_relative_to(ROOT), f"{package.__name__} comes from elsewhere"
