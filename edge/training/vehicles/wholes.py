"""The pictures that the broad look and the closer one are taught on: four scenes side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.plates.quads import Quad
from edge.training.vehicles.film import FilmView
from edge.training.vehicles.hanging import SIDE_PX
from edge.training.vehicles.scenes import Scene, scene

WHOLE_PX = 2 * SIDE_PX
SMALLEST, LARGEST, SHARE_AS_DRAWN = 0.6, 2.0, 0.5
"""How far a drawing is made smaller or larger before it is halved."""

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Whole:
    """WHOLE_PX x WHOLE_PX grey, the corners of the characters of each plate to find, and those of the plates
    that nobody has to find. Beyond `extent` (left, top, right, bottom) the drawing is mirrored."""

    picture: Grey
    texts: tuple[Quad, ...]
    ignored: tuple[Quad, ...]
    extent: tuple[float, float, float, float] = (0, 0, WHOLE_PX, WHOLE_PX)

    @property
    def halved(self) -> Grey:
        """The picture as the broad look is taught to see it."""
        return np.asarray(
            cv2.resize(self.picture, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA), np.uint8
        )


def whole(seed: int, number: int, views: Sequence[FilmView], excluded: frozenset[str]) -> Whole:
    """Picture `number` of the endless series `seed`: four scenes side by side, larger or smaller."""
    rng = np.random.default_rng((seed, number))
    four = [scene(seed, 4 * number + i, views, excluded) for i in range(4)]
    rows = [np.hstack([one.picture for one in pair]) for pair in (four[:2], four[2:])]
    drawn = Whole(np.vstack(rows), _placed(four, "texts"), _placed(four, "ignored"))
    return _cut(drawn if rng.random() < SHARE_AS_DRAWN else _scaled(drawn, rng))


def _cut(drawn: Whole) -> Whole:
    """Nobody has to find a text that is not in the picture as a whole."""
    inside = [bool((text >= 0).all() and (text <= WHOLE_PX).all()) for text in drawn.texts]
    cut = tuple(text for text, whole in zip(drawn.texts, inside, strict=True) if not whole)
    texts = tuple(text for text, whole in zip(drawn.texts, inside, strict=True) if whole)
    return replace(drawn, texts=texts, ignored=drawn.ignored + cut)


def _placed(four: Sequence[Scene], kind: str) -> tuple[Quad, ...]:
    corners = [np.array([SIDE_PX * (i % 2), SIDE_PX * (i // 2)], np.float32) for i in range(4)]
    return tuple(quad + at for one, at in zip(four, corners, strict=True) for quad in getattr(one, kind))


def _scaled(drawn: Whole, rng: np.random.Generator) -> Whole:
    scale = float(np.exp(rng.uniform(np.log(SMALLEST), np.log(LARGEST))))
    reach = max(0.0, WHOLE_PX - WHOLE_PX / scale)
    x, y = rng.uniform(0, reach, 2) if reach else (0.0, 0.0)
    onto = np.array([[scale, 0, -scale * x], [0, scale, -scale * y]], np.float32)
    size = (WHOLE_PX, WHOLE_PX)
    smooth = cv2.GaussianBlur(drawn.picture, (0, 0), 0.5 / scale) if scale < 1 else drawn.picture
    picture = np.asarray(cv2.warpAffine(smooth, onto, size, borderMode=cv2.BORDER_REFLECT), np.uint8)

    def moved(quads: Sequence[Quad]) -> tuple[Quad, ...]:
        return tuple(np.asarray(quad * scale + onto[:, 2], np.float32) for quad in quads)

    (left, top), (right, bottom) = moved([np.array([(0, 0), (WHOLE_PX, WHOLE_PX)], np.float32)])[0]
    extent = (float(left), float(top), float(right), float(bottom))
    return Whole(picture, moved(drawn.texts), moved(drawn.ignored), extent)
