"""The shipped clips are what the shot list says, and their ground truth fits them."""

import csv
import json
from pathlib import Path
from typing import Any

import av
import pytest

from config.vrm import Format, format_of
from deploy.demo.film.shots import HERE, Clip, read_clips

CLIPS_DIR = HERE / "clips"
MOST_BYTES = 8_000_000
LEAST_FPS = 12.5
SIZE_PX = (1280, 720)
CLIPS = read_clips()
TRUTH: dict[str, Any] = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(params=sorted(CLIPS))
def clip(request: pytest.FixtureRequest) -> Clip:
    return CLIPS[request.param]


def test_clip_plays_at_the_size_and_rate_promised(clip: Clip) -> None:
    with av.open(str(CLIPS_DIR / f"{clip.name}.mp4")) as container:
        video = container.streams.video[0]
        rate = video.average_rate
        sizes = {(frame.width, frame.height) for frame in container.decode(video=0)}
    assert sizes == {SIZE_PX}
    assert rate is not None
    assert float(rate) >= LEAST_FPS
    assert float(rate) == clip.fps


def test_clip_holds_every_frame_of_its_truth(clip: Clip) -> None:
    with av.open(str(CLIPS_DIR / f"{clip.name}.mp4")) as container:
        frames = sum(1 for _ in container.decode(video=0))
    assert frames == clip.frame_count == TRUTH[clip.name]["frames"]


def test_clips_are_small_together() -> None:
    total = sum(path.stat().st_size for path in CLIPS_DIR.iterdir())
    assert total < MOST_BYTES


def test_truth_names_the_vehicles_of_the_shot_list_in_order(clip: Clip) -> None:
    filmed = [(passing.kind, passing.plate, passing.direction) for passing in clip.passings]
    told = [(v["kind"], v["plate"], v["direction"]) for v in TRUTH[clip.name]["vehicles"]]
    assert told == filmed
    first_frames = [vehicle["first_frame"] for vehicle in TRUTH[clip.name]["vehicles"]]
    assert first_frames == sorted(first_frames)


def test_looks_lie_in_the_clip_and_in_the_picture(clip: Clip) -> None:
    truth = TRUTH[clip.name]
    for vehicle in truth["vehicles"]:
        frames = [look["frame"] for look in vehicle["looks"]]
        assert frames == sorted(set(frames))
        assert (frames[0], frames[-1]) == (vehicle["first_frame"], vehicle["last_frame"])
        assert frames[0] >= 0
        assert frames[-1] < truth["frames"]
        for look in vehicle["looks"]:
            _assert_inside(look)


def _assert_inside(look: dict[str, Any]) -> None:
    left, top, right, bottom = look["box_px"]
    assert 0 <= left < right <= SIZE_PX[0], look["frame"]
    assert 0 <= top < bottom <= SIZE_PX[1], look["frame"]
    for x, y in look["plate_corners_px"] or []:
        assert left - 2 <= x <= right + 2, look["frame"]
        assert top - 2 <= y <= bottom + 2, look["frame"]


def test_vehicle_is_in_view_for_seconds_and_its_plate_for_several_looks(clip: Clip) -> None:
    for vehicle in TRUTH[clip.name]["vehicles"]:
        widths = [
            corners[1][0] - corners[0][0]
            for look in vehicle["looks"]
            if (corners := look["plate_corners_px"])
        ]
        assert len(vehicle["looks"]) >= 2 * clip.fps, vehicle["kind"]
        assert sum(width >= 100 for width in widths) >= (5 if vehicle["hgv"] else 4), vehicle["kind"]
        assert sum(width >= 70 for width in widths) >= 8, vehicle["kind"]


def test_the_story_lorry_a_goes_through_and_lorry_b_leaves_later() -> None:
    seen = {name: [v["plate"] for v in truth["vehicles"] if v["hgv"]] for name, truth in TRUTH.items()}
    through, delivering = seen["entry"]
    assert seen["exit"] == [through]
    assert seen["exit_later"] == [delivering]
    assert seen["van"]


@pytest.mark.parametrize("plate", sorted({p.plate for clip in CLIPS.values() for p in clip.passings}))
def test_plates_are_of_the_current_format(plate: str) -> None:
    assert format_of(plate) is Format.CURRENT


def test_no_plate_is_that_of_a_photographed_vehicle(measuring_data: Path) -> None:
    filmed = {passing.plate for clip in CLIPS.values() for passing in clip.passings}
    assert not filmed & _labelled(measuring_data / "stills.csv")


def _labelled(path: Path) -> set[str]:
    with path.open(encoding="utf-8", newline="") as rows:
        cells = [row["plates_read_by_eye"] or "" for row in csv.DictReader(rows)]
    return {plate.strip() for cell in cells for plate in cell.replace(";", ",").split(",")}
