"""The config room's errors.

ConfigError
├── FileMistake      a YAML file that a person wrote is wrong: file, line, what is expected
├── WireError        bytes from the network are not a message we know
│   ├── Undecodable      not the structure that was promised
│   ├── UnknownVersion   a major version this software does not speak
│   └── BadSignature     the signature does not verify, or the key is unknown
└── LinkError        a broker, key file or port could not be set up
"""

from __future__ import annotations

from pathlib import Path


class ConfigError(Exception):
    """Anything the config room refuses; the text says what was wrong and what to do."""


class FileMistake(ConfigError):
    """A file that a person edits is wrong. `line` counts from 1; 0 means the file as a whole."""

    def __init__(self, path: Path, line: int, expected: str) -> None:
        self.path = path
        self.line = line
        self.expected = expected
        place = f"{path}, line {line}" if line else f"{path}"
        super().__init__(f"{place}: {expected}")


class WireError(ConfigError):
    """Bytes from the network that must go to quarantine."""


class Undecodable(WireError):
    """The bytes are not the structure that the topic promises."""


class UnknownVersion(WireError):
    """The message carries a major version that this software does not speak."""


class BadSignature(WireError):
    """The signature does not verify, or no known key has made it."""


class LinkError(ConfigError):
    """A link to the outside (broker, TLS, key file) could not be set up."""
