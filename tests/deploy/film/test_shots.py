"""The shot list: light as the compass says it, and mistakes that name themselves."""

from pathlib import Path

import numpy as np
import pytest

from deploy.demo.film.assemble import MissingFrameError, composed, encode, laid_over
from deploy.demo.film.frames import BACKGROUND
from deploy.demo.film.shots import SHOTS_FILE, ShotsError, read_clips

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")


@pytest.mark.parametrize(
    ("found", "wrong", "said"),
    [
        ("vehicle: lorry_a", "vehicle: tank", "'tank' is not among its vehicles"),
        ("light: morning", "light: noon", "'noon' is not among its lights"),
        ("view: west_end", "view: nowhere", "'nowhere' is not among its views"),
    ],
)
def test_an_unknown_name_is_said_with_what_is_known(
    tmp_path: Path, found: str, wrong: str, said: str
) -> None:
    text = SHOTS_FILE.read_text(encoding="utf-8")
    assert found in text
    copy = tmp_path / "shots.yaml"
    copy.write_text(text.replace(found, wrong), encoding="utf-8")
    with pytest.raises(ShotsError, match=said):
        read_clips(copy)


def test_the_same_sun_stands_behind_one_camera_and_before_the_other() -> None:
    clips = read_clips()
    looking_west, looking_east = clips["entry"].sun_direction(), clips["exit"].sun_direction()
    assert looking_west[0] < 0 < looking_east[0]
    assert looking_west[:2] == pytest.approx(-looking_east[:2])
    assert np.linalg.norm(looking_west) == pytest.approx(1.0)


def test_an_hour_later_the_sun_has_moved_on() -> None:
    clips = read_clips()
    assert clips["exit_later"].light.sun_azimuth_deg > clips["exit"].light.sun_azimuth_deg
    assert clips["exit_later"].camera == clips["exit"].camera


def test_a_moving_part_covers_the_street_as_far_as_its_mask_says() -> None:
    street = np.full((2, 2, 3), 100, np.uint8)
    part = np.zeros((2, 2, 4), np.uint8)
    part[0, 0] = (200, 0, 50, 255)
    part[1, 1] = (200, 0, 50, 51)
    made = laid_over(street, part)
    assert made[0, 0].tolist() == [200, 0, 50]
    assert made[1, 1].tolist() == [120, 80, 90]
    assert made[0, 1].tolist() == [100, 100, 100]


def test_assembling_before_rendering_names_the_missing_frame(tmp_path: Path) -> None:
    clip = read_clips()["entry"]
    folder = tmp_path / clip.name
    folder.mkdir()
    cv2.imwrite(str(folder / BACKGROUND), np.zeros((720, 1280, 3), np.uint8))
    seen = round((clip.passings[0].start_s + 5.0) * clip.fps)
    with pytest.raises(MissingFrameError, match=f"frame {seen} is not rendered"):
        list(composed(clip, tmp_path, range(seen, seen + 1)))
    assert len(list(composed(clip, tmp_path, range(0, 3)))) == 3


def test_encoding_keeps_every_picture_and_the_rate(tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason="PyAV is not installed")
    pictures = [np.full((48, 64, 3), level, np.uint8) for level in (0, 80, 160, 240)]
    path = tmp_path / "clip.mp4"
    encode(pictures, path, (64, 48), 12.5)
    with av.open(str(path)) as container:
        assert float(container.streams.video[0].average_rate) == 12.5
        levels = [int(frame.to_ndarray(format="bgr24").mean()) for frame in container.decode(video=0)]
    assert levels == pytest.approx([0, 80, 160, 240], abs=4)
