"""Finds the weights that travel with the project and checks that they are the ones that were measured."""

from __future__ import annotations

import hashlib
from pathlib import Path

from edge.errors import ModelError

SHIPPED = Path(__file__).parent / "models"
SUMS = "SHA256SUMS"


class Weights:
    """The weights in one folder, `edge/models` unless another is given.

    Every folder of weights holds a `SHA256SUMS` as `sha256sum` writes it. A file is checked when it is first
    asked for, not before: a unit that never reads a plate does not hash the readers.
    """

    def __init__(self, directory: Path | None = None) -> None:
        self.directory = directory if directory is not None else SHIPPED
        self.sha256: dict[str, str] = {}

    def path(self, name: str) -> Path:
        """The checked path of `name` (may hold a folder: "uk_reader/reader.onnx").

        Raises ModelError when the file or its line in SHA256SUMS is missing, or its bytes are others.
        """
        path = self.directory / name
        if name in self.sha256:
            return path
        if not path.is_file():
            raise ModelError(
                f"model file {path} is missing: install the hgvwatch wheel again, or name the folder that "
                f"holds {name} with --models"
            )
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        expected = self._expected(path)
        if found != expected:
            raise ModelError(
                f"model file {path} was altered or cut short: its SHA-256 is {found[:12]}…, {SUMS} says "
                f"{expected[:12]}…; copy it again"
            )
        self.sha256[name] = found
        return path

    @staticmethod
    def _expected(path: Path) -> str:
        sums = path.parent / SUMS
        if not sums.is_file():
            raise ModelError(
                f"{sums} is missing: without it {path.name} cannot be checked; run sha256sum beside it"
            )
        for line in sums.read_text("utf-8").splitlines():
            digest, _, name = line.partition("  ")
            if name.strip() == path.name:
                return digest
        raise ModelError(f"{sums} has no line for {path.name}: add the output of `sha256sum {path.name}`")
