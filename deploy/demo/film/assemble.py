"""Put a clip together: the moving parts over the still street, encoded as H.264.

python -m deploy.demo.film.assemble --clip entry [--out deploy/demo/film/clips/entry.mp4]
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from deploy.demo.film import moving
from deploy.demo.film.frames import BACKGROUND, WORK_DIR, frame_path
from deploy.demo.film.shots import HERE, Clip, read_clips

CLIPS_DIR = HERE / "clips"
QUALITY_CRF = "26"
KEY_FRAME_EVERY = 125

Picture = NDArray[np.uint8]


class MissingFrameError(RuntimeError):
    """A frame in which a vehicle is to be seen has not been rendered yet."""


def composed(clip: Clip, work_dir: Path, frames: range) -> Iterator[Picture]:
    """The whole BGR pictures of the frames. Raises MissingFrameError where rendering has not got that far."""
    street = _read(work_dir / clip.name / BACKGROUND)
    vehicles = [passing.vehicle() for passing in clip.passings]
    for number in frames:
        path = frame_path(work_dir, clip.name, number)
        if path.exists():
            yield laid_over(street, _read(path))
        elif any(
            (poses := passing.poses(vehicle, clip.road, number / clip.fps)) is not None
            and moving.touched(clip, vehicle, poses).any()
            for passing, vehicle in zip(clip.passings, vehicles, strict=True)
        ):
            raise MissingFrameError(
                f"{clip.name}: frame {number} is not rendered; run render --clip {clip.name}"
            )
        else:
            yield street


def laid_over(street: Picture, moving_part: Picture) -> Picture:
    """The street with a BGRA moving part over it."""
    cover = moving_part[..., 3:].astype(np.float32) / 255
    return np.rint(street * (1 - cover) + moving_part[..., :3] * cover).astype(np.uint8)


def encode(pictures: Iterable[Picture], path: Path, size_px: tuple[int, int], fps: float) -> None:
    """Write BGR pictures of one size (width, height) as an H.264 file that players can start at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1000))
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": QUALITY_CRF, "preset": "slower", "g": str(KEY_FRAME_EVERY)}
        stream.width, stream.height = size_px
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())


def _read(path: Path) -> Picture:
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if picture is None:
        raise MissingFrameError(f"{path} is missing or unreadable; delete it and run render again")
    return np.asarray(picture, np.uint8)


def main(arguments: Sequence[str] | None = None) -> None:
    """Assemble what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    clips = read_clips()
    parser.add_argument("--clip", required=True, choices=sorted(clips))
    parser.add_argument("--frames", type=int, help="only the first so many, for a draft")
    parser.add_argument("--work-dir", type=Path, default=WORK_DIR)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    clip = clips[chosen.clip]
    out = chosen.out or CLIPS_DIR / f"{clip.name}.mp4"
    size_px = (clip.camera.width_px, clip.camera.height_px)
    encode(composed(clip, chosen.work_dir, range(chosen.frames or clip.frame_count)), out, size_px, clip.fps)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
