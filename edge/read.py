"""The seam of plate reading, and the readers behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import cv2
from fast_plate_ocr import LicensePlateRecognizer

from edge.errors import ModelError
from edge.frames import as_picture
from edge.localise import PlatePatch
from edge.reads import CharacterRead, LineRead
from edge.runtime import session_options
from edge.seen import RawRead
from edge.weights import Weights

LONGEST_TEXT = 20
NOTHING_THERE = "_"
"""What the British reader says of a place without a character; the ones after a mark it leaves out."""


class PlateReader(Protocol):
    """Reads straightened plates; `name` is what its raw reads carry."""

    name: str

    def read(self, patches: Sequence[PlatePatch], frame_number: int) -> list[RawRead]:
        """One read per patch that holds any character, in capitals A-Z and digits."""
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

    def read(self, patches: Sequence[PlatePatch], frame_number: int) -> list[RawRead]:
        """See PlateReader."""
        if not patches:
            return []
        plates = [as_picture(cv2.cvtColor(patch.picture, cv2.COLOR_BGR2GRAY)) for patch in patches]
        reads = []
        for plate in self._recogniser.run(plates, return_confidence=True):
            if NOTHING_THERE in plate.plate:
                continue  # a hole inside a mark: closing it up would make a shorter, wrong one
            confidences = [] if plate.char_probs is None else plate.char_probs[: len(plate.plate)].tolist()
            line = LineRead(tuple(map(CharacterRead, plate.plate, confidences)))
            reads.append(raw_read(line.of_marks(), self.name, frame_number))
        return [read for read in reads if read is not None]
