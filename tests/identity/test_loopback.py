"""What listens, listens to this machine only, unless the settings say otherwise."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.link import load_or_make_key, public_text
from tests.identity.installation import ROOT, UNIT_SETTINGS, Installation, free_port, listens, wait_for


@pytest.fixture
def started(tmp_path: Path) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Processes that a test starts, ended afterwards."""
    processes: dict[str, subprocess.Popen[bytes]] = {}
    yield processes
    for process in processes.values():
        process.terminate()
        process.wait(60)


def listened(pid: int) -> set[str]:
    """The addresses on which a process accepts TCP connections (Linux, /proc/net)."""
    sockets = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found = re.match(r"socket:\[(\d+)\]", str(entry.readlink()))
        except OSError:
            continue
        if found:
            sockets.add(found[1])
    addresses = set()
    for version, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/{pid}/net/{version}").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] == "0A" and parts[9] in sockets:
                addresses.add(_address(parts[1].split(":")[0], family))
    return addresses


def _address(text: str, family: socket.AddressFamily) -> str:
    words = [bytes.fromhex(text[at : at + 8])[::-1] for at in range(0, len(text), 8)]
    return socket.inet_ntop(family, b"".join(words))


def start(started: dict[str, subprocess.Popen[bytes]], name: str, folder: Path, *words: str) -> int:
    """Start a module of ours; its process id."""
    with (folder / f"{name}.log").open("ab") as log:
        started[name] = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=log, stderr=log)
    return started[name].pid


def test_ingester_and_door_serve_metrics_to_this_machine_only(centre: Installation) -> None:
    for process in ("ingest", "door"):
        assert listened(centre.running[process].pid) == {"127.0.0.1"}


@pytest.mark.parametrize("host", [None, "0.0.0.0"], ids=["by default", "when told otherwise"])
@pytest.mark.parametrize("process", ["unit", "console", "jobs"])
def test_every_port_is_the_loopbacks_unless_told_otherwise(
    centre: Installation,
    started: dict[str, subprocess.Popen[bytes]],
    tmp_path: Path,
    process: str,
    host: str | None,
) -> None:
    port, other = free_port(), free_port()
    at = f", host: {host}" if host else ""
    settings = tmp_path / "settings.yaml"
    metrics = f"metrics: {{port: {port}{at}}}\n"
    if process == "unit":
        (tmp_path / "receipt-key.json").write_text(
            public_text(load_or_make_key(tmp_path / "k.pem", "ingest"))
        )
        text = UNIT_SETTINGS.format(agent_id="unit-1", port=1).replace(
            "source: pictures", "source: rtsp://127.0.0.1:1/x"
        )
        plain = re.sub(r"broker: .*?\}\}", "broker: {port: 1}", text, flags=re.DOTALL)
        settings.write_text(plain + metrics)
        words = ("-m", "edge.cli", "run", "--config", str(settings))
    else:
        own = (
            (centre.folder / "keys-only.yaml")
            .read_text()
            .replace("evidence_dir: ", f"evidence_dir: {centre.folder}/")
        )
        settings.write_text(f"{own}{metrics}console: {{port: {other}{at}}}\n")
        words = ("-m", "enforcement.cli", "--config", str(settings), process)
    pid = start(started, process, tmp_path, *words)
    wait_for(f"the metrics of {process}", lambda: listens(port))
    if process == "console":
        wait_for("the console", lambda: listens(other))
    assert listened(pid) == {host or "127.0.0.1"}
