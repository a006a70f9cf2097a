"""The clips that are measured: real ones from ../shared/data, and one in which nothing moves."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream

from edge.errors import SourceError
from edge.frames import Picture, as_picture

SHIPPED_CLIP = Path(__file__).parents[2] / "deploy" / "demo" / "film" / "clips" / "entry.mp4"
"""A 720p clip that travels with the project: lorries and others pass, and are read."""
SHARED_VIDEO = Path(__file__).parents[3] / "shared" / "data" / "video"
FREEWAY = "us_freeway_lorries_360p.mp4"
STILL_OF = "uk_dual_carriageway_dusk_720p.mp4"
STILL_CLIP = "nothing_moves_720p.mp4"
FRAMES_PER_S = 25
NOISE_LEVELS = 1.5
"""Standard deviation of the noise of a camera's sensor in daylight, in grey levels of 256."""


def clips_here() -> list[Path]:
    """The shipped clip, and the real ones that are on this machine."""
    return [SHIPPED_CLIP, *sorted(SHARED_VIDEO.glob("*.mp4"))]


def first_picture(clip: Path) -> Picture:
    """The first frame of a clip, BGR."""
    with av.open(str(clip)) as container:
        return as_picture(next(container.decode(video=0)).to_ndarray(format="bgr24"))


def still_pictures(picture: Picture, frames: int, seed: int) -> Iterator[Picture]:
    """The same picture again and again, each time with fresh noise of the sensor."""
    chance = np.random.default_rng(seed)
    for _ in range(frames):
        noisy = picture + chance.normal(0.0, NOISE_LEVELS, picture.shape)
        yield np.clip(noisy, 0, 255).astype(np.uint8)


def write_clip(path: Path, pictures: Iterator[Picture], preset: str = "veryfast") -> Path:
    """Encode BGR pictures of one size, their sides even, as H.264 at the encoder's usual quality."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(FRAMES_PER_S), options={"preset": preset})
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            if not stream.codec_context.is_open:
                stream.height, stream.width = picture.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())
    return path


def write_looped(path: Path, clip: Path, frames: int) -> Path:
    """A film of at least so many frames: the clip again and again, its packets copied, not encoded anew.

    Raises SourceError for a clip that does not tell its rate.
    """
    with av.open(str(clip)) as first:
        template = first.streams.video[0]
        if template.average_rate is None or template.time_base is None:
            raise SourceError(f"{clip} does not say how many frames a second it has; take another")
        step = round(1 / (template.average_rate * template.time_base))
        with av.open(str(path), "w") as film:
            stream = film.add_stream_from_template(template)
            written = 0
            while written < frames:
                written += _append(film, stream, clip, written * step)
    return path


def _append(film: OutputContainer, stream: VideoStream, clip: Path, shift: int) -> int:
    """Copy a clip's packets to the end of a film, `shift` ticks later; how many they are."""
    with av.open(str(clip)) as source:
        copied = 0
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is None or packet.pts is None:
                continue  # the empty packet that ends a stream
            packet.dts, packet.pts = packet.dts + shift, packet.pts + shift
            packet.stream = stream
            film.mux(packet)
            copied += 1
    return copied


def clip_without_motion(folder: Path, frames: int = 1000) -> Path | None:
    """A 720p clip in which nothing moves, written into `folder`; None without the clip it is made from."""
    model = SHARED_VIDEO / STILL_OF
    if not model.is_file():
        return None
    return write_clip(folder / STILL_CLIP, still_pictures(first_picture(model), frames, seed=3))
