"""Pictures of the project's own film, by which the ranges of 8-bit networks are measured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

FILM = Path(__file__).parents[3] / "deploy/demo/film/clips"
_EVERY_FRAME = 12

Picture = NDArray[np.uint8]


def film_pictures(count: int, side_px: int) -> list[Picture]:
    """`count` whole frames and squares, `side_px` square RGB, always the same ones in the same order."""
    pictures = [part for clip in sorted(FILM.glob("*.mp4")) for part in _parts(clip, side_px)]
    order = np.random.default_rng(0).permutation(len(pictures))[:count]
    return [pictures[i] for i in order]


def _parts(clip: Path, side_px: int) -> Iterator[Picture]:
    with av.open(str(clip)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number % _EVERY_FRAME:
                continue
            rgb = frame.to_ndarray(format="rgb24")
            height, width = rgb.shape[:2]
            lefts = (0, (width - height) // 2, width - height)
            for part in (rgb, *(rgb[:, left : left + height] for left in lefts)):
                small = cv2.resize(part, (side_px, side_px), interpolation=cv2.INTER_AREA)
                yield np.asarray(small, np.uint8)
