"""The seam of plate reading, and the readers behind it."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np
from fast_plate_ocr import LicensePlateRecognizer
from numpy.typing import NDArray

from edge.errors import ModelError
from edge.frames import Picture, as_picture
from edge.plates.corners import PlateCorners
from edge.plates.glances import odds_by_glances
from edge.plates.localise import PlatePatch
from edge.plates.reads import CharacterRead, LineRead
from edge.runtime import session_options
from edge.seen import RawRead
from edge.weights import Weights

LONGEST_TEXT = 20
DOUBTS = 3
"""How many second guesses of a character are kept."""
_TINY = 1e-6
"""Odds that count as this at least, so that their logarithm is a number."""


class PlateReader(Protocol):
    """Reads straightened plates; `name` is what its raw reads carry."""

    name: str

    def read(self, patch: PlatePatch, frame_number: int) -> RawRead | None:
        """What the patch says in capitals A-Z and digits; None where it holds no character."""
        ...


def raw_read(line: LineRead, reader: str, frame_number: int) -> RawRead | None:
    """The read of one patch, or None where there was nothing to read."""
    kept = line.characters[:LONGEST_TEXT]
    if not kept:
        return None
    confidences = tuple(min(max(float(one.confidence), 0.0), 1.0) for one in kept)
    return RawRead(
        "".join(one.character for one in kept),
        min(confidences),
        confidences,
        reader,
        frame_number,
        tuple(one.doubt for one in kept),
    )


class UkReader:
    """fast-plate-ocr with the project's own weights for British plates; reads two lines as one text."""

    FOLDER = "uk_reader"
    name = "uk-reader"

    def __init__(self, weights: Weights, threads: int) -> None:
        network = weights.path(f"{self.FOLDER}/model.onnx")
        config = weights.path(f"{self.FOLDER}/plate_config.yaml")
        try:
            self._recogniser = LicensePlateRecognizer(
                onnx_model_path=network,
                plate_config_path=config,
                device="cpu",
                sess_options=session_options(threads),
            )
        except Exception as error:  # ONNX Runtime's errors have no common base below Exception
            raise ModelError(f"{network} and {config} do not make a plate reader: {error}") from error
        self._corners = PlateCorners(weights, threads)

    def read(self, patch: PlatePatch, frame_number: int) -> RawRead | None:
        """See PlateReader."""
        grey = as_picture(cv2.cvtColor(patch.picture, cv2.COLOR_BGR2GRAY))
        return raw_read(self.line(grey), self.name, frame_number)

    def line(self, grey: Picture) -> LineRead:
        """What a grey picture of one plate (H x W), of any size, says."""
        return self._line(odds_by_glances(grey, self._odds, self._corners.find))

    def _odds(self, greys: list[Picture]) -> NDArray[np.float32]:
        """The network's answer (N x 8 x 37) to plates that are stretched to its size."""
        size = self._recogniser.config.img_width, self._recogniser.config.img_height
        plates = np.stack([cv2.resize(grey, size) for grey in greys])[..., None]
        (odds,) = self._recogniser.model.run([self._recogniser.plate_output_name], {"input": plates})
        return np.asarray(odds, np.float32)

    def _line(self, odds: NDArray[np.float32]) -> LineRead:
        """The characters of one plate's places (8 x 37)."""
        pad = self._recogniser.config.alphabet.index(self._recogniser.config.pad_char)
        there = odds.copy()
        there[:, pad] = 0
        return LineRead(tuple(self._character(row) for row in there[: likeliest_length(odds, pad)]))

    def _character(self, odds: NDArray[np.float32]) -> CharacterRead:
        best, *others = np.argsort(-odds)[: DOUBTS + 1]
        alphabet = self._recogniser.config.alphabet
        doubt = tuple((alphabet[i], float(odds[i])) for i in others if odds[i] > 0)
        return CharacterRead(alphabet[best], float(odds[best]), doubt)


def likeliest_length(odds: NDArray[np.float32], pad: int) -> int:
    """How many of the places (places x characters) hold a character, where `pad` stands for none.

    Place by place there may be a hole between two characters, which no plate has: the likeliest text of all
    that have none counts.
    """
    there = np.log(np.maximum(np.delete(odds, pad, axis=1).max(axis=1), _TINY))
    empty = np.log(np.maximum(odds[:, pad], _TINY))
    begins = np.concatenate([[0.0], np.cumsum(there)])
    ends = np.concatenate([np.cumsum(empty[::-1])[::-1], [0.0]])
    return int(np.argmax(begins + ends))
