"""Several cameras in one process, on the shipped models that they share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import cv2
import msgspec
import numpy as np
import pytest

from config.link import public_text
from config.settings import Broker, Camera, EdgeSettings
from config.wire import Health, Passage, decode, open_envelope
from config.wire.messages import M
from config.wire.topics import parse_topic
from edge.unit.assembly import build, shipped_pipelines
from edge.unit.identity import signing_key
from tests.edge.centre import Centre, accepts, broker
from tests.edge.pictures import ROOT
from tests.edge.units import NOON, camera

FILM = ROOT / "deploy" / "demo" / "film" / "clips" / "van.mp4"


@pytest.fixture
def address() -> Iterator[Broker]:
    with broker() as address:
        yield address


@pytest.fixture
def broken_film(tmp_path: Path) -> Path:
    """Pictures that flood with noise, change their size and cannot be opened."""
    folder = tmp_path / "broken"
    folder.mkdir()
    rng = np.random.default_rng(5)
    for number in range(40):
        size = (90, 160, 3) if number < 20 else (61, 83, 3)
        cv2.imwrite(str(folder / f"{number:02}.png"), rng.integers(0, 256, size, np.uint8))
    (folder / "40.png").write_bytes(b"no picture")
    return folder


def named(name: str, source: Path) -> Camera:
    return msgspec.structs.replace(camera(str(source), starts_at=NOON), camera_id=name)


def seen_by(address: Broker, folder: Path, *cameras: Camera) -> tuple[int, dict[str, list[Passage]], Health]:
    """Run a unit with these cameras: its exit code, their passages, and its last heartbeat."""
    folder.mkdir()
    with Centre(address, accepts).listening() as centre:
        (folder / "receipt-key.json").write_text(public_text(centre.key))
        told = EdgeSettings(
            agent_id="unit-1",
            authority="demo",
            data_dir=str(folder / "unit"),
            cameras=cameras,
            broker=address,
            receipt_key_file=str(folder / "receipt-key.json"),
        )
        parts = build(told, *shipped_pipelines(told), Event())
        code = parts.agent.run(Event(), drain_timeout_s=60.0)
        parts.outbox.close()
    passages: dict[str, list[Passage]] = {each.camera_id: [] for each in cameras}
    for passage in came(centre, told, Passage):
        passages[passage.camera_id].append(passage)
    return code, passages, max(came(centre, told, Health), key=lambda beat: beat.sent_at)


def came(centre: Centre, told: EdgeSettings, kind: type[M]) -> list[M]:
    """The messages of one kind that came, each once, in the order of their bytes."""
    key = signing_key(told)
    payloads = {
        open_envelope(raw, {key.key_id: key.key}.get).payload
        for topic, raw in centre.came
        if parse_topic(topic).channel == kind.__struct_config__.tag
    }
    return [decode(payload, kind) for payload in sorted(payloads)]


def told_of(passages: list[Passage]) -> list[object]:
    """What a passage says of the vehicle, whichever camera saw it."""
    return [
        (each.captured_at, each.vehicle, each.plate, each.raw_reads, [ref.sha256 for ref in each.evidence])
        for each in passages
    ]


def test_cameras_that_share_the_models_see_what_each_sees_alone(
    address: Broker, tmp_path: Path, broken_film: Path
) -> None:
    _, alone, _ = seen_by(address, tmp_path / "alone", named("west-1", FILM))
    assert alone["west-1"], "the film shows a lorry"
    code, together, last = seen_by(
        address,
        tmp_path / "together",
        named("west-1", FILM),
        named("west-2", FILM),
        named("broken-1", broken_film),
        named("gone-1", tmp_path / "gone.mp4"),
    )
    for name in ("west-1", "west-2"):
        assert told_of(together[name]) == told_of(alone["west-1"])
    assert together["broken-1"] == together["gone-1"] == []
    assert code == 1, "a film that is not there"
    assert {each.camera_id: (each.state, each.fault) for each in last.cameras} == {
        "west-1": ("ended", None),
        "west-2": ("ended", None),
        "broken-1": ("ended", "resolution_changed"),
        "gone-1": ("faulty", None),
    }
