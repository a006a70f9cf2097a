"""Trains the reader of British plates with fast-plate-ocr's own trainer, on plates drawn for it.

    python -m edge.training.train --out var/reader --seed 2 --minutes 300

runs in an environment of `requirements-train.lock`. The minutes are minutes of one processor core, so that a
busy machine takes longer but trains as much. They are spent in rounds: each is one run of the trainer on
pictures that no round before has seen, with the weights of the round before, while the next round's pictures
are drawn and those chosen that the newest weights doubt. The learning rate falls along one cosine over all
minutes. Stopped and started again with the same command it goes on after the last whole round. Pictures of
registrations labelled in `--measuring-data` are never drawn.

An empty `--out` starts from the weights that travel with the project (`uk_reader.keras` beside this file), so
that training goes on on any machine; `--from-scratch` starts from nothing, with rounds that are easy to read
first: on hard ones alone the network takes many times as long to find out where the characters stand.
`--out`/last.keras is the newest model, `--out`/kept has that of each round; `edge.training.export` ships one.
"""

import argparse
import json
import math
import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from edge.training.doubt import chooser
from edge.training.pool import Series, write_pool
from edge.training.texts import labelled_registrations

PLATE_CONFIG = Path(__file__).parents[1] / "models/uk_reader/plate_config.yaml"
MODEL_CONFIG = Path(__file__).with_name("model_config.yaml")
SHIPPED_WEIGHTS = Path(__file__).with_name("uk_reader.keras")
MEASURING_DATA = Path(__file__).parents[2].parent / "shared/data"

VALIDATION_SEED_OFFSET = 1_000_003
_VALIDATION_COUNT = 2500
_BATCH = 32
_HARDNESS_STEP = 0.25
_PEAK_RATE = 1e-3
_LAST_RATE = 1e-5
_NO_AUGMENTATION = """\
__version__: 2.0.8
transform:
  __class_fullname__: Compose
  additional_targets: {}
  bbox_params: null
  is_check_shapes: true
  keypoint_params: null
  p: 1.0
  transforms:
  - {__class_fullname__: NoOp, p: 1.0}
"""


class TrainerFailedError(RuntimeError):
    """fast-plate-ocr's trainer ended without a model; its own output says why."""


class DrawingFailedError(RuntimeError):
    """The process that draws a round's pictures ended early; its own output says why."""


@dataclass(frozen=True)
class Plan:
    """What to train: where to, which series of drawings, for how long, in rounds of how many drawings."""

    out: Path
    seed: int
    minutes: float
    pictures: int
    epochs: int
    excluded: frozenset[str]
    start: Path | None = None

    def draw(self, number: int) -> Path:
        """The pictures of round `number`, drawn unless they are there already."""
        folder = self.out / f"pools/{number:03d}"
        hardness = 1.0 if self.start else min(1.0, (number + 1) * _HARDNESS_STEP)
        series = Series(self.seed, number * self.pictures, self.pictures, self.excluded, hardness)
        if hardness < 1.0 or not (model := self.newest()):
            return write_pool(folder, series)
        return write_pool(folder, series, chooser(model, PLATE_CONFIG, self.seed + number))

    def newest(self) -> Path | None:
        """The model of the last round that is done, or the one to start from."""
        last = self.out / "last.keras"
        return last if last.exists() else self.start

    def draw_validation(self) -> Path:
        """Pictures of a series of their own, to see how the training goes."""
        series = Series(self.seed + VALIDATION_SEED_OFFSET, 0, _VALIDATION_COUNT, self.excluded)
        return write_pool(self.out / "validation", series)


@dataclass(frozen=True)
class Progress:
    """How many rounds are done, the seconds all took and the seconds the last one took."""

    rounds: int = 0
    trained_s: float = 0.0
    last_round_s: float = 0.0

    def after(self, round_s: float) -> "Progress":
        return Progress(self.rounds + 1, self.trained_s + round_s, round_s)


def learning_rate(share_done: float) -> float:
    """The cosine from the peak rate to the last one, by the share of the training time that has passed."""
    fall = (1 + math.cos(math.pi * min(1.0, share_done))) / 2
    return _LAST_RATE + (_PEAK_RATE - _LAST_RATE) * fall


def processor_s() -> float:
    """Processor seconds that this process and its ended children have used."""
    return sum(os.times()[:4])


