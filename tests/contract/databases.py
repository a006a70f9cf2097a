"""Databases to hold the same tests against: SQLite files, and a private PostgreSQL on a free port."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

_numbers = itertools.count(1)


def postgres_programs() -> Path | None:
    """Where Debian's newest PostgreSQL keeps initdb and pg_ctl, or None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def private_postgres(programs: Path) -> Iterator[str]:
    """A cluster of our own in a folder of its own, on loopback; gives a URL without the database's name."""
    folder = Path(tempfile.mkdtemp(prefix="hgv-postgres-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    user = "postgres" if as_user else pwd.getpwuid(os.geteuid()).pw_name
    port = _free_port()
    data, log = folder / "data", folder / "log"

    def run(*command: str) -> None:
        done = subprocess.run([*as_user, *command], capture_output=True, text=True, cwd="/", check=False)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"

    run(str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", user, "--no-sync")
    # Here processes are killed and the machine never is, so nothing needs to wait for the disk.
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    try:
        run(str(programs / "pg_ctl"), "-D", str(data), "-l", str(log), "-w", "-o", options, "start")
        yield f"postgresql+psycopg://{user}@127.0.0.1:{port}"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def create_database(server: str) -> str:
    """The URL of a new, empty database on a server."""
    return _create(server, "")


def copy_database(url: str, file: Path) -> str:
    """The URL of a copy: SQLite's is the file, PostgreSQL's is on the same server.

    Nobody may be connected to the original.
    """
    original = make_url(url)
    if original.get_backend_name() == "sqlite":
        return f"sqlite:///{shutil.copy(str(original.database), file)}"
    return _create(_server(url), f" TEMPLATE {original.database}")


def drop_database(url: str) -> None:
    """Delete a database of PostgreSQL, whoever is connected to it."""
    _run(_server(url), f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def _create(server: str, how: str) -> str:
    name = f"hgv{next(_numbers)}"
    _run(server, f"CREATE DATABASE {name}{how}")
    return f"{server}/{name}"


def _server(url: str) -> str:
    return url.rpartition("/")[0]


def _run(server: str, statement: str) -> None:
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
