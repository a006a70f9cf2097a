"""What the shipped reader makes of pictures: its text and how sure it is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.plates.read import UkReader
from edge.training.samples import Sample, decoded
from edge.weights import Weights

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Read:
    """A text, empty where the reader stays silent, and the probability of its weakest character."""

    text: str
    confidence: float


def shipped_reader(threads: int = 1) -> UkReader:
    """The reader that ships, on the processor."""
    return UkReader(Weights(), threads)


def read_of(reader: UkReader, picture: Picture) -> Read:
    """What the reader makes of a grey picture of any size."""
    line = reader.line(picture)
    return Read(line.text, min((one.confidence for one in line.characters), default=0.0))


def reads_of_drawn(reader: UkReader, drawn: Iterable[Sample]) -> Iterator[tuple[Sample, Read]]:
    """Each drawn picture with its read, in order."""
    for one in drawn:
        yield one, read_of(reader, decoded(one))