def train(plan: Plan, clock: Callable[[], float] = processor_s) -> None:
    """Run rounds until the plan's minutes are spent. Raises TrainerFailedError."""
    progress = _progress_in(plan.out)
    plan.draw_validation()
    budget_s = plan.minutes * 60
    began = clock()
    _await(_drawing(plan, progress.rounds))
    while progress.trained_s + 0.5 * progress.last_round_s < budget_s:
        ahead = _drawing(plan, progress.rounds + 1)
        _train_round(plan, progress, budget_s)
        _await(ahead)
        done_with = plan.out / f"pools/{progress.rounds:03d}"
        progress = progress.after(clock() - began)
        began = clock()
        (plan.out / "progress.json").write_text(json.dumps(asdict(progress)), encoding="ascii")
        shutil.rmtree(done_with)


def _drawing(plan: Plan, number: int) -> multiprocessing.Process:
    """Draws in a process of its own: TensorFlow, which chooses, does not survive another fork."""
    process = multiprocessing.Process(target=plan.draw, args=(number,))
    process.start()
    return process


def _await(drawing: multiprocessing.Process) -> None:
    drawing.join()
    if drawing.exitcode != 0:
        raise DrawingFailedError(f"drawing ended with code {drawing.exitcode}; see its output above")


def _progress_in(out: Path) -> Progress:
    saved = out / "progress.json"
    return Progress(**json.loads(saved.read_text(encoding="ascii"))) if saved.exists() else Progress()


def _train_round(plan: Plan, progress: Progress, budget_s: float) -> None:
    end_s = progress.trained_s + progress.last_round_s
    if end_s + 0.5 * progress.last_round_s >= budget_s:
        end_s = budget_s
    rate = learning_rate(progress.trained_s / budget_s)
    folder = plan.out / f"rounds/{progress.rounds:03d}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    options = {
        "lr": f"{rate:.7f}",
        "final-lr-factor": f"{learning_rate(end_s / budget_s) / rate:.5f}",
        "warmup-fraction": "0.1" if progress.rounds == 0 else "0.02",
        "seed": str(plan.seed + progress.rounds),
    }
    if weights := plan.newest():
        options["weights-path"] = str(weights)
    _run_trainer(plan, folder, progress.rounds, options)
    trained = sorted(folder.glob("*/last.keras"))
    if not trained:
        raise TrainerFailedError(f"round {progress.rounds} left no model; see its output above")
    shutil.copy(trained[-1], plan.out / "last.keras")
    (plan.out / "kept").mkdir(exist_ok=True)
    shutil.copy(trained[-1], plan.out / f"kept/{progress.rounds + 1}.keras")
    shutil.copy(trained[-1].with_name("training_log.csv"), plan.out / f"round_{progress.rounds:03d}.csv")
    shutil.rmtree(folder)


def _run_trainer(plan: Plan, folder: Path, number: int, options: dict[str, str]) -> None:
    augmentation = plan.out / "no_augmentation.yaml"
    augmentation.write_text(_NO_AUGMENTATION, encoding="ascii")
    options = options | {
        "model-config-file": str(MODEL_CONFIG),
        "plate-config-file": str(PLATE_CONFIG),
        "annotations": str(plan.out / f"pools/{number:03d}/annotations.csv"),
        "val-annotations": str(plan.out / "validation/annotations.csv"),
        "augmentation-path": str(augmentation),
        "batch-size": str(_BATCH),
        "label-smoothing": "0",
        "epochs": str(plan.epochs),
        "output-dir": str(folder),
    }
    command = [sys.executable, "-m", "fast_plate_ocr.cli.train"]
    command += [part for name, value in options.items() for part in (f"--{name}", value)]
    environment = os.environ | {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
    ended = subprocess.run(command, env=environment, check=False)  # noqa: S603 - our own command and paths
    if (code := ended.returncode) != 0:
        raise TrainerFailedError(f"trainer ended with code {code} in round {number}; see its output")


def plan_from(arguments: list[str] | None = None) -> Plan:
    """The plan that the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for pictures and models")
    parser.add_argument("--seed", type=int, default=2, help="which series of drawings")
    parser.add_argument("--minutes", type=float, default=300, help="processor time in all")
    parser.add_argument("--pictures", type=int, default=100_000, help="drawn for a round, before choosing")
    parser.add_argument("--epochs", type=int, default=2, help="times a round sees each picture")
    parser.add_argument("--start", type=Path, default=SHIPPED_WEIGHTS, help="weights to go on from")
    parser.add_argument("--from-scratch", action="store_true", help="start from no weights")
    parser.add_argument("--measuring-data", type=Path, default=MEASURING_DATA, help="labels to leave out")
    given = parser.parse_args(arguments)
    excluded = labelled_registrations(given.measuring_data)
    print(f"leaving out {len(excluded)} labelled registrations", flush=True)
    start = None if given.from_scratch else given.start.resolve()
    return Plan(given.out.resolve(), given.seed, given.minutes, given.pictures, given.epochs, excluded, start)


if __name__ == "__main__":
    train(plan_from())
