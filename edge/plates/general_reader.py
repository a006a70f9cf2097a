"""The general text reader, PP-OCRv6 rec small: any line of text, decoded by CTC.

Input is BGR, 48 pixels high, (x / 127.5) - 1; the character set stands in the network's own metadata under
`character`, index 0 is CTC's blank and the last a space.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.errors import ModelError
from edge.frames import Picture
from edge.plates.emblem import without_emblem
from edge.plates.localise import PlatePatch
from edge.plates.read import raw_read
from edge.plates.reads import TWINS, CharacterRead, LineRead
from edge.runtime import open_session
from edge.seen import RawRead
from edge.weights import Weights

HEIGHT_PX = 48
LEAST_WIDTH_PX, MOST_WIDTH_PX = 48, 320
DOUBTS = 3
"""How many second guesses of a character are kept."""


class GeneralReader:
    """PP-OCRv6 rec small; `name` is what its raw reads carry."""

    name = "ppocrv6-rec-small"

    def __init__(self, weights: Weights, threads: int) -> None:
        self._session = open_session(weights.path("PP-OCRv6_rec_small.onnx"), threads)
        characters = self._session.get_modelmeta().custom_metadata_map.get("character", "").splitlines()
        if not characters:
            raise ModelError(
                "PP-OCRv6_rec_small.onnx carries no character set: fetch the file of rapidocr 3.10.0"
            )
        self._characters = ["", *characters, " "]
        self._twins = [(self._characters.index(a), self._characters.index(b)) for a, b in TWINS.items()]

    def read(self, patch: PlatePatch, frame_number: int) -> RawRead | None:
        """See PlateReader: the patch's lines are read one by one and put together."""
        line = LineRead(())
        for picture in patch.lines:
            line += self.read_line(without_emblem(picture)).of_marks()
        return raw_read(line, self.name, frame_number)

    def read_line(self, line: Picture) -> LineRead:
        """The text of one line (H x W x 3 BGR), with the confidence of each character."""
        height, width = line.shape[:2]
        wanted = int(np.clip(round(width * HEIGHT_PX / height), LEAST_WIDTH_PX, MOST_WIDTH_PX))
        small = cv2.resize(line, (wanted, HEIGHT_PX), interpolation=cv2.INTER_LINEAR)
        tensor = (small.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)[None]
        (odds,) = self._session.run(None, {"x": tensor})
        return self._decoded(odds[0])

    def _decoded(self, odds: NDArray[np.float32]) -> LineRead:
        """Best path of `odds` (steps x characters, each row sums to one): repeats and blanks fall away."""
        best = odds.argmax(axis=1)
        starts = np.flatnonzero((best != 0) & (best != np.concatenate([[0], best[:-1]])))
        return LineRead(tuple(self._character(odds[i], int(best[i])) for i in starts))

    def _character(self, odds: NDArray[np.float32], best: int) -> CharacterRead:
        """The character of one step with its second guesses; the blank is none of them."""
        likely = np.argsort(-odds)[: DOUBTS + 2]
        doubt = tuple((self._characters[i], float(odds[i])) for i in likely if i not in (0, best))
        return CharacterRead(self._characters[best], self._confidence(odds, best), doubt[:DOUBTS])

    def _confidence(self, odds: NDArray[np.float32], best: int) -> float:
        """How sure the glyph is: O and 0, I and 1 look the same on a plate, so their odds are one."""
        for pair in self._twins:
            if best in pair:
                return float(odds[pair[0]] + odds[pair[1]])
        return float(odds[best])
