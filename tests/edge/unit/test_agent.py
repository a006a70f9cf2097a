"""A whole unit, from a film's frames to the broker; only the networks are replaced by a plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import cv2
import msgspec
import numpy as np
import pytest

from config.link import public_text
from config.settings import Broker, Camera, EdgeSettings
from config.wire import (
    Health,
    Passage,
    Traffic,
    decode,
    open_envelope,
)
from config.wire.topics import parse_topic
from edge.errors import EdgeError
from edge.frames import Frame
from edge.outbox.outbox import Outbox
from edge.outcomes import Outcomes
from edge.seen import SeenVehicle, TrafficCount
from edge.unit.assembly import Parts, build
from edge.unit.identity import signing_key
from tests.edge.centre import Centre, accepts, broker, silent, wait_for
from tests.edge.units import NOON, camera, vehicle

FRAMES = 50


@dataclass
class PlannedPipeline:
    """Sees a lorry leave at frame 20, a car at 30, and another lorry still there when the film ends."""

    outcomes: Outcomes = field(default_factory=Outcomes)
    fails_at: int | None = None

    def feed(self, frame: Frame) -> list[SeenVehicle]:
        self.outcomes.count("frames")
        if frame.number == self.fails_at:
            raise ZeroDivisionError("a mistake in the pipeline")
        if frame.number == 20:
            return [vehicle(1, after_s=0.8)]
        if frame.number == 30:
            return [vehicle(2, hgv=0.1, after_s=1.2, reading=None, evidence=())]
        return []

    def finish(self) -> list[SeenVehicle]:
        return [vehicle(3, after_s=2.0)]

    def traffic(self) -> list[TrafficCount]:
        return [TrafficCount(NOON, "truck", "towards", 1)] if self.outcomes.counts["frames"] == FRAMES else []


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a grey street."""
    path = tmp_path_factory.mktemp("film") / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (64, 48))
    for number in range(FRAMES):
        writer.write(np.full((48, 64, 3), number, np.uint8))
    writer.release()
    return path


@pytest.fixture
def address() -> Iterator[Broker]:
    with broker() as address:
        yield address


def settings(address: Broker, folder: Path, centre: Centre, *cameras: Camera) -> EdgeSettings:
    key_file = folder / "receipt-key.json"
    key_file.write_text(public_text(centre.key))
    return EdgeSettings(
        agent_id="unit-1",
        authority="demo",
        data_dir=str(folder / "unit"),
        cameras=cameras,
        broker=address,
        receipt_key_file=str(key_file),
        health_every_s=60.0,
    )


def run_unit(told: EdgeSettings, *, drain_timeout_s: float = 30.0, fails_at: int | None = None) -> int:
    parts = build(told, lambda camera: PlannedPipeline(fails_at=fails_at), {"net": "a" * 64}, Event())
    try:
        return parts.agent.run(Event(), drain_timeout_s=drain_timeout_s)
    finally:
        parts.outbox.close()


def sent(centre: Centre, told: EdgeSettings, kind: type[Passage | Traffic | Health]) -> list[Passage]:
    """The messages of one kind that came, each payload once, verified with the unit's key."""
    return sent_by(centre, (told,), kind)


def sent_by(
    centre: Centre, units: tuple[EdgeSettings, ...], kind: type[Passage | Traffic | Health]
) -> list[Passage]:
    """The same for a unit that had several keys in its life."""
    keys = {key.key_id: key.key for key in map(signing_key, units)}
    payloads = {
        open_envelope(raw, keys.get).payload
        for topic, raw in centre.came
        if parse_topic(topic).channel == kind.__struct_config__.tag
    }
    return sorted((decode(payload, kind) for payload in payloads), key=repr)  # type: ignore[misc]  # one kind


def farewell(centre: Centre, told: EdgeSettings) -> Health:
    """The unit's last heartbeat, awaited while the centre listens: it may come a moment later."""

    def beats() -> list[Health]:
        return [beat for beat in sent(centre, told, Health) if beat.state == "stopping"]

    wait_for(beats, "the farewell")
    return beats()[0]


def test_a_film_is_seen_sent_and_ends_the_unit(address: Broker, film: Path, tmp_path: Path) -> None:
    with Centre(address, accepts).listening() as centre:
        told = settings(address, tmp_path, centre, camera(str(film), starts_at=NOON))
        assert run_unit(told) == 0
    passages = sent(centre, told, Passage)
    assert sorted(p.captured_at for p in passages) == [NOON + timedelta(seconds=s) for s in (-0.2, 1.0)]
    assert all((p.source, p.clock.source, p.position.source) == ("file", "file", "site") for p in passages)
    assert [t.counts[0].vehicles for t in sent(centre, told, Traffic)] == [1]
    assert centre.count("evidence") == 2
    outbox = Outbox(Path(told.data_dir) / "outbox.sqlite")
    assert (outbox.depth(), outbox.pictures_waiting()) == (0, 0)
    outbox.close()


def test_heartbeats_tell_of_the_whole_film(address: Broker, film: Path, tmp_path: Path) -> None:
    with Centre(address, accepts).listening() as centre:
        told = settings(address, tmp_path, centre, camera(str(film), starts_at=NOON))
        run_unit(told)
        last = farewell(centre, told)
    seen = last.cameras[0]
    assert (seen.state, seen.frames) == ("ended", FRAMES)
    assert seen.last_frame_at == NOON + timedelta(seconds=(FRAMES - 1) / 25)
    assert last.counters["frames"] == FRAMES
    assert last.counters["passages_put"] == 2
    assert last.last_seq == 3


