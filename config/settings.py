"""Typed settings of each process: one YAML file each, single values overridden from the environment.

`HGV_BROKER__PORT=8883` overrides `broker: {port: ...}` and `HGV_CAMERAS__0__SOURCE=...` the first camera's
source: the name is `HGV_` and the path joined by `__`. Paths in a file are relative to its own folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from config.errors import FileMistake
from config.files import load
from config.sites import Site
from config.wire.values import Instant, Name

Port = Annotated[int, Meta(ge=1, le=65535)]
Seconds = Annotated[float, Meta(gt=0)]


class Tls(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Files of the client's certificate and of the authority that signed the broker's."""

    ca_file: str
    certificate_file: str
    key_file: str


class Broker(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the MQTT broker listens. Without `tls` only for a broker on the same machine."""

    host: str = "127.0.0.1"
    port: Port = 1883
    keepalive_s: Annotated[int, Meta(ge=5, le=600)] = 30
    tls: Tls | None = None


class Metrics(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where Prometheus metrics are served; loopback unless told otherwise."""

    host: str = "127.0.0.1"
    port: Port


class Gpsd(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The gpsd that knows a van's position."""

    host: str = "127.0.0.1"
    port: Port = 2947


class VanDeployment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where and when a mobile van stands, as its crew wrote it down."""

    deployment_id: Name
    started_at: Instant
    ended_at: Instant | None = None


class Camera(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One camera of a unit. `source` is a file, a folder, an RTSP address or a /dev/video device."""

    camera_id: Name
    source: str
    starts_at: Instant | None = None
    site: Site
    deployment: VanDeployment | None = None


class EdgeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a camera unit (`hgv-edge run --config FILE`).

    Where the outbox would take more than `outbox_most_bytes`, the oldest evidence pictures go, never events.
    Passages are marked while the clock may be off by more than `clock_tolerance_s` (SI 2022/71 Sch. 1: 10 s).
    """

    agent_id: Name
    authority: Name
    data_dir: str
    cameras: Annotated[tuple[Camera, ...], Meta(min_length=1)]
    broker: Broker = Broker()
    receipt_key_file: str
    models_dir: str | None = None
    threads: Annotated[int, Meta(ge=1, le=16)] = 1
    hgv_from: Annotated[float, Meta(gt=0, lt=1)] = 0.5
    grammar: Literal["gb", "none"] = "gb"
    health_every_s: Seconds = 30.0
    outbox_most_bytes: Annotated[int, Meta(ge=1_000_000)] = 4_000_000_000
    clock_tolerance_s: Seconds = 10.0
    gpsd: Gpsd | None = None
    clock_starts_at: Instant | None = None
    metrics: Metrics | None = None


class IngestSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of the ingester (`hgv-ingest run --config FILE`)."""

    database_url: str
    evidence_dir: str
    data_dir: str
    broker: Broker = Broker()
    client_id: Name = "ingest"
    batch_messages: Annotated[int, Meta(ge=1, le=5000)] = 2000
    batch_wait_s: Seconds = 0.2
    clock_tolerance_s: Seconds = 10.0
    clock_starts_at: Instant | None = None
    metrics: Metrics | None = None


class Console(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the officers' console listens."""

    host: str = "127.0.0.1"
    port: Port = 8765
    secure_cookies: bool = True
    session_minutes: Annotated[int, Meta(ge=5, le=720)] = 60


class Ves(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The DVLA's Vehicle Enquiry Service, which answers a set time long and is asked at a set pace.

    The key stands in the environment (HGV_VES_KEY) or in `key_file`. The service's rate limit is not
    published: set `requests_per_s` and `burst` to what was agreed with it. A look-up that has failed since
    `review_after_days` goes to an officer unanswered; one without an entry is asked again after
    `not_known_again_days`, and no longer after `give_up_after_days`.
    """

    url: str = "https://driver-vehicle-licensing.api.gov.uk/vehicle-enquiry/v1/vehicles"
    key_file: str | None = None
    requests_per_s: Annotated[float, Meta(gt=0, le=100)] = 1.0
    burst: Annotated[int, Meta(ge=1, le=100)] = 5
    timeout_s: Annotated[float, Meta(gt=0, le=60)] = 10.0
    pause_after_faults: Annotated[int, Meta(ge=1, le=100)] = 5
    pause_s: Seconds = 60.0
    retry_first_s: Seconds = 30.0
    retry_most_s: Seconds = 21_600.0
    answer_valid_days: Annotated[int, Meta(ge=1, le=365)] = 28
    not_known_again_days: Annotated[int, Meta(ge=1, le=365)] = 7
    review_after_days: Annotated[int, Meta(ge=1, le=150)] = 7
    give_up_after_days: Annotated[int, Meta(ge=1, le=365)] = 180


class Mail(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mail server that takes letters; the password of `user` stands in HGV_MAIL_PASSWORD.

    `ca_file` is the authority of a server whose certificate no public one signed.
    """

    host: str
    port: Port = 587
    starttls: bool = True
    ca_file: str | None = None
    user: str | None = None
    sender: Annotated[str, Meta(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]
    timeout_s: Seconds = 30.0


class EnforcementSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of enforcement: console, jobs and batches (`hgv-enforce --config FILE ...`).

    `register` says who is asked about vehicles: the CSV file `register_csv`, or the service under `ves`.
    `pki_dir` is the folder of the certificate authority (deploy.pki) where units have certificates.
    Letters go by post alone unless `mail` names a server.
    """

    database_url: str
    evidence_dir: str
    data_dir: str
    authority: Name
    register: Literal["csv", "ves"] = "csv"
    register_csv: str | None = None
    ves: Ves = Ves()
    policy_file: str
    pki_dir: str | None = None
    mail: Mail | None = None
    console: Console = Console()
    jobs_every_s: Seconds = 60.0
    clock_starts_at: Instant | None = None
    metrics: Metrics | None = None


S = TypeVar("S", EdgeSettings, IngestSettings, EnforcementSettings)

_PATHS = (
    "data_dir",
    "evidence_dir",
    "register_csv",
    "policy_file",
    "receipt_key_file",
    "models_dir",
    "pki_dir",
)
_SQLITE = "sqlite:///"
_NOT_SETTINGS = ("HGV_CONFIG", "HGV_PASSWORD", "HGV_VES_KEY", "HGV_MAIL_PASSWORD")


def load_settings(path: Path, into: type[S], environment: Mapping[str, str]) -> S:
    """The settings in `path` with overrides from `environment`.

    Raises FileMistake for a mistake in the file, or for an override that does not fit (naming the variable).
    """
    settings = _with_absolute_paths(load(path, into), path.resolve().parent)
    for name, text in sorted(environment.items()):
        if name.startswith("HGV_") and name not in _NOT_SETTINGS:
            settings = _overridden(settings, name, text, into)
    return settings


def _with_absolute_paths(settings: S, folder: Path) -> S:
    changed: dict[str, Any] = {
        name: str(folder / value) for name in _PATHS if (value := getattr(settings, name, None)) is not None
    }
    broker: Broker | None = getattr(settings, "broker", None)
    if broker is not None and broker.tls is not None:
        files = {name: str(folder / getattr(broker.tls, name)) for name in Tls.__struct_fields__}
        changed["broker"] = msgspec.structs.replace(broker, tls=Tls(**files))
    ves: Ves | None = getattr(settings, "ves", None)
    if ves is not None and ves.key_file is not None:
        changed["ves"] = msgspec.structs.replace(ves, key_file=str(folder / ves.key_file))
    mail: Mail | None = getattr(settings, "mail", None)
    if mail is not None and mail.ca_file is not None:
        changed["mail"] = msgspec.structs.replace(mail, ca_file=str(folder / mail.ca_file))
    database_url: str = getattr(settings, "database_url", "")
    if database_url.startswith(_SQLITE):
        changed["database_url"] = _SQLITE + str(folder / database_url.removeprefix(_SQLITE))
    if isinstance(settings, EdgeSettings):
        changed["cameras"] = tuple(_with_absolute_source(camera, folder) for camera in settings.cameras)
    return msgspec.structs.replace(settings, **changed)


def _with_absolute_source(camera: Camera, folder: Path) -> Camera:
    if "://" in camera.source:
        return camera
    return msgspec.structs.replace(camera, source=str(folder / camera.source))


def _overridden(settings: S, name: str, text: str, into: type[S]) -> S:
    tree: dict[str, Any] = msgspec.to_builtins(settings)
    path: list[str | int] = [
        int(step) if step.isdigit() else step for step in name.removeprefix("HGV_").lower().split("__")
    ]
    try:
        _set_in(tree, path, text)
        return msgspec.convert(tree, into, strict=False)
    except (msgspec.ValidationError, LookupError, TypeError) as error:
        raise FileMistake(Path(name), 0, f"the environment variable fits no setting: {error}") from error


def _set_in(tree: Any, path: list[str | int], text: str) -> None:
    *parents, last = path
    for step in parents:
        if isinstance(tree, dict) and tree.get(step) is None:
            tree[step] = {}
        tree = tree[step]
    tree[last] = text
