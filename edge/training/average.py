"""Averages the weights of several rounds: while the rate is high their mean reads better than one alone.

    python -m edge.training.average var/reader/kept/2.keras var/reader/kept/3.keras --to var/reader/mean.keras

runs in an environment of `requirements-train.lock`. At the end of the cosine one model is as good.
"""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge.training.train import PLATE_CONFIG

Weights = list[NDArray[np.float32]]


def mean_weights(models: Sequence[Weights]) -> Weights:
    """The mean of each array over models of the same network.

    Raises ValueError where they are not of the same network, or there are none.
    """
    shapes = {tuple(array.shape for array in weights) for weights in models}
    if len(shapes) != 1:
        raise ValueError("give models of one and the same network: their weights differ in number or shape")
    return [np.mean(arrays, axis=0, dtype=np.float32) for arrays in zip(*models, strict=True)]


def main(arguments: list[str] | None = None) -> None:
    """Write the mean of the models given."""
    parser = argparse.ArgumentParser(prog="python -m edge.training.average", description=__doc__)
    parser.add_argument("models", type=Path, nargs="+", help="the .keras files of some rounds")
    parser.add_argument("--to", type=Path, required=True, help="the .keras file to write")
    given = parser.parse_args(arguments)
    os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2"}
    from fast_plate_ocr.train.model.config import load_plate_config_from_yaml
    from fast_plate_ocr.train.utilities.utils import load_keras_model

    config = load_plate_config_from_yaml(PLATE_CONFIG)
    models = [load_keras_model(path, config) for path in given.models]
    models[0].set_weights(mean_weights([model.get_weights() for model in models]))
    models[0].save(given.to)


if __name__ == "__main__":
    main()
