"""Picks the drawn pictures that a half-trained reader still learns from: those it misreads or doubts.

When a reader gets nineteen of twenty right, nineteen of twenty pictures teach it next to nothing, and a step
of training costs four times a look. So most of what it reads surely is left out; a share stays, so that it
does not forget what is easy.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.training.pool import Chooser
from edge.training.samples import Sample, decoded

SHARE_OF_SURE = 0.12
SURE = 0.97
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
_PLACES = 8
_INPUT_PX = (128, 64)

Probabilities = NDArray[np.float32]


def sureness(probabilities: Probabilities, texts: Sequence[str]) -> NDArray[np.float32]:
    """The least probability that any place's right character got; n x 8 x 37 and n texts to n."""
    rows = [[_ALPHABET.index(c) for c in text.ljust(_PLACES, "_")] for text in texts]
    right = np.take_along_axis(probabilities, np.array(rows)[:, :, None], axis=2)
    return np.asarray(right[:, :, 0].min(axis=1), np.float32)


def chooser(model: Path, plate_config: Path, seed: int) -> Chooser:
    """Tells of drawn pictures which to learn from, by what `model` (.keras) makes of them."""
    predict = _network(model, plate_config)
    rng = np.random.default_rng((seed, 0xD0))

    def chosen(samples: Sequence[Sample]) -> list[bool]:
        pictures = [cv2.resize(decoded(one), _INPUT_PX, interpolation=cv2.INTER_LINEAR) for one in samples]
        sure = sureness(predict(np.stack(pictures)[..., None]), [one.text for one in samples])
        return [bool(keep) for keep in (sure < SURE) | (rng.random(len(samples)) < SHARE_OF_SURE)]

    return chosen


def _network(model: Path, plate_config: Path) -> Callable[[NDArray[np.generic]], Probabilities]:
    """The Keras model as a function. TensorFlow is loaded here and not before: drawing alone does without."""
    os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
    from fast_plate_ocr.train.model.config import load_plate_config_from_yaml
    from fast_plate_ocr.train.utilities.utils import load_keras_model

    loaded = load_keras_model(model, load_plate_config_from_yaml(plate_config))

    def predict(pictures: NDArray[np.generic]) -> Probabilities:
        return np.asarray(loaded.predict_on_batch(pictures)["plate"], np.float32)

    return predict
