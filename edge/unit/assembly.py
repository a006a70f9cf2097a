"""Puts a unit together from its settings: the one place that knows all its parts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from threading import Event

from prometheus_client import CollectorRegistry

from config.clock import Clock, clock_from
from config.errors import LinkError
from config.link import load_public_key
from config.settings import Camera, EdgeSettings
from config.wire import ClockState, Position, encode, seal
from config.wire.envelope import Header
from edge.faults import FaultWatch, ViewFile
from edge.messages.ids import FilmIds, Ids, LiveIds, content_sha256
from edge.messages.losses import LossTeller
from edge.messages.minutes import MinuteCounts
from edge.messages.passage import UnitName
from edge.messages.recorder import Recorder
from edge.outbox.outbox import Outbox
from edge.pipeline import CameraPipeline
from edge.settings import Models, PipelineSettings, load_models
from edge.sources import open_source
from edge.tally import Exported, Tally
from edge.unit.agent import Agent, unit_counters
from edge.unit.camera import CameraParts, CameraThread, Pipeline
from edge.unit.camera_metrics import CameraStates
from edge.unit.clock_state import UNKNOWN
from edge.unit.clock_watch import ClockWatch
from edge.unit.health import CameraWatch, Heartbeat, last_will
from edge.unit.identity import signing_key
from edge.unit.metrics import UnitStates
from edge.unit.position import GpsdPosition
from edge.uplink.uplink import Centre, Presence, Uplink
from edge.vehicles.view import view_of
from edge.weights import Weights

# Makes the pipeline of a camera; tests give their own.
NewPipeline = Callable[[Camera], Pipeline]


@dataclass(frozen=True)
class Parts:
    """A unit, ready to run, and what has to be opened and closed with it."""

    agent: Agent
    outbox: Outbox
    registry: CollectorRegistry
    gpsd: GpsdPosition | None


@dataclass(frozen=True)
class _Shared:
    """What all cameras of a unit share."""

    settings: EdgeSettings
    unit: UnitName
    clock: Clock
    clock_state: Callable[[], ClockState]
    outbox: Outbox
    gpsd: GpsdPosition | None
    new_pipeline: NewPipeline
    tally: Tally
    news: Event
    stop: Event


def centre_of(settings: EdgeSettings) -> Centre:
    """Broker and receipt keys of the centre, one a line. Raises LinkError where there is none."""
    path = Path(settings.receipt_key_file)
    try:
        lines = path.read_text(encoding="utf-8").splitlines() or [""]
        keys = dict(load_public_key(line) for line in lines)
    except OSError as error:
        raise LinkError(
            f"the centre's public key {path} cannot be read ({error.strerror}); "
            "have it written there by: hgv-ingest key"
        ) from error
    return Centre(settings.broker, keys.get)


def is_film(camera: Camera) -> bool:
    """Whether the camera's source ends: a file or a folder of pictures."""
    return "://" not in camera.source and not camera.source.startswith("/dev/")


def shipped_pipelines(settings: EdgeSettings) -> tuple[NewPipeline, dict[str, str]]:
    """Pipelines on the real models, and the models' hashes. Raises ModelError and CalibrationError."""
    weights = Weights(Path(settings.models_dir) if settings.models_dir else None)
    models: Models = load_models(weights, settings.threads)
    views = {camera.camera_id: view_of(camera.site) for camera in settings.cameras}

    def new_pipeline(camera: Camera) -> Pipeline:
        told = PipelineSettings(
            hgv_from=settings.hgv_from,
            grammar=settings.grammar,
            view=views[camera.camera_id],
        )
        return CameraPipeline(models, told, camera.source)

    return new_pipeline, weights.sha256


