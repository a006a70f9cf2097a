"""What the shipped reader makes of pictures: its text and how sure it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from fast_plate_ocr import LicensePlateRecognizer
from numpy.typing import NDArray

from edge.runtime import session_options
from edge.training.samples import Sample, decoded
from edge.training.train import PLATE_CONFIG

Picture = NDArray[np.uint8]
_TOGETHER = 64


@dataclass(frozen=True)
class Read:
    """A text, empty where the reader stays silent, and the probability of its weakest character."""

    text: str
    confidence: float


def shipped_reader(threads: int = 1) -> LicensePlateRecognizer:
    """The reader that ships, on the processor."""
    return LicensePlateRecognizer(
        onnx_model_path=PLATE_CONFIG.with_name("model.onnx"),
        plate_config_path=PLATE_CONFIG,
        device="cpu",
        sess_options=session_options(threads),
    )


def reads_of(reader: LicensePlateRecognizer, pictures: Sequence[Picture]) -> list[Read]:
    """What the reader makes of grey pictures of any size."""
    if not pictures:
        return []
    predictions = reader.run(list(pictures), return_confidence=True)
    return [Read(one.plate, _weakest(one.plate, one.char_probs)) for one in predictions]


def _weakest(text: str, probabilities: NDArray[np.float32] | None) -> float:
    """As a raw read has it: the characters' probabilities alone count, not those of the empty places."""
    kept = [] if probabilities is None else probabilities[: len(text)].tolist()
    return float(min(kept, default=0.0))


def reads_of_drawn(reader: LicensePlateRecognizer, drawn: Iterable[Sample]) -> Iterator[tuple[Sample, Read]]:
    """Each drawn picture with its read, in order."""
    rest = iter(drawn)
    while batch := list(islice(rest, _TOGETHER)):
        yield from zip(batch, reads_of(reader, [decoded(one) for one in batch]), strict=True)
