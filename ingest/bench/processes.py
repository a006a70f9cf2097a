"""The ingester and the generator as processes, and what they cost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ingest.bench.generator import Result, Task
from ingest.errors import BenchRefused

_STOPS_WITHIN_S = 30.0


@contextmanager
def running_ingester(folder: Path, database_url: str, port: int) -> Iterator[int]:
    """An ordinary `hgv-ingest run` with the limits that it ships with; gives its process."""
    folder.mkdir()
    settings = folder / "ingest.yaml"
    settings.write_text(
        f"database_url: {database_url}\n"
        f"evidence_dir: {folder}/evidence\n"
        f"data_dir: {folder}/data\n"
        f"broker: {{host: 127.0.0.1, port: {port}}}\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "ingest.cli", "--config", str(settings), "run"]
    with (folder / "log").open("wb") as log:
        ingester = subprocess.Popen(command, stderr=log)  # noqa: S603  # our own program
        try:
            yield ingester.pid
        finally:
            ingester.send_signal(signal.SIGTERM)
            ingester.wait(_STOPS_WITHIN_S)


def generated(folder: Path, task: Task) -> Result:
    """What the generator's process reports of the task. Raises BenchRefused where it fails."""
    told, result = folder / "task.json", folder / "result.json"
    told.write_bytes(msgspec.json.encode(task))
    command = [sys.executable, "-m", "ingest.bench.generator", str(told), str(result)]
    done = subprocess.run(command, check=False)  # noqa: S603  # our own program
    if done.returncode != 0:
        raise BenchRefused(f"the generator ended with {done.returncode}; its own words are above")
    return msgspec.json.decode(result.read_bytes(), type=Result)


def cpu_s(process_id: int) -> float:
    """Processor time that a process has taken, its own and the kernel's for it."""
    fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