def build(settings: EdgeSettings, new_pipeline: NewPipeline, models: dict[str, str], stop: Event) -> Parts:
    """The unit that the settings describe. Raises what its parts raise where they cannot be set up."""
    centre = centre_of(settings)
    tally = Tally()
    shared = _Shared(
        settings=settings,
        unit=UnitName(settings.agent_id, settings.authority, _software(), models),
        clock=clock_from(settings.clock_starts_at),
        clock_state=_clock_state(settings, tally),
        outbox=Outbox(Path(settings.data_dir) / "outbox.sqlite", most_bytes=settings.outbox_most_bytes),
        gpsd=GpsdPosition(settings.gpsd, time.monotonic) if settings.gpsd else None,
        new_pipeline=new_pipeline,
        tally=tally,
        news=Event(),
        stop=stop,
    )
    uplink = _uplink(shared, centre)
    watches = [CameraWatch(c.camera_id, c.site.site_version, time.monotonic) for c in settings.cameras]
    cameras = [
        _camera(shared, camera, watch, uplink)
        for camera, watch in zip(settings.cameras, watches, strict=True)
    ]
    agent = Agent(
        cameras=cameras,
        outbox=shared.outbox,
        uplink=uplink,
        heartbeat=_heartbeat(shared, watches, cameras, uplink),
        losses=LossTeller(shared.unit, shared.outbox, shared.clock, tally, uplink.look),
        health_every_s=settings.health_every_s,
        monotonic_s=time.monotonic,
        news=shared.news,
    )
    registry = CollectorRegistry()
    registry.register(Exported(lambda: unit_counters(shared.tally, cameras)))
    registry.register(CameraStates(watches))
    registry.register(UnitStates(shared.outbox, shared.clock_state, uplink.is_connected))
    return Parts(agent, shared.outbox, registry, shared.gpsd)


def _uplink(shared: _Shared, centre: Centre) -> Uplink:
    key = signing_key(shared.settings)
    header = Header(kid=key.key_id, kind="health")
    will = partial(last_will, shared.unit, shared.outbox, shared.clock)
    presence = Presence(lambda: seal(encode(will()), header, key), shared.news.set)
    agent_id = shared.settings.agent_id
    return Uplink(agent_id, shared.outbox, key, centre, shared.tally, time.monotonic, presence)


def _camera(shared: _Shared, camera: Camera, watch: CameraWatch, uplink: Uplink) -> CameraThread:
    ids = _ids(camera)
    recorder = Recorder(
        camera=camera,
        unit=shared.unit,
        ids=ids,
        outbox=shared.outbox,
        tally=shared.tally,
        hgv_from=shared.settings.hgv_from,
        position=_position(camera, shared.gpsd),
        clock_state=_film_clock if is_film(camera) else shared.clock_state,
        put_done=uplink.look,
        stop=shared.stop,
    )
    parts = CameraParts(
        camera_id=camera.camera_id,
        is_film=is_film(camera),
        open_source=lambda: open_source(camera.source, camera.starts_at, shared.clock),
        new_pipeline=lambda: shared.new_pipeline(camera),
        recorder=recorder,
        minutes=MinuteCounts(camera, shared.unit, ids),
        watch=watch,
        faults=FaultWatch(_view_file(shared.settings, camera)),
    )
    return CameraThread(parts, shared.tally, shared.news)


def _heartbeat(
    shared: _Shared, watches: Sequence[CameraWatch], cameras: Sequence[CameraThread], uplink: Uplink
) -> Heartbeat:
    return Heartbeat(
        unit=shared.unit,
        outbox=shared.outbox,
        clock=shared.clock,
        clock_state=shared.clock_state,
        cameras=watches,
        heard=uplink.heard,
        counters=lambda: unit_counters(shared.tally, cameras),
    )


def _view_file(settings: EdgeSettings, camera: Camera) -> ViewFile | None:
    """Where the view of a camera is kept; the next film may be of another place."""
    if is_film(camera):
        return None
    path = Path(settings.data_dir) / "views" / f"{camera.camera_id}.npz"
    return ViewFile(path, camera.site.site_version)


def _clock_state(settings: EdgeSettings, tally: Tally) -> Callable[[], ClockState]:
    if settings.clock_starts_at is not None:
        return lambda: UNKNOWN  # chrony and the kernel speak of the system's clock, not of a made-up one
    return ClockWatch(settings.clock_tolerance_s, tally)


def _film_clock() -> ClockState:
    return ClockState(source="file")


def _ids(camera: Camera) -> Ids:
    path = Path(camera.source)
    if is_film(camera) and path.exists():
        return FilmIds(content_sha256(path), camera.camera_id, camera.starts_at)
    return LiveIds()  # a film that is not there fails when it is opened, before anything needs an id


def _position(camera: Camera, gpsd: GpsdPosition | None) -> Callable[[], Position]:
    """A van's position from gpsd where there is a fix; else, and for a film, the site file's."""
    from_gpsd = gpsd is not None and camera.site.kind == "van" and not is_film(camera)
    stands = Position(
        latitude=camera.site.latitude,
        longitude=camera.site.longitude,
        source="file" if camera.site.kind == "van" else "site",
    )
    if gpsd is None or not from_gpsd:
        return lambda: stands
    return lambda: gpsd.position() or stands


def _software() -> str:
    return f"hgvwatch {metadata.version('hgvwatch')}"
