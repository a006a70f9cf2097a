"""Write truth.json: which vehicle is where in which frame, and where its plate is.

    python -m deploy.demo.film.truth

Only checks read it; nothing in the chain does. Boxes are those of the vehicle's outline within the picture; a
frame counts as in view when enough of that outline differs from the empty street, so that a vehicle behind
houses is not claimed to be seen.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from deploy.demo.film import moving
from deploy.demo.film.assemble import Picture, laid_over
from deploy.demo.film.frames import BACKGROUND, WORK_DIR, frame_path
from deploy.demo.film.road import Pose
from deploy.demo.film.shots import HERE, Clip, Passing, read_clips
from deploy.demo.film.vehicles import Vehicle

TRUTH_FILE = HERE / "truth.json"
LEAST_CHANGE = 10
LEAST_VISIBLE = 0.25


def clip_truth(clip: Clip, work_dir: Path) -> dict[str, Any]:
    """What is to be seen in a rendered clip."""
    street = cv2.imread(str(work_dir / clip.name / BACKGROUND))
    if street is None:
        raise FileNotFoundError(f"{clip.name} is not rendered; run render --clip {clip.name}")
    return {
        "fps": clip.fps,
        "frames": clip.frame_count,
        "size_px": [clip.camera.width_px, clip.camera.height_px],
        "vehicles": [
            _passing_truth(clip, passing, np.asarray(street, np.uint8), work_dir) for passing in clip.passings
        ],
    }


def _passing_truth(clip: Clip, passing: Passing, street: Picture, work_dir: Path) -> dict[str, Any]:
    vehicle = passing.vehicle()
    looks = []
    for number in range(clip.frame_count):
        poses = passing.poses(vehicle, clip.road, number / clip.fps)
        path = frame_path(work_dir, clip.name, number)
        if poses is None or not path.exists():
            continue
        moving_part = np.asarray(cv2.imread(str(path), cv2.IMREAD_UNCHANGED), np.uint8)
        look = _look(clip, vehicle, poses, street, laid_over(street, moving_part))
        if look is not None:
            looks.append({"frame": number, **look})
    return {
        "kind": passing.kind,
        "hgv": vehicle.hgv,
        "plate": passing.plate,
        "direction": passing.direction,
        "first_frame": looks[0]["frame"],
        "last_frame": looks[-1]["frame"],
        "looks": looks,
    }


def _look(
    clip: Clip, vehicle: Vehicle, poses: list[Pose], street: Picture, picture: Picture
) -> dict[str, Any] | None:
    outline = moving.silhouette(clip.camera, vehicle, poses)
    border = moving.border_of(outline)
    if border is None:
        return None
    changed = np.abs(picture.astype(np.int16) - street).max(axis=2) > LEAST_CHANGE
    if changed[outline > 0].mean() < LEAST_VISIBLE:
        return None
    return {
        "box_px": [border.left, border.top, border.right, border.bottom],
        "plate_corners_px": _plate(clip, vehicle, poses),
    }


def _plate(clip: Clip, vehicle: Vehicle, poses: list[Pose]) -> list[list[float]] | None:
    """Corners (top left, top right, bottom right, bottom left) of the plate that faces the camera."""
    wanted = "front" if clip.passings[0].direction == "towards" else "rear"
    for unit, pose in zip(vehicle.units, poses, strict=True):
        for mount in unit.plates:
            look = moving.plate_look(clip.camera, mount, pose)
            if look is not None and mount.facing == wanted:
                return [[round(float(x), 1), round(float(y), 1)] for x, y in look.corners_px]
    return None


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the truth of every rendered clip."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work-dir", type=Path, default=WORK_DIR)
    parser.add_argument("--clip", action="append", help="only these; the others keep what the file says")
    chosen = parser.parse_args(arguments)
    written = json.loads(TRUTH_FILE.read_text(encoding="utf-8")) if TRUTH_FILE.exists() else {}
    for name, clip in read_clips().items():
        if not chosen.clip or name in chosen.clip:
            written[name] = clip_truth(clip, chosen.work_dir)
    TRUTH_FILE.write_text(_compact(written), encoding="utf-8")


def _compact(truth: dict[str, Any]) -> str:
    """JSON with one look a line, so that a change can be read in a diff."""
    text = json.dumps(truth, separators=(",", ":"))
    return text.replace('{"frame"', '\n{"frame"').replace('{"kind"', '\n{"kind"') + "\n"


if __name__ == "__main__":
    main()
