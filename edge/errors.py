"""The errors of the edge, in one tree.

EdgeError                  what a person at the unit has to know: what was wrong and what to do
├── SourceError            a camera, stream, file or folder cannot be opened or read
├── ModelError             a weights file is missing, altered or not the model it should be
├── CalibrationError       road points do not fit one flat road, or contradict the camera's height
├── IdentityError          the unit's certificate or keys are not as the centre and the broker need them
└── PictureError           a picture is not what a step needs: empty, misshapen, too large as evidence
"""

from __future__ import annotations


class EdgeError(Exception):
    """Anything a person at the unit has to know."""


class SourceError(EdgeError):
    """A camera, stream, file or folder cannot be opened or read."""


class ModelError(EdgeError):
    """A weights file is missing, altered or not the model it should be."""


class CalibrationError(EdgeError):
    """Measured road points do not fit one flat road, or contradict the camera's measured height."""


class IdentityError(EdgeError):
    """The unit's certificate or keys are not as the centre and the broker need them."""


class PictureError(EdgeError):
    """A picture is not what a step needs."""
