"""Weights: found, checked once, and a clear word when one is missing or altered."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from edge.errors import ModelError
from edge.runtime import open_session
from edge.weights import SHIPPED, SUMS, Weights

NAMES = [line.partition("  ")[2] for line in (SHIPPED / SUMS).read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_shipped_weights_are_the_measured_ones(name: str) -> None:
    weights = Weights()
    assert weights.path(name).is_file()
    assert weights.sha256[name] == hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest()


def test_every_shipped_file_has_its_model_card() -> None:
    card = (SHIPPED / "README.md").read_text("utf-8")
    for line in (SHIPPED / SUMS).read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        assert name in card, f"{name} has no card in {SHIPPED / 'README.md'}"
        assert digest in card, f"the card of {name} does not carry its SHA-256"


@pytest.mark.parametrize(
    ("content", "sums", "said"),
    [
        (None, "", "is missing: install"),
        (b"weights", None, "SHA256SUMS is missing"),
        (b"weights", "", "has no line for"),
        (b"weights", "0" * 64 + "  net.onnx\n", "altered or cut short"),
    ],
)
def test_what_is_wrong_with_weights_is_said(
    tmp_path: Path, content: bytes | None, sums: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "net.onnx").write_bytes(content)
    if sums is not None:
        (tmp_path / SUMS).write_text(sums)
    with pytest.raises(ModelError, match=said) as raised:
        Weights(tmp_path).path("net.onnx")
    assert "net.onnx" in str(raised.value)


def test_a_file_that_is_no_network_is_said(tmp_path: Path) -> None:
    bad = tmp_path / "net.onnx"
    bad.write_bytes(b"not a network")
    with pytest.raises(ModelError, match=r"net\.onnx is not a network"):
        open_session(bad, 1)
