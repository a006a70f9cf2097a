"""Inputs at which a decoder failed once, found by fuzzing or by looking; none does now."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import FileMistake
from config.files import load
from config.law.orders import OrdersFile
from tests.fuzz.targets import targets

_LAUGHS = b"a: &a [x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + at, 98 + at, b",".join([b"*%c" % (97 + at)] * 9)) for at in range(9)
)


@pytest.mark.parametrize(
    ("target", "data"),
    [
        ("the broker's log", b"70: OpenSSL Error[0]: "),
        ("orders", b"orders: " + b"[" * 500),
        ("orders", b"orders: &a [*a]"),
        ("orders", _LAUGHS),
        ("orders", b"orders: " + b"9" * 5000),
        ("orders", b"orders: 2026-99-99"),
        ("orders", b"orders: !!int x"),
        ("orders", b"orders: !!bool x"),
    ],
)
def test_what_failed_once_is_refused_in_words(target: str, data: bytes, tmp_path: Path) -> None:
    (found,) = (each for each in targets(tmp_path) if each.name == target)
    found.run(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"orders: !!int x", "not YAML: invalid literal"),
        (b"a: &a [x]\norders: [*a, *a]", "write the value out in each place"),
        (b"orders: " + b"[" * 500, "nested too deep"),
    ],
)
def test_a_person_is_told_what_is_wrong_with_such_a_file(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.yaml"
    path.write_bytes(data)
    with pytest.raises(FileMistake, match=said):
        load(path, OrdersFile)
