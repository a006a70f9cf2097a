"""What `hgv-edge doctor` looks at: each part of a unit, and what is wrong with it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from config.calibration import Calibration
from config.clock import system_clock
from config.errors import ConfigError
from config.link import connect, new_client
from config.settings import Camera, EdgeSettings
from config.wire import ClockState
from edge.errors import EdgeError
from edge.faults import blank
from edge.faults.fault import REASONS
from edge.faults.sample import sample_of
from edge.outbox.file import OutboxInUse
from edge.outbox.look import waiting_in
from edge.road.plane import road_of
from edge.sources import open_source
from edge.unit.assembly import centre_of, shipped_pipelines
from edge.unit.certificate_check import broker_told, certificate_told, private_files_told
from edge.unit.clock_state import clock_state
from edge.unit.identity import next_key_waits, private_files, signing_key

_ANSWER_WITHIN_S = 10.0
_LEAST_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is as it should be, and what was found."""

    what: str
    good: bool
    found: str


def examine(settings: EdgeSettings) -> Iterator[Finding]:
    """Look at every part, one after the other."""
    yield _tried("signing key", lambda: _signing_key(settings))
    yield _tried("private files", lambda: private_files_told(private_files(settings)))
    yield _tried("certificate", lambda: certificate_told(settings, system_clock()))
    yield _tried(
        "centre's key", lambda: f"read from {settings.receipt_key_file}" if centre_of(settings) else ""
    )
    yield _tried("models", lambda: f"{len(shipped_pipelines(settings)[1])} files, as they were measured")
    yield _disk(Path(settings.data_dir))
    yield _tried("outbox", lambda: _outbox(Path(settings.data_dir)))
    yield of_clock(clock_state(), settings.clock_tolerance_s)
    yield _broker(settings)
    for camera in settings.cameras:
        yield _tried(f"camera {camera.camera_id}", partial(_first_frame, camera))
        yield _tried(f"road of {camera.camera_id}", partial(_road, camera.site.calibration))


def of_clock(state: ClockState, tolerance_s: float) -> Finding:
    """Whether the centre would conclude anything from times of this clock."""
    if state.offset_s is None or state.error_bound_s is None:
        text = "nobody knows how far it is off; install chrony and let it reach a time server"
        return Finding("clock", False, text)
    off_s = abs(state.offset_s) + state.error_bound_s
    return Finding("clock", off_s <= tolerance_s, f"at most {off_s:.3f} s off ({state.source})")


def _signing_key(settings: EdgeSettings) -> str:
    told = f"the unit signs as {signing_key(settings).key_id}"
    return f"{told}; a next key waits: hgv-edge key --use-next" if next_key_waits(settings) else told


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except (EdgeError, ConfigError) as error:
        return Finding(what, False, str(error))


def _disk(data_dir: Path) -> Finding:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(data_dir).free
    except OSError as error:
        return Finding("disk", False, f"{data_dir} cannot be used: {error.strerror}")
    return Finding("disk", free >= _LEAST_FREE_BYTES, f"{free / 1024**3:.1f} GB free; 2 are wanted")


def _outbox(data_dir: Path) -> str:
    try:
        waiting = waiting_in(data_dir / "outbox.sqlite")
    except OutboxInUse:
        return "in use by the running unit"
    if waiting is None:
        return "made at the unit's first start"
    return f"{waiting[0]} events and {waiting[1]} pictures wait for the centre"


def _broker(settings: EdgeSettings) -> Finding:
    """Whether the broker lets this unit in; a running unit of this name is not put out."""
    broker, where = settings.broker, f"{settings.broker.host}:{settings.broker.port}"
    if (tls := broker.tls) is not None:
        return _tried("broker", lambda: broker_told(broker, tls, _ANSWER_WITHIN_S))
    said: list[Any] = []
    answered = threading.Event()

    def note(client: object, userdata: object, flags: object, reason: Any, properties: object) -> None:
        said.append(reason)
        answered.set()

    try:
        client = new_client(settings.broker, f"{settings.agent_id}-doctor")
    except ConfigError as error:
        return Finding("broker", False, str(error))
    client.on_connect = note
    connect(client, settings.broker, session_expiry_s=0)
    answered.wait(_ANSWER_WITHIN_S)
    client.disconnect()
    client.loop_stop()
    if not said:
        return Finding("broker", False, f"{where} does not answer; check host, port and that it runs")
    return Finding("broker", not said[0].is_failure, f"{where} says {said[0]}")


def _road(calibration: Calibration | None) -> str:
    if calibration is None:
        return "not measured, so no speed, length or height; hgv-edge calibrate helps to measure it"
    road = road_of(calibration)
    _, _, near, far = road.extent_m
    if road.camera is None:
        told = "neither length nor height, as the points leave the lens open"
    else:
        told = "length and height" if road.height_known else "length, no height without camera_height_m"
    return f"measured from {near:.0f} to {far:.0f} m by {len(calibration.road_points)} points: speed, {told}"


def _first_frame(camera: Camera) -> str:
    """Wait for a picture. A source that never gives one is closed after a while."""
    source = open_source(camera.source, camera.starts_at, system_clock)
    timer = threading.Timer(_ANSWER_WITHIN_S, source.close)
    timer.start()
    try:
        for frame in source:
            fault = blank(sample_of(frame.luma).small)
            if fault:
                raise EdgeError(f"{source.name}: {REASONS[fault]}")
            return f"{source.name} gives pictures of {frame.width_px} x {frame.height_px}"
    finally:
        timer.cancel()
        source.close()
    raise EdgeError(getattr(source, "last_error", None) or f"{source.name} gives no picture")
