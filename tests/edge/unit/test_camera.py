"""One camera from its source to the outbox, while its pictures are in order and while they are not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from fractions import Fraction
from itertools import chain
from pathlib import Path
from threading import Event

import av
import numpy as np
import pytest
from structlog.testing import capture_logs

from config.wire import Passage, Position, decode
from edge.faults import FaultWatch, View, ViewFile
from edge.frames import Frame, Picture
from edge.messages.ids import LiveIds
from edge.messages.minutes import MinuteCounts
from edge.messages.recorder import Recorder
from edge.outbox.outbox import Outbox
from edge.outcomes import Outcomes
from edge.road.measure import Estimate, Measured
from edge.seen import SeenVehicle, TrafficCount
from edge.sources import Source, open_source
from edge.tally import Tally
from edge.unit.camera import CameraParts, CameraThread
from edge.unit.clock_state import UNKNOWN
from edge.unit.health import CameraWatch
from tests.edge.faults.roads import Road, in_frames
from tests.edge.units import NOON, UNIT, camera, vehicle


@dataclass
class PlannedPipeline:
    """Sees a lorry leave at each frame whose number is in `at`."""

    at: Sequence[int] = ()
    outcomes: Outcomes = field(default_factory=Outcomes)
    sizes_px: set[tuple[int, int]] = field(default_factory=set)

    def feed(self, frame: Frame) -> list[SeenVehicle]:
        self.outcomes.count("frames")
        self.sizes_px.add((frame.width_px, frame.height_px))
        if frame.number not in self.at:
            return []
        speed = Measured(speed_mps=Estimate(12.0, 0.5))
        return [replace(vehicle(frame.number, after_s=frame.offset_s), measured=speed)]

    def finish(self) -> list[SeenVehicle]:
        return []

    def traffic(self) -> list[TrafficCount]:
        return []


@dataclass
class Drawn:
    """A source of drawn pictures, one a second."""

    pictures: Iterator[Picture]
    name: str = "drawn"
    lossless: bool = True
    skipped: int = 0
    reconnects: int = 0

    def __iter__(self) -> Iterator[Frame]:
        return in_frames(self.pictures)

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class Ran:
    """A camera that has run to the end of its film."""

    watch: CameraWatch
    tally: Tally
    passages: list[Passage]
    pipelines: list[PlannedPipeline]
    camera: CameraThread


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    yield outbox
    outbox.close()


@pytest.fixture(scope="module")
def known() -> View:
    """What a watch has learnt of the drawn road."""
    view = View()
    for picture in Road().small(301):
        view.look(picture)
    return view


def ran(outbox: Outbox, source: Callable[[], Source], at: Sequence[int], kept: ViewFile | None = None) -> Ran:
    """Run a camera over all that `source` gives."""
    told, ids, tally = camera("film"), LiveIds(), Tally()
    watch = CameraWatch("west-1", 2, lambda: 0.0)
    pipelines: list[PlannedPipeline] = []

    def new_pipeline() -> PlannedPipeline:
        pipelines.append(PlannedPipeline(at))
        return pipelines[-1]

    recorder = Recorder(
        camera=told,
        unit=UNIT,
        ids=ids,
        outbox=outbox,
        tally=tally,
        hgv_from=0.5,
        position=lambda: Position(latitude=51.5, longitude=-0.5, source="site"),
        clock_state=lambda: UNKNOWN,
        put_done=lambda: None,
        stop=Event(),
    )
    parts = CameraParts(
        camera_id="west-1",
        is_film=True,
        open_source=source,
        new_pipeline=new_pipeline,
        recorder=recorder,
        minutes=MinuteCounts(told, UNIT, ids),
        watch=watch,
        faults=FaultWatch(kept),
    )
    thread = CameraThread(parts, tally, Event())
    thread.start()
    thread.join()
    return Ran(watch, tally, passages_in(outbox), pipelines, thread)


def passages_in(outbox: Outbox) -> list[Passage]:
    """What was recorded, in that order."""
    entries = sorted(outbox.entries_to_send([], 100), key=lambda entry: entry.seq)
    return [decode(entry.payload, Passage) for entry in entries if entry.kind == "passage"]


def test_of_a_camera_that_moved_only_what_does_not_hang_on_its_view_is_told(
    outbox: Outbox, tmp_path: Path, known: View
) -> None:
    kept = ViewFile(tmp_path / "west-1.npz", 2)
    kept.save(known)
    road = Road()
    pictures = chain(road.seen(20), road.seen(100, aside_px=16))
    with capture_logs() as logs:
        camera = ran(outbox, lambda: Drawn(pictures), at=(10, 115), kept=kept)
    told = [(p.direction, p.lane, p.speed is None, p.plate is None) for p in camera.passages]
    assert told == [("towards", 1, False, False), ("unknown", None, True, False)]
    assert [log["fault"] for log in logs if log["event"] == "camera_fault"] == ["moved"]
    assert camera.tally.counts()["camera_faults"] == 1


def test_vehicles_that_a_stuck_camera_shows_again_are_counted_and_not_told(outbox: Outbox) -> None:
    road = Road()
    repeated = list(road.seen(4))
    pictures = chain(road.seen(20), (repeated[second % 4] for second in range(120)), road.seen(30))
    camera = ran(outbox, lambda: Drawn(pictures), at=(10, 100, 104, 108, 165))
    assert [passage.frame_number for passage in camera.passages] == [
        vehicle(number, after_s=float(number)).frame_number for number in (10, 165)
    ]
    assert camera.tally.counts()["vehicles_repeated"] == 3
    assert camera.watch.health().fault is None


def test_a_fault_is_in_the_cameras_state_with_its_beginning(outbox: Outbox) -> None:
    road = Road()
    camera = ran(outbox, lambda: Drawn(chain(road.seen(20), road.blank(50, 17))), at=())
    health = camera.watch.health()
    assert (health.state, health.fault, health.frames) == ("ended", "black", 70)
    assert health.faulty_since is not None
    assert health.last_frame_at is not None
    assert health.last_frame_at - health.faulty_since == timedelta(seconds=49)


def test_a_stream_whose_size_changes_is_seen_on_and_the_fault_is_told(outbox: Outbox, tmp_path: Path) -> None:
    film = tmp_path / "two_sizes.ts"
    film.write_bytes(encoded((64, 48), 0) + encoded((96, 64), 25) + encoded((64, 48), 50))
    camera = ran(outbox, lambda: open_source(str(film), NOON), at=(10, 30, 60))
    assert [pipeline.sizes_px for pipeline in camera.pipelines] == [{(64, 48), (96, 64)}]
    assert len(camera.passages) == 3
    assert camera.camera.outcomes()["frames"] == camera.watch.health().frames >= 70
    assert (camera.watch.health().state, camera.watch.health().fault) == ("ended", "resolution_changed")


def encoded(size_px: tuple[int, int], first: int, frames: int = 25) -> bytes:
    """A second of MPEG-2 in a transport stream, whose time goes on from frame `first`."""
    written = io.BytesIO()
    rng = np.random.default_rng(first)
    with av.open(written, "w", format="mpegts") as container:
        stream = container.add_stream("mpeg2video", rate=25)
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuv420p"
        for number in range(first, first + frames):
            picture = rng.integers(0, 255, (size_px[1], size_px[0], 3), np.uint8)
            shown = av.VideoFrame.from_ndarray(picture, format="bgr24")
            shown.pts, shown.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(shown))
        container.mux(stream.encode(None))
    return written.getvalue()
