"""Every decoder takes hundreds of inputs that are nearly right; the long form is tests/fuzz/campaign.py."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.fuzz.mutation import mutated
from tests.fuzz.targets import targets


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def test_no_decoder_fails_at_inputs_that_are_nearly_right(folder: Path) -> None:
    for target in targets(folder):
        for seed in target.seeds:
            target.run(seed)
        for number in range(target.short):
            data = mutated(target.seeds, Random(f"{target.name} {number}"))
            try:
                target.run(data)
            except Exception as error:
                raise AssertionError(f"{target.name} failed at {data!r}: {error!r}") from error
