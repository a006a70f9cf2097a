"""Sources: what they give, and what they say when there is nothing to give."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import islice, pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from config.clock import system_clock
from edge.errors import SourceError
from edge.sources import open_source
from edge.sources.decoding import opened
from edge.sources.live import LiveSource
from tests.edge.pictures import BEGAN

FILM = Path(__file__).parents[2] / "deploy/demo/film/clips/entry.mp4"


def make_clip(path: Path, frames: int, size: tuple[int, int] = (320, 240)) -> Path:
    """A clip of 25 frames a second in which the grey level rises with each frame."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for number in range(frames):
            picture = np.full((size[1], size[0], 3), 30 + 2 * (number % 100), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())
    return path


def test_a_file_loses_no_frame_and_tells_the_time(tmp_path: Path) -> None:
    source = open_source(str(make_clip(tmp_path / "clip.mp4", 50)), BEGAN)
    frames = list(source)
    source.close()
    assert [frame.number for frame in frames] == list(range(50))
    assert [frame.offset_s for frame in frames] == pytest.approx([i / 25 for i in range(50)], abs=1e-3)
    assert abs(frames[-1].at - BEGAN - timedelta(seconds=49 / 25)) < timedelta(milliseconds=2)
    assert frames[0].luma.shape == (240, 320)
    assert frames[0].bgr().shape == (240, 320, 3)
    part = frames[0].colour.part((31, 21, 90, 77))
    assert np.abs(part.astype(int) - frames[0].bgr()[21:77, 31:90]).max() <= 3, "a part is not the whole's"
    levels = [float(frame.luma.mean()) for frame in frames]
    assert levels == sorted(levels)


def test_frames_stay_valid_after_the_next_is_decoded(tmp_path: Path) -> None:
    frames = list(open_source(str(make_clip(tmp_path / "clip.mp4", 10)), BEGAN))
    assert len({round(float(frame.bgr().mean())) for frame in frames}) == 10


def test_pictures_differ_from_a_players_by_less_than_a_jpeg_does_and_errors_do_not_pile_up() -> None:
    """Only pictures that no other builds on may differ: what is left out of one is seen in no other."""
    with av.open(str(FILM)) as container:
        shown = [one.to_ndarray()[: one.height] for one in islice(container.decode(video=0), 120)]
    source = open_source(str(FILM), BEGAN)
    seen = [frame.luma for frame in islice(source, 120)]
    jpeg = [cv2.imdecode(cv2.imencode(".jpg", luma)[1], cv2.IMREAD_GRAYSCALE) for luma in seen[:5]]
    source.close()
    off = [cv2.norm(one, other) for one, other in zip(shown, seen, strict=True)]
    assert max(off) < min(cv2.norm(luma, again) for luma, again in zip(seen[:5], jpeg, strict=True))
    assert off[0] == 0
    assert all(before == 0 or now == 0 for before, now in pairwise(off)), (
        "a picture builds on one that differs"
    )
    assert any(off), "the film has no picture that no other builds on: this shows nothing"


def test_broken_data_in_mid_file_is_counted_and_skipped(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.ts", 200)
    data = bytearray(clip.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 3000] = bytes(3000)
    clip.write_bytes(bytes(data))
    frames = list(open_source(str(clip), BEGAN))
    assert len(frames) > 50
    assert [frame.offset_s for frame in frames] == sorted(frame.offset_s for frame in frames)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.mp4", None, "is not there"),
        ("text.mp4", b"this is no video", "cannot be opened as video"),
        ("empty.mp4", b"", "cannot be opened as video"),
    ],
)
def test_an_unreadable_file_is_named_with_what_to_do(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=said) as raised:
        open_source(str(path), BEGAN)
    assert name in str(raised.value)
    assert "check the path" in str(raised.value)


def test_a_file_cut_short_is_an_error_not_an_empty_road(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", 50)
    clip.write_bytes(clip.read_bytes()[:2000])
    with pytest.raises(SourceError, match=r"clip\.mp4"):
        list(open_source(str(clip), BEGAN))


def test_a_folder_gives_its_pictures_in_order(tmp_path: Path) -> None:
    for name, level in (("b.png", 200), ("a.jpg", 100), ("c.txt", 0)):
        if name.endswith("txt"):
            (tmp_path / name).write_text("no picture")
        else:
            cv2.imwrite(str(tmp_path / name), np.full((60, 80, 3), level, np.uint8))
    (tmp_path / "bad.jpg").write_bytes(b"cut off")
    source = open_source(str(tmp_path), BEGAN)
    frames = list(source)
    assert [round(float(frame.luma.mean()), -1) for frame in frames] == [100, 200]
    assert source.skipped == 1


def test_an_empty_folder_and_an_unknown_scheme_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no pictures"):
        open_source(str(tmp_path), BEGAN)
    with pytest.raises(SourceError, match="ftp:// is no source"):
        open_source("ftp://camera/clip", BEGAN)


def test_a_password_is_never_in_a_name_or_an_error() -> None:
    source = open_source("rtsp://user:secret@127.0.0.1:1/stream")
    assert source.name == "rtsp://127.0.0.1:1/stream"
    with pytest.raises(SourceError) as raised:
        opened("rtsp://user:secret@127.0.0.1:1/stream", source.name)
    assert "secret" not in str(raised.value)


def test_a_live_source_gives_the_newest_frame_and_opens_again(tmp_path: Path) -> None:
    clip = str(make_clip(tmp_path / "clip.mp4", 30))
    connected = threading.Semaphore(0)

    def connect() -> av.container.InputContainer:
        connected.release()
        return opened(clip, clip)

    source = LiveSource("camera", connect, system_clock)
    numbers = []
    for frame in source:
        numbers.append(frame.number)
        if frame.number >= 30:
            break
        if len(numbers) == 1:
            assert connected.acquire(timeout=10)
    source.close()
    source.close()
    assert numbers == sorted(set(numbers)), "frames must come in order and once"
    assert source.reconnects >= 1
    assert list(source) == [], "a closed source gives nothing"


def test_a_camera_that_cannot_be_reached_is_waited_for_and_says_why() -> None:
    tried = threading.Event()

    def connect() -> av.container.InputContainer:
        tried.set()
        raise SourceError("camera cannot be opened as video: refused")

    source = LiveSource("camera", connect, system_clock)
    reading = threading.Thread(target=lambda: list(source))
    reading.start()
    assert tried.wait(10)
    source.close()
    reading.join(10)
    assert not reading.is_alive()
    assert "refused" in (source.last_error or "")
