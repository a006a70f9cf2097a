"""Trains the finder of plates on drawn and filmed vehicles.

    python -m edge.training.finder.train --out var/finder --seed 1 --pictures 200000

runs in an environment of `requirements-train.lock`. Pictures are drawn while the network learns; each is
seen twice in the mean. Stopped and started again with the same command it goes on after the last save; the
learning rate falls along one cosine over all pictures. `--out`/last.keras is the newest model;
`edge.training.finder.export` ships it.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Full
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.finder.film import film_views
from edge.training.finder.scenes import scene
from edge.training.finder.targets import target
from edge.training.texts import labelled_registrations

MEASURING_DATA = Path(__file__).parents[3].parent / "shared/data"
BATCH = 16
PEAK_RATE, LAST_RATE, WARM_UP = 1.5e-3, 1e-5, 0.02
_AHEAD = 24
_HELD = 64
_PATIENCE_S = 5.0
_SAVE_EVERY = 100

Batch = tuple[NDArray[np.uint8], NDArray[np.float32]]


@dataclass(frozen=True)
class Plan:
    """Where to, which series of drawings, how many pictures, which texts never."""

    out: Path
    seed: int
    pictures: int
    excluded: frozenset[str]


@dataclass(frozen=True)
class Progress:
    """Steps done and the seconds they took."""

    steps: int = 0
    trained_s: float = 0.0


def learning_rate(share_done: float) -> float:
    """A short rise, then the cosine from the peak rate to the last, by the share of the pictures seen."""
    fall = (1 + math.cos(math.pi * min(1.0, share_done))) / 2
    return (LAST_RATE + (PEAK_RATE - LAST_RATE) * fall) * min(1.0, (share_done + 1e-4) / WARM_UP)


def batch(seed: int, step: int, views: Any, excluded: frozenset[str]) -> Batch:
    """Pictures (BATCH x S x S x 1) and targets of one step."""
    scenes = [scene(seed, step * BATCH + i, views, excluded) for i in range(BATCH)]
    return np.stack([s.picture for s in scenes])[..., None], np.stack([target(s) for s in scenes])


def _draw(plan: Plan, first: int, queue: Any) -> None:
    cv2.setNumThreads(1)
    views = film_views()
    for step in range(first, plan.pictures // BATCH // 2 + 1):
        drawn = batch(plan.seed, step, views, plan.excluded)
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


def batches(plan: Plan, first: int) -> Iterator[Batch]:
    """The batches from step `first` on: fresh ones, and after each one mixed from the last ones seen."""
    context = multiprocessing.get_context("spawn")
    queue: Any = context.Queue(_AHEAD)
    drawer = context.Process(target=_draw, args=(plan, first // 2, queue), daemon=True)
    drawer.start()
    held: deque[Batch] = deque(maxlen=_HELD)
    rng = np.random.default_rng((plan.seed, first))
    for step in range(first, plan.pictures // BATCH):
        if step % 2 == 0 or not held:
            held.append(queue.get())
            yield held[-1]
        else:
            yield mixed(held, rng)


def mixed(held: Sequence[Batch], rng: np.random.Generator) -> Batch:
    """A batch of pictures seen before, in another light."""
    places = zip(rng.integers(len(held), size=BATCH), rng.integers(BATCH, size=BATCH), strict=True)
    pictures, wanted = zip(*((held[i][0][j], held[i][1][j]) for i, j in places), strict=True)
    gain, lift = rng.uniform(0.6, 1.3, (BATCH, 1, 1, 1)), rng.uniform(-20, 20, (BATCH, 1, 1, 1))
    return np.clip(np.stack(pictures) * gain + lift, 0, 255).astype(np.uint8), np.stack(wanted)


def train(plan: Plan) -> None:
    """Train from the last save to the last picture."""
    import keras

    from edge.training.finder.network import loss, network

    plan.out.mkdir(parents=True, exist_ok=True)
    last, saved = plan.out / "last.keras", plan.out / "progress.json"
    progress = Progress(**json.loads(saved.read_text("ascii"))) if saved.exists() else Progress()
    if progress.steps:
        model = keras.models.load_model(last, custom_objects={"loss": loss})
    else:
        keras.utils.set_random_seed(plan.seed)
        model = network()
        model.compile(optimizer=keras.optimizers.Adam(PEAK_RATE, clipnorm=1.0), loss=loss)
    began, recent = time.monotonic(), []
    for step, (pictures, wanted) in enumerate(batches(plan, progress.steps), progress.steps + 1):
        model.optimizer.learning_rate = learning_rate(step * BATCH / plan.pictures)
        recent.append(float(model.train_on_batch(pictures.astype(np.float32), wanted)))
        if step % _SAVE_EVERY == 0 or step * BATCH + BATCH > plan.pictures:
            spent = progress.trained_s + time.monotonic() - began
            model.save(last)
            saved.write_text(json.dumps(asdict(Progress(step, spent))), encoding="ascii")
            print(f"step {step}, {spent:.0f} s, loss {np.mean(recent):.4f}", flush=True)
            recent = []


def main() -> None:
    """Train as the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.finder.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the model")
    parser.add_argument("--seed", type=int, default=1, help="which series of drawings")
    parser.add_argument("--pictures", type=int, default=200_000, help="pictures in all")
    parser.add_argument("--measuring-data", type=Path, default=MEASURING_DATA, help="labels to leave out")
    given = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    excluded = labelled_registrations(given.measuring_data)
    train(Plan(given.out.resolve(), given.seed, given.pictures, excluded))


if __name__ == "__main__":
    main()
