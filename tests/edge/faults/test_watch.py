"""What a watch says of a camera, from pictures drawn for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pytest

from edge.faults import FaultWatch, ViewFile
from edge.faults.fault import REASONS
from edge.frames import Picture
from tests.edge.faults.roads import Road, Watched
from tests.edge.pictures import BEGAN

LEARNT_S = 601
Pictures = Callable[[Road], Iterator[Picture]]


@pytest.fixture
def road() -> Road:
    return Road()


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which a watch keeps what the road looks like by day."""
    kept = ViewFile(tmp_path_factory.mktemp("views") / "west-1.npz", site_version=1)
    assert Watched(FaultWatch(kept)).kinds(Road().seen(LEARNT_S)) == set()
    return kept.path


@pytest.fixture
def watched(learnt: Path, tmp_path: Path, road: Road) -> Watched:
    """A watch that knows what the road looks like."""
    copied = Path(shutil.copy(learnt, tmp_path))
    watched = Watched(FaultWatch(ViewFile(copied, site_version=1)))
    assert watched.kinds(road.seen(20)) == set()
    return watched


def stuck(road: Road) -> Iterator[Picture]:
    picture = road.one()
    return (picture for _ in range(100))


def in_a_loop(road: Road) -> Iterator[Picture]:
    pictures = list(road.seen(5))
    return (pictures[second % 5] for second in range(100))


def resized(road: Road) -> Iterator[Picture]:
    return (np.ascontiguousarray(picture[::2, ::2]) for picture in road.seen(20))


@pytest.mark.parametrize(
    ("kind", "pictures", "within_s"),
    [
        ("black", lambda road: road.blank(60, 17), 35),
        ("black", lambda road: road.blank(60, 0), 35),
        ("blinded", lambda road: road.blank(60, 250), 35),
        ("blinded", lambda road: road.blank(60, 128), 35),
        ("noise", lambda road: road.flooded(60), 35),
        ("frozen", stuck, 65),
        ("frozen", in_a_loop, 70),
        ("moved", lambda road: road.seen(100, aside_px=16), 80),
        ("moved", lambda road: road.seen(100, aside_px=40), 80),
        ("moved", lambda road: Road(seed=9).seen(240), 230),
        ("resolution_changed", resized, 1),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_is_noticed_and_dated_back(
    watched: Watched, road: Road, kind: str, pictures: Pictures, within_s: int
) -> None:
    begins = watched.second
    said = watched.shown(pictures(road))
    assert {fault.kind for fault in said if fault} == {kind}
    noticed = next(second for second, fault in enumerate(said, start=1) if fault)
    assert noticed <= within_s
    assert said[-1] is not None, "it lasts as long as its cause"
    after_s = (said[-1].since - BEGAN).total_seconds() - begins
    assert -30 < after_s <= 20, "it is dated from about when the pictures changed"


@pytest.mark.parametrize(
    "pictures",
    [
        lambda road: road.seen(90, lorry=True),
        lambda road: road.seen(300, light=0.5),
        lambda road: chain.from_iterable(road.seen(3, light=1 - 0.001 * step) for step in range(0, 920, 8)),
        lambda road: chain(
            chain.from_iterable(road.seen(3, light=1 - 0.001 * step) for step in range(0, 920, 8)),
            road.with_headlights(300, light=0.08),
            road.seen(300, light=0.08, lamp=True),
            road.seen(300, light=0.08),
            chain.from_iterable(road.seen(3, light=0.08 + 0.001 * step) for step in range(0, 920, 8)),
        ),
        lambda road: road.seen(240, light=0.3, lamp=True),
        lambda road: road.blank(20, 17),
        lambda road: islice(stuck(road), 50),
        lambda road: road.flooded(20),
    ],
    ids=[
        "lorry before the lens",
        "half the light",
        "dusk",
        "a whole night",
        "lamp at dusk",
        "a dark moment",
        "still for 50 s",
        "a noisy moment",
    ],
)
def test_what_is_no_fault(watched: Watched, road: Road, pictures: Pictures) -> None:
    assert watched.kinds(pictures(road)) == set()
    assert watched.kinds(road.seen(60)) == set()


@pytest.mark.parametrize(
    "pictures",
    [lambda road: road.blank(60, 17), stuck, lambda road: road.seen(100, aside_px=16)],
    ids=["black", "frozen", "moved"],
)
def test_a_fault_ends_when_the_view_is_back(watched: Watched, road: Road, pictures: Pictures) -> None:
    assert watched.shown(pictures(road))[-1] is not None
    assert watched.shown(road.seen(60))[-1] is None


def test_a_camera_that_stays_moved_stays_faulty(watched: Watched, road: Road) -> None:
    said = watched.shown(road.seen(700, aside_px=40))
    assert said[-1] is not None
    assert said[-1].kind == "moved"


def test_another_size_of_the_same_view_is_a_fault_for_a_minute(watched: Watched, road: Road) -> None:
    smaller = (np.ascontiguousarray(picture[::2, ::2]) for picture in road.seen(90))
    said = [fault.kind if fault else None for fault in watched.shown(smaller)]
    assert said[0] == said[59] == "resolution_changed"
    assert said[-1] is None


def test_the_one_that_hides_the_others_is_told(watched: Watched) -> None:
    """Pictures that are black and the same are black: that they do not change is no news."""
    dark = np.full((180, 320), 16, np.uint8)
    assert watched.kinds(dark for _ in range(100)) == {"black"}


def test_a_stream_that_begins_anew_is_watched_on(watched: Watched, road: Road) -> None:
    watched.second = 0
    said = watched.shown(road.seen(100, aside_px=40))
    assert said[-1] is not None
    assert abs(said[-1].since - BEGAN) < timedelta(seconds=20)


def test_time_without_frames_proves_nothing(watched: Watched, road: Road) -> None:
    """A dark picture before and after a gap of an hour is two seconds of darkness."""
    watched.shown(road.blank(1, 17))
    watched.second += 3600
    assert watched.kinds(road.blank(20, 17)) == set()


def test_every_fault_says_what_to_do() -> None:
    assert all(";" in reason and len(reason) <= 300 for reason in REASONS.values())
