"""The shim, and a folder in memory: what is written there is judged by its fsyncs, none is waited for."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.databases import Cluster, private_cluster
from tests.fault.power import build_shim


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("gcc") is None:
        pytest.skip("Debian's packages gcc and libc6-dev are not installed")
    return build_shim(tmp_path_factory.mktemp("shim"))


@pytest.fixture
def quick_folder() -> Iterator[Path]:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None, prefix="hgv-fault-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    if not list(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        pytest.skip("Debian's package postgresql is not installed")
    with private_cluster() as cluster:
        yield cluster
