"""Trains a network step by step on pictures that are drawn while it learns, and goes on where it stopped.

Drawing is slower than learning, so that each fresh batch is followed by some mixed from those of before.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Full
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.texts import labelled_registrations
from edge.training.train import MEASURING_DATA

PEAK_RATE, LAST_RATE, WARM_UP = 1.5e-3, 1e-5, 0.02
_AHEAD = 24
_HELD = 64
_PATIENCE_S = 5.0
_SAVE_EVERY = 100
_GAIN, _LIFT = (0.6, 1.3), (-20.0, 20.0)

Batch = tuple[NDArray[np.uint8], NDArray[np.float32]]
"""Pictures (N x H x W x 1) and what the network is to answer (N x ...)."""
Draw = Callable[[int], Batch]
"""The fresh batch of a number; depends on that number alone. It is sent to another process."""
Mix = Callable[[Sequence[Batch], np.random.Generator], Batch]
"""A batch of pictures seen before."""


@dataclass(frozen=True)
class Course:
    """How many steps in all, one fresh batch in every `fresh_every`, and the seed of the mixing."""

    steps: int
    fresh_every: int
    seed: int


@dataclass(frozen=True)
class Progress:
    """Steps done and the seconds they took."""

    steps: int = 0
    trained_s: float = 0.0


def learning_rate(share_done: float) -> float:
    """A short rise, then the cosine from the peak rate to the last, by the share of the steps done."""
    fall = (1 + math.cos(math.pi * min(1.0, share_done))) / 2
    return (LAST_RATE + (PEAK_RATE - LAST_RATE) * fall) * min(1.0, (share_done + 1e-4) / WARM_UP)


def batches(course: Course, draw: Draw, mix: Mix, first: int) -> Iterator[Batch]:
    """The batches from step `first` on; another process draws ahead."""
    context = multiprocessing.get_context("spawn")
    queue: Any = context.Queue(_AHEAD)
    numbers = range(first // course.fresh_every, course.steps // course.fresh_every + 1)
    drawer = context.Process(target=_draw_ahead, args=(draw, numbers, queue), daemon=True)
    drawer.start()
    held: deque[Batch] = deque(maxlen=_HELD)
    rng = np.random.default_rng((course.seed, first))
    for step in range(first, course.steps):
        if step % course.fresh_every == 0 or not held:
            held.append(queue.get())
            yield held[-1]
        else:
            yield mix(held, rng)


def picked(held: Sequence[Batch], rng: np.random.Generator, count: int) -> Batch:
    """`count` pictures at random from the batches held, with their answers."""
    places = zip(rng.integers(len(held), size=count), rng.integers(len(held[0][0]), size=count), strict=True)
    pictures, wanted = zip(*((held[i][0][j], held[i][1][j]) for i, j in places), strict=True)
    return np.stack(pictures), np.stack(wanted)


def in_another_light(
    held: Sequence[Batch],
    rng: np.random.Generator,
    gain: tuple[float, float] = _GAIN,
    lift: tuple[float, float] = _LIFT,
) -> Batch:
    """A batch of pictures seen before, each times a `gain` and brighter by a `lift` between those given."""
    count = len(held[0][0])
    pictures, wanted = picked(held, rng, count)
    times, brighter = rng.uniform(*gain, (count, 1, 1, 1)), rng.uniform(*lift, (count, 1, 1, 1))
    return np.clip(pictures * times + brighter, 0, 255).astype(np.uint8), wanted


def _draw_ahead(draw: Draw, numbers: range, queue: Any) -> None:
    cv2.setNumThreads(1)
    for number in numbers:
        drawn = draw(number)
        while not _put(queue, drawn):
            if not _trainer_lives():
                queue.cancel_join_thread()  # nobody is left to take what is in the queue
                return


def _put(queue: Any, drawn: Batch) -> bool:
    try:
        queue.put(drawn, timeout=_PATIENCE_S)
    except Full:
        return False
    return True


def _trainer_lives() -> bool:
    trainer = multiprocessing.parent_process()
    return trainer is not None and trainer.is_alive()


class Learner(Protocol):
    """What is trained: learns from one batch at a time, and keeps itself in a folder."""

    def learn(self, batch: Batch, rate: float) -> float:
        """One step at the learning rate `rate`; gives the loss."""
        ...

    def save(self, folder: Path) -> None:
        """Keep what was learnt so far."""
        ...

    def load(self, folder: Path) -> None:
        """Go on from what was kept."""
        ...


class KerasLearner:
    """A compiled Keras network, kept as last.keras."""

    def __init__(self, compiled: Any, loss: Any) -> None:
        self._model, self._loss = compiled, loss

    def learn(self, batch: Batch, rate: float) -> float:
        """See Learner."""
        self._model.optimizer.learning_rate = rate
        pictures, wanted = batch
        return float(self._model.train_on_batch(pictures.astype(np.float32), wanted))

    def save(self, folder: Path) -> None:
        """See Learner."""
        self._model.save(folder / "last.keras")

    def load(self, folder: Path) -> None:
        """See Learner."""
        import keras

        self._model = keras.models.load_model(folder / "last.keras", custom_objects={"loss": self._loss})


def keras_learner(seed: int, network: Callable[[], Any], loss: Any) -> KerasLearner:
    """A network to be trained from scratch with Adam."""
    import keras

    keras.utils.set_random_seed(seed)
    model = network()
    model.compile(optimizer=keras.optimizers.Adam(PEAK_RATE, clipnorm=1.0), loss=loss)
    return KerasLearner(model, loss)


def train(out: Path, course: Course, learner: Learner, draw: Draw, mix: Mix) -> None:
    """Train from the last save in `out` to the last step."""
    out.mkdir(parents=True, exist_ok=True)
    saved = out / "progress.json"
    progress = Progress(**json.loads(saved.read_text("ascii"))) if saved.exists() else Progress()
    if progress.steps:
        learner.load(out)
    began, recent = time.monotonic(), []
    for step, batch in enumerate(batches(course, draw, mix, progress.steps), progress.steps + 1):
        recent.append(learner.learn(batch, learning_rate(step / course.steps)))
        if step % _SAVE_EVERY == 0 or step == course.steps:
            spent = progress.trained_s + time.monotonic() - began
            learner.save(out)
            saved.write_text(json.dumps(asdict(Progress(step, spent))), encoding="ascii")
            print(f"step {step}, {spent:.0f} s, loss {np.mean(recent):.4f}", flush=True)
            recent = []


@dataclass(frozen=True)
class Asked:
    """What a command line asks for: where to, which series, how many pictures, which texts never."""

    out: Path
    seed: int
    pictures: int
    excluded: frozenset[str]


def asked(prog: str, doc: str | None, pictures: int, called: str = "pictures") -> Asked:
    """The command line of a training by steps; `called` names the option of how many pictures."""
    parser = argparse.ArgumentParser(prog=prog, description=doc)
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--seed", type=int, default=1, help="which series of drawings")
    parser.add_argument(f"--{called}", dest="pictures", type=int, default=pictures, help=f"{called} in all")
    parser.add_argument("--measuring-data", type=Path, default=MEASURING_DATA, help="labels to leave out")
    given = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    return Asked(
        given.out.resolve(), given.seed, given.pictures, labelled_registrations(given.measuring_data)
    )