def test_a_film_played_again_sends_nothing_new(address: Broker, film: Path, tmp_path: Path) -> None:
    with Centre(address, accepts).listening() as centre:
        told = settings(address, tmp_path, centre, camera(str(film), starts_at=NOON))
        assert run_unit(told) == 0
        before = (centre.count("passage"), centre.count("traffic"), centre.count("evidence"))
        assert run_unit(told) == 0
        assert (centre.count("passage"), centre.count("traffic"), centre.count("evidence")) == before
        anew = msgspec.structs.replace(told, data_dir=str(tmp_path / "another"))
        assert run_unit(anew) == 0
    assert centre.count("passage") == 4
    assert len(sent_by(centre, (told, anew), Passage)) == 2


def test_what_the_centre_does_not_take_stays(address: Broker, film: Path, tmp_path: Path) -> None:
    with Centre(address, silent).listening() as centre:
        told = settings(address, tmp_path, centre, camera(str(film), starts_at=NOON))
        assert run_unit(told, drain_timeout_s=0.5) == 1
        outbox = Outbox(Path(told.data_dir) / "outbox.sqlite")
        assert (outbox.depth(), outbox.pictures_waiting()) == (3, 2)
        outbox.close()
        centre.answer = accepts
        assert run_unit(told) == 0


def test_one_camera_that_fails_does_not_stop_the_other(address: Broker, film: Path, tmp_path: Path) -> None:
    gone = msgspec.structs.replace(camera(str(tmp_path / "gone.avi")), camera_id="west-2")
    with Centre(address, accepts).listening() as centre:
        told = settings(address, tmp_path, centre, camera(str(film), starts_at=NOON), gone)
        assert run_unit(told) == 1
        last = farewell(centre, told)
    assert len(sent(centre, told, Passage)) == 2
    states = {each.camera_id: (each.state, "gone.avi" in (each.reason or "")) for each in last.cameras}
    assert states == {"west-1": ("ended", False), "west-2": ("faulty", True)}


def test_a_mistake_in_the_pipeline_is_a_fault_of_its_camera(
    address: Broker, film: Path, tmp_path: Path
) -> None:
    with Centre(address, accepts).listening() as centre:
        told = settings(address, tmp_path, centre, camera(str(film), starts_at=NOON))
        assert run_unit(told, fails_at=25) == 1
        last = farewell(centre, told)
    assert len(sent(centre, told, Passage)) == 1
    assert "ZeroDivisionError" in (last.cameras[0].reason or "")
    assert last.counters["camera_failures"] == 1


def test_a_mistake_in_one_cameras_pipeline_leaves_the_other_alone(
    address: Broker, film: Path, tmp_path: Path
) -> None:
    other = msgspec.structs.replace(camera(str(film), starts_at=NOON), camera_id="west-2")
    with Centre(address, accepts).listening() as centre:
        told = settings(address, tmp_path, centre, camera(str(film), starts_at=NOON), other)
        parts = build(
            told,
            lambda camera: PlannedPipeline(fails_at=25 if camera.camera_id == "west-2" else None),
            {},
            Event(),
        )
        assert parts.agent.run(Event(), drain_timeout_s=30.0) == 1
        parts.outbox.close()
        last = farewell(centre, told)
    assert [p.camera_id for p in sent(centre, told, Passage)].count("west-1") == 2
    assert {each.camera_id: each.state for each in last.cameras} == {"west-1": "ended", "west-2": "faulty"}


class Endless(PlannedPipeline):
    """Shows that it is at work, and gives nothing."""

    def __init__(self, at_work: Event) -> None:
        super().__init__()
        self.at_work = at_work

    def feed(self, frame: Frame) -> list[SeenVehicle]:
        self.at_work.set()
        return []


def test_a_unit_that_is_stopped_breaks_its_film_off(address: Broker, film: Path, tmp_path: Path) -> None:
    at_work, stop = Event(), Event()
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(2000):
        cv2.imwrite(str(pictures / f"{number:04}.png"), np.zeros((48, 64, 3), np.uint8))
    codes: list[int] = []
    with Centre(address, accepts).listening() as centre:
        told = settings(address, tmp_path, centre, camera(str(pictures), starts_at=NOON))
        parts: Parts = build(told, lambda camera: Endless(at_work), {}, stop)
        runner = Thread(target=lambda: codes.append(parts.agent.run(stop, drain_timeout_s=30)))
        runner.start()
        wait_for(at_work.is_set, "the first frame")
        stop.set()
        runner.join(30)
        parts.outbox.close()
        farewell(centre, told)
    assert codes == [0]
    assert sent(centre, told, Passage) == []


def test_a_unit_without_the_centres_key_says_where_it_comes_from(
    address: Broker, film: Path, tmp_path: Path
) -> None:
    told = settings(address, tmp_path, Centre(address, silent), camera(str(film)))
    Path(told.receipt_key_file).unlink()
    with pytest.raises(Exception, match="hgv-ingest key") as raised:
        build(told, lambda camera: PlannedPipeline(), {}, Event())
    assert not isinstance(raised.value, EdgeError)
