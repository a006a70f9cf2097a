"""How often a read is right, from the probability that the British reader gives its weakest character.

A network's probabilities say which of two reads is surer, not how sure. Two numbers, fitted on drawn plates
that neither the training nor the measuring saw, turn them into the share of reads that are right: of reads
with 0.99, one in a hundred is wrong on drawings like those (`edge.training.calibrate`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from edge.errors import ModelError
from edge.weights import Weights

FILE = "uk_reader/calibration.json"
NETWORK = "uk_reader/model.onnx"
_NEAREST_TO_CERTAIN = 1e-6


class Fitted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: a line in log odds, for the network whose SHA-256 it names."""

    slope: float
    offset: float
    network_sha256: str


@dataclass(frozen=True)
class Calibration:
    """Log odds of being right = `slope` x log odds of the reader + `offset`; `slope` is positive."""

    slope: float
    offset: float

    def calibrated(self, confidence: float) -> float:
        """The share, 0 to 1, of reads with this confidence (0 to 1) that are right; rises with it."""
        return 1 / (1 + math.exp(-(self.slope * log_odds(confidence) + self.offset)))


def log_odds(confidence: float) -> float:
    """Log odds of a probability, which is kept a millionth away from 0 and 1."""
    kept = min(max(confidence, _NEAREST_TO_CERTAIN), 1 - _NEAREST_TO_CERTAIN)
    return math.log(kept / (1 - kept))


def load_calibration(weights: Weights) -> Calibration:
    """The calibration that travels with the reader in `weights`.

    Raises ModelError where it is missing, altered, unreadable, or was fitted for another network.
    """
    path = weights.path(FILE)
    try:
        fitted = msgspec.json.decode(path.read_bytes(), type=Fitted)
    except msgspec.DecodeError as error:
        raise ModelError(f"{path} is no calibration: {error}; run edge.training.calibrate again") from error
    weights.path(NETWORK)
    if fitted.network_sha256 != weights.sha256[NETWORK]:
        raise ModelError(
            f"{path} was fitted for another network than {NETWORK}: run edge.training.calibrate again"
        )
    if not fitted.slope > 0:
        raise ModelError(f"{path} has slope {fitted.slope}: a surer read would count as less sure; fit again")
    return Calibration(fitted.slope, fitted.offset)


@lru_cache(maxsize=1)
def _shipped() -> Calibration:
    return load_calibration(Weights())


def calibrated(confidence: float) -> float:
    """The share, 0 to 1, of the shipped reader's reads with this confidence that are right.

    `confidence` is a raw read's: the probability of its weakest character. Raises ModelError as
    `load_calibration` does.
    """
    return _shipped().calibrated(confidence)
