"""The run itself: the seed alone decides, the bars hold in small, the command says what it promises."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import msgspec
import pytest

from enforcement.cli import main
from enforcement.simulation.county import simulate, workers
from enforcement.simulation.parameters import PARAMETERS, POLICY, Choices, Parameters, Period
from enforcement.simulation.village import County
from tests.county.record import FIGURES, sha256

replace = msgspec.structs.replace
PROMISED = ("passages", "proposed", "proposed_right", "letters", "wrong_letters", "missed")


@pytest.fixture(scope="module")
def fortnight(shipped: Parameters) -> Parameters:
    return replace(shipped, period=Period(start=date(2027, 10, 25), end=date(2027, 11, 8)))


def test_figures_do_not_depend_on_the_number_of_workers(fortnight: Parameters, choices: Choices) -> None:
    county = County(fortnight, choices, 11)
    found = []
    for number in (1, 2):
        with workers(number) as pool:
            found.append(simulate(county, 5000, pool, 2 * number).as_json())
    assert found[0] == found[1]
    assert found[0]["passages"] >= 5000
    with workers(2) as pool:
        other = simulate(replace_seed(county, 12), 5000, pool, 2).as_json()
    assert other != found[0]


def replace_seed(county: County, seed: int) -> County:
    return County(county.parameters, county.choices, seed)


def test_the_command_ends_with_one_line_of_json(
    fortnight: Parameters, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parameters = tmp_path / "parameters.yaml"
    parameters.write_bytes(msgspec.json.encode(fortnight))
    words = ["simulate", "--json", "--passages", "3000", "--workers", "1", "--no-tables"]
    status = main([*words, "--parameters", str(parameters)])
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert tuple(told)[:6] == PROMISED
    assert told["proposed"] >= told["proposed_right"] > 0
    found = 1 - sum(told["missed"].values()) / told["breaches"]
    assert found == pytest.approx(told["share_of_breaches_found"], abs=1e-4)
    assert status == (0 if all(told["bars"].values()) else 1)


def test_a_file_that_is_wrong_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "policy.yaml"
    wrong.write_text("windows: {fastest_mph: 55, through_mph: 45}\n")
    assert main(["simulate", "--policy", str(wrong)]) == 2
    assert "spare_s" in capsys.readouterr().err


def test_the_figures_in_the_repository_are_of_these_files_and_hold_the_bars() -> None:
    """A parameter or a policy that was changed needs a run of its own: `hgv-enforce simulate --json`."""
    kept = json.loads(FIGURES.read_text())
    for path in (PARAMETERS, POLICY):
        assert kept["sha256"][path.name] == sha256(path), path.name
    figures = kept["figures"]
    assert figures["passages"] >= 1_000_000
    assert figures["proposed_right"] / figures["proposed"] >= 0.995
    assert figures["wrong_letters"] * 10_000 <= figures["letters"]
    assert figures["never_to_be_written_to"] == {}
    assert all(figures["bars"].values())
