"""The kept figures are of modules and judges that are there, and add up."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.mutation.figures import ModuleFigures, kept
from tests.mutation.judges import JUDGES

ROOT = Path(__file__).parents[2]
EQUIVALENT = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", JUDGES)
def test_a_module_and_its_judges_are_there(module: str) -> None:
    assert [name for name in (module, *JUDGES[module]) if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("figures", kept(), ids=lambda figures: str(figures.module))
def test_kept_figures_add_up(figures: ModuleFigures) -> None:
    assert figures.module in JUDGES
    assert len(figures.survivors) == figures.survived
    assert figures.mutants == figures.killed + figures.timeouts + figures.survived + figures.equivalent


def test_nine_in_ten_are_found() -> None:
    judged = sum(figures.mutants - figures.equivalent for figures in kept())
    assert judged
    assert sum(figures.survived for figures in kept()) <= judged / 10


@pytest.mark.parametrize("mistake", EQUIVALENT["mistake"], ids=lambda mistake: str(mistake["was"]))
def test_a_mistake_that_nobody_could_see_says_why_and_is_still_there(mistake: dict[str, str]) -> None:
    assert mistake["why"].strip()
    lines = (ROOT / mistake["module"]).read_text(encoding="utf-8").splitlines()
    assert mistake["was"] in " ".join(line.strip() for line in lines)
