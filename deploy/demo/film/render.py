"""Render a clip: the still street once, then for each frame only the rectangle that a vehicle changes.

    python -m deploy.demo.film.render --clip entry [--frames 0:100] [--samples 4]

Every frame is a file under var/film/<clip>/ (a picture that is transparent where the street is untouched);
a frame that is there is not rendered again, so a stopped run goes on where it was.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import bpy  # type: ignore[import-not-found] # only in the film's own environment
import cv2
import numpy as np
from numpy.typing import NDArray

from deploy.demo.film import moving
from deploy.demo.film.card import Card
from deploy.demo.film.frames import BACKGROUND, WORK_DIR, frame_path
from deploy.demo.film.road import Pose
from deploy.demo.film.scene import Stage
from deploy.demo.film.shots import Clip, read_clips

BACKGROUND_SAMPLES = 24
# A vehicle close by fills the picture with large plain surfaces: fewer samples do, where they cost most.
LARGE_BORDER_PX = 400_000


class Renderer:
    """Cycles on the CPU, set for speed: few bounces, no caustics, denoised, the scene kept between frames."""

    def __init__(self, clip: Clip, work_dir: Path, samples: int, threads: int) -> None:
        self.clip, self._folder, self._samples = clip, work_dir / clip.name, samples
        self._folder.mkdir(parents=True, exist_ok=True)
        self._stage = Stage(clip)
        self._card = Card(self._stage.scene, clip.camera)
        self._set_up(self._stage.scene, threads)

    def background(self) -> None:
        """Render the empty street, unless it is there."""
        path = self._folder / BACKGROUND
        if path.exists():
            return
        self._stage.show(None, [])
        camera = self.clip.camera
        whole = moving.Border(0, 0, camera.width_px, camera.height_px)
        self._card.cover(None, whole)
        _write(path, self._rendered(whole, BACKGROUND_SAMPLES))

    def frame(self, number: int) -> str:
        """Render the moving part of a frame, unless it is there; says what was done in a few words."""
        path = frame_path(self._folder.parent, self.clip.name, number)
        if path.exists():
            return "kept"
        found = self._touched(number)
        if found is None:
            return "empty road"
        passing, poses, mask, border = found
        self._card.cover(mask, border)
        crop = self._rendered(border, self._frame_samples(passing, poses, border))
        whole = np.zeros((*mask.shape, 4), np.uint8)
        window = np.s_[border.top : border.bottom, border.left : border.right]
        whole[window][..., :3], whole[..., 3] = crop, mask
        whole[..., :3][mask == 0] = 0
        _write(path, whole)
        return f"{self.clip.passings[passing].kind} {border.right - border.left}x{border.bottom - border.top}"

    def _touched(self, number: int) -> tuple[int, list[Pose], NDArray[np.uint8], moving.Border] | None:
        for index, passing in enumerate(self.clip.passings):
            vehicle = self._stage.vehicles[index]
            poses = passing.poses(vehicle, self.clip.road, number / self.clip.fps)
            if poses is None:
                continue
            mask = moving.touched(self.clip, vehicle, poses)
            border = moving.border_of(mask)
            if border is not None:
                self._stage.show(index, poses)
                return index, poses, mask, border
        return None

    def _frame_samples(self, passing: int, poses: list[Pose], border: moving.Border) -> int:
        """Samples a pixel: as asked, but one where a large border holds no plate to be read."""
        area = (border.right - border.left) * (border.bottom - border.top)
        if area < LARGE_BORDER_PX:
            return self._samples
        units = self._stage.vehicles[passing].units
        looks = [
            moving.plate_look(self.clip.camera, mount, pose)
            for unit, pose in zip(units, poses, strict=True)
            for mount in unit.plates
        ]
        return self._samples if any(looks) else 1

    def _rendered(self, border: moving.Border, samples: int) -> NDArray[np.uint8]:
        """The BGR picture of a rectangle."""
        scene, camera = self._stage.scene, self.clip.camera
        render, width, height = scene.render, camera.width_px, camera.height_px
        # Blender cuts the border off to whole pixels: a hair more, so that rounding never loses one.
        hair_px = 0.01
        render.border_min_x, render.border_max_x = (
            (border.left + hair_px) / width,
            (border.right + hair_px) / width,
        )
        render.border_min_y = (height - border.bottom + hair_px) / height
        render.border_max_y = (height - border.top + hair_px) / height
        scene.cycles.samples = samples
        scratch = self._folder / "scratch.png"
        render.filepath = str(scratch.resolve())
        bpy.ops.render.render(write_still=True)
        picture = cv2.imread(str(scratch))
        return np.asarray(picture, np.uint8)

    def _set_up(self, scene: bpy.types.Scene, threads: int) -> None:
        render, cycles, camera = scene.render, scene.cycles, self.clip.camera
        render.engine = "CYCLES"
        render.resolution_x, render.resolution_y = camera.width_px, camera.height_px
        render.use_border = render.use_crop_to_border = render.use_persistent_data = True
        render.threads_mode, render.threads = "FIXED", threads
        render.image_settings.file_format, render.image_settings.color_mode = "PNG", "RGB"
        render.image_settings.compression = 10
        render.dither_intensity = 0.0
        cycles.use_adaptive_sampling = cycles.use_light_tree = False
        cycles.use_denoising, cycles.denoiser, cycles.denoising_prefilter = True, "OPENIMAGEDENOISE", "FAST"
        cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 3, 1, 1
        cycles.transmission_bounces = cycles.transparent_max_bounces = 1
        cycles.caustics_reflective = cycles.caustics_refractive = False
        scene.view_settings.view_transform = "AgX"
        scene.view_settings.look = "AgX - Medium High Contrast"
        scene.view_settings.exposure = self.clip.light.exposure_ev


def _write(path: Path, picture: NDArray[np.uint8]) -> None:
    """Write whole or not at all: a stopped run leaves no half picture behind."""
    part = path.with_name(f"part-{path.name}")
    cv2.imwrite(str(part), picture, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    part.replace(path)


def _frame_range(text: str, count: int) -> range:
    first, _, last = text.partition(":")
    return range(int(first or 0), min(count, int(last or count)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Render what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    clips = read_clips()
    parser.add_argument("--clip", required=True, choices=sorted(clips))
    parser.add_argument("--frames", default=":", help="first:last, last exclusive")
    parser.add_argument("--step", type=int, default=1, help="every n-th frame only, for a draft")
    parser.add_argument("--samples", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work-dir", type=Path, default=WORK_DIR)
    chosen = parser.parse_args(arguments)
    clip = clips[chosen.clip]
    renderer = Renderer(clip, chosen.work_dir, chosen.samples, chosen.threads)
    renderer.background()
    for number in _frame_range(chosen.frames, clip.frame_count)[:: chosen.step]:
        started = time.monotonic()
        done = renderer.frame(number)
        print(f"{clip.name} {number:5d} {done} {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    main()
