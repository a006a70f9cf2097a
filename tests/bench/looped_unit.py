"""A whole camera unit, `hgv-edge run` in a process of its own, that watches one long film."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from config.link import public_text
from config.settings import Broker, Camera, EdgeSettings, Metrics
from config.sites import Site
from edge.bench.memory import peak_mb, resident_mb
from tests.edge.centre import Centre, accepts, broker

ROOT = Path(__file__).parents[2]
LOOK_EVERY_S = 0.25
BEGAN = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)


class UnitFailedError(Exception):
    """The unit ended before its film did, or not well; the text holds what it said last."""


@dataclass(frozen=True)
class Sample:
    """The unit at one moment: frames it has seen, passages it has put, and its memory."""

    frames: int
    passages: int
    resident_mb: float
    peak_mb: float


def samples(film: Path, folder: Path) -> Iterator[Sample]:
    """A unit watches `film` to its end; how it stands, several times a second.

    Its broker is the embedded one, its centre takes everything. Raises UnitFailedError.
    """
    with broker() as address, Centre(address, accepts).listening() as centre:
        metrics = _free_port()
        config = _written_settings(film, folder, address, metrics, public_text(centre.key))
        log = folder / "unit.log"
        with log.open("wb") as said:
            words = [sys.executable, "-m", "edge.cli", "run", "--config", str(config)]
            unit = subprocess.Popen(words, cwd=ROOT, stdout=said, stderr=said)
        try:
            while unit.poll() is None:
                sample = _sample(unit.pid, metrics)
                if sample is not None:
                    yield sample
                time.sleep(LOOK_EVERY_S)
        finally:
            unit.terminate()
            code = unit.wait()
        if code != 0:
            raise UnitFailedError(f"hgv-edge run ended with {code}: {log.read_text('utf-8')[-2000:]}")


def _sample(pid: int, metrics_port: int) -> Sample | None:
    """How the unit stands; None before it serves metrics and after it has ended."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{metrics_port}/metrics", timeout=10) as answer:
            told = answer.read().decode()
        return Sample(
            frames=_counter(told, "frames"),
            passages=_counter(told, "passages_put"),
            resident_mb=resident_mb(pid),
            peak_mb=peak_mb(pid),
        )
    except (urllib.error.URLError, OSError):
        return None


def _counter(metrics: str, name: str) -> int:
    found = re.search(rf"^hgv_edge_{name}_total ([0-9.e+]+)$", metrics, re.MULTILINE)
    return int(float(found[1])) if found else 0


def _written_settings(film: Path, folder: Path, address: Broker, metrics: int, receipt_key: str) -> Path:
    """The unit's settings file; JSON is YAML."""
    (folder / "receipt-key.json").write_text(receipt_key, encoding="utf-8")
    site = Site(
        site_id="west",
        site_version=1,
        authority="demo",
        name="West end",
        road="High Street",
        latitude=51.5,
        longitude=-0.5,
        effective_from=BEGAN,
    )
    settings = EdgeSettings(
        agent_id="unit-1",
        authority="demo",
        data_dir="unit",
        cameras=(Camera(camera_id="west-1", source=str(film), starts_at=BEGAN, site=site),),
        broker=address,
        receipt_key_file="receipt-key.json",
        metrics=Metrics(port=metrics),
    )
    path = folder / "unit.yaml"
    path.write_text(json.dumps(msgspec.to_builtins(settings)), encoding="utf-8")
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
