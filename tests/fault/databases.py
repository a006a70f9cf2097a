"""An empty, migrated database for each round, and how it is made to crash."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
from sqlalchemy import create_engine, text

from tests.fault.processes import Process, free_port, wait_for

DatabaseKind = Literal["sqlite", "postgresql"]
_START_WITHIN_S = 120.0


@dataclass(frozen=True)
class Cluster:
    """A private PostgreSQL on loopback, run by somebody who is not root."""

    server: Process
    port: int
    user: str

    def url(self, database: str) -> str:
        """Where a database of this cluster is."""
        return f"postgresql+psycopg://{self.user}@127.0.0.1:{self.port}/{database}"

    def new_database(self, name: str) -> str:
        """Make an empty database; its URL."""
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.url(name)

    def crash(self) -> None:
        """End it without a checkpoint: its next start has to recover from its log."""
        assert self.server.running is not None
        self.server.running.send_signal(signal.SIGQUIT)
        self.server.running.wait()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.server.start()
        wait_for("PostgreSQL's start", self._answers, _START_WITHIN_S)

    def _answers(self) -> bool:
        try:
            psycopg.connect(f"host=127.0.0.1 port={self.port} user={self.user} dbname=postgres").close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """A new cluster, deleted afterwards. Raises FileNotFoundError where Debian's package is missing."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise FileNotFoundError("Debian's package postgresql is not installed")
    folder = Path(tempfile.mkdtemp(prefix="hgv-fault-postgres-"))
    user, as_user = pwd.getpwuid(os.geteuid()).pw_name, list[str]()
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = "postgres"
        shutil.chown(folder, user, user)
        as_user = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"]
    port, data = free_port(), str(folder / "data")
    command = [str(found[-1].with_name("initdb")), "-D", data, "-A", "trust", "-U", user, "--no-sync"]
    subprocess.run([*as_user, *command], check=True, capture_output=True, cwd="/")
    serve = [*as_user, "--pdeathsig", "KILL", "--"] if as_user else []
    options = ["-D", data, "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    server = Process("postgres", [*serve, str(found[-1]), *options], folder / "log")
    cluster = Cluster(server, port, user)
    try:
        cluster.start()
        yield cluster
    finally:
        if server.is_up():
            cluster.crash()
        shutil.rmtree(folder, ignore_errors=True)
