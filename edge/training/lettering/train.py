"""Teaches the text detector to see lettering at half the size.

    python -m edge.training.lettering.train --out var/lettering --seed 1 --pictures 40000

runs in an environment of `requirements-train.lock`. The detector as it was published looks at drawn and
filmed vehicles at full size, and its own weights are taught to say the same of the halved picture. Pictures
are drawn while the network learns; each is seen twice in the mean. Stopped and started again with the same
command it goes on after the last save. `--out`/last.onnx is the newest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from edge.training.lettering.lessons import BATCH, Lessons, as_taken, mixed, published
from edge.training.steps import PEAK_RATE, Batch, Course, asked, train

_TIMES_SEEN = 2
_RATE = 0.25
"""Parts of the common learning rate: the network knows most of it already."""
_WRITING = 4.0
"""How much more a pixel of lettering counts than one of none."""
_SURE_LOSS = 5.0


class Detector:
    """The network that is taught; see `edge.training.steps.Learner`."""

    def __init__(self, path: Path) -> None:
        self._begin(path)

    def _begin(self, path: Path) -> None:
        import keras
        import tensorflow as tf

        from edge.training.lettering.graph import DetectorGraph

        self._graph = DetectorGraph(path)
        self._weights = list(self._graph.variables.values())
        self._optimizer = keras.optimizers.Adam(PEAK_RATE, clipnorm=1.0)
        self._step = tf.function(self._learnt)

    def learn(self, batch: Batch, rate: float) -> float:
        """One step on pictures (N x H x W x 1) and maps (N x H x W)."""
        self._optimizer.learning_rate = _RATE * rate
        pictures, maps = batch
        return float(self._step(as_taken(pictures), maps))

    def save(self, folder: Path) -> None:
        """See Learner; the optimizer's state is not kept, it is found again within some steps."""
        import onnx

        onnx.save(self._graph.written(), str(folder / "last.onnx"))

    def load(self, folder: Path) -> None:
        """See Learner."""
        self._begin(folder / "last.onnx")

    def _learnt(self, pictures: Any, maps: Any) -> Any:
        import tensorflow as tf

        with tf.GradientTape() as tape:
            loss = _loss(self._graph(pictures), maps)
        self._optimizer.apply(tape.gradient(loss, self._weights), self._weights)
        return loss


def _loss(logits: Any, maps: Any) -> Any:
    """Cross entropy, in which lettering counts more, and how little the two maps overlap (Dice)."""
    import tensorflow as tf

    counts = 1 + _WRITING * maps
    entropy = tf.nn.sigmoid_cross_entropy_with_logits(maps, logits)
    sure = tf.reduce_sum(counts * entropy) / tf.reduce_sum(counts)
    odds = tf.sigmoid(logits)
    both = tf.reduce_sum(odds * maps)
    return _SURE_LOSS * sure + 1 - 2 * both / (tf.reduce_sum(odds**2) + tf.reduce_sum(maps**2) + 1)


def main() -> None:
    """Train as the command line asks."""
    given = asked("python -m edge.training.lettering.train", __doc__, 40_000)
    course = Course(given.pictures // BATCH, _TIMES_SEEN, given.seed)
    lessons = Lessons(given.seed, given.excluded)
    train(given.out, course, Detector(published()), lessons, mixed)


if __name__ == "__main__":
    main()
