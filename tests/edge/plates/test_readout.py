"""From looks to a registration: which reader reads what, on drawn vehicles, by the networks that ship."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest

from config.vrm import confusable_distance
from edge.frames import Picture
from edge.looks import Look, look_at
from edge.outcomes import Outcomes
from edge.plates.localise import PlatePatch
from edge.plates.read import PlateReader
from edge.plates.readout import ENOUGH_LOOKS, PlateEyes, read_out
from edge.plates.vote import Grammar
from edge.seen import RawRead
from edge.settings import Models, load_models
from edge.stages import Stages
from edge.training.plates import draw_plate
from edge.weights import Weights
from tests.edge.pictures import frame

MARK = "KV73TPO"
WHOLE = (0, 0, 640, 480)


@dataclass
class Asked:
    """A reader that notes which frames it was asked to read."""

    reader: PlateReader
    frames: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.reader.name

    def read(self, patch: PlatePatch, frame_number: int) -> RawRead | None:
        """See PlateReader."""
        self.frames.append(frame_number)
        return self.reader.read(patch, frame_number)


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models(Weights())


def vehicle(mark: str) -> Picture:
    """The rear of a vehicle with a yellow plate in a dark bumper."""
    picture = np.full((480, 640, 3), 120, np.uint8)
    picture[330:420] = 35
    drawn = draw_plate(mark, layout="one_line", background="yellow", px_per_mm=1)[:, :, ::-1]
    picture[355:383, 255:386] = cv2.resize(drawn, (131, 28), interpolation=cv2.INTER_AREA)
    return picture


def looks(count: int) -> list[Look]:
    """Looks at one vehicle, the last the best."""
    return [
        look_at(frame(vehicle(MARK), number, number / 10), WHOLE, (), float(number))
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("grammar", "general", "british", "accounts"),
    [("gb", [4], [4, 3, 2], {"find", "read", "second"}), ("none", [4, 3, 2], [], {"find", "read"})],
)
def test_the_general_reader_reads_the_best_look_where_the_british_one_reads_all(
    models: Models, grammar: Grammar, general: list[int], british: list[int], accounts: set[str]
) -> None:
    readers = tuple(Asked(reader) for reader in models.readers)
    stages = Stages()
    eyes = PlateEyes(models.localiser, readers, grammar, 2, stages)
    readout = read_out(looks(5), eyes, Outcomes())
    assert readout.reading is not None
    assert confusable_distance(readout.reading.text, MARK) == 0
    assert readout.reading.looks == ENOUGH_LOOKS
    assert set(stages.calls) == accounts
    assert [list(dict.fromkeys(reader.frames)) for reader in readers] == [general, british]


def test_a_second_reader_that_reads_another_mark_is_told(models: Models) -> None:
    class Otherwise(Asked):
        def read(self, patch: PlatePatch, frame_number: int) -> RawRead | None:
            return RawRead("AB12CDE", 0.9, (0.9,) * 7, self.name, frame_number)

    readers = (Otherwise(models.readers[0]), models.readers[1])
    readout = read_out(looks(4), PlateEyes(models.localiser, readers, "gb", 2, Stages()), Outcomes())
    assert readout.reading is not None
    assert readout.reading.text == MARK
    assert readout.reason == "a second reader reads it otherwise"
