"""The plan of a training: minutes, rounds, learning rate."""

from pathlib import Path

import pytest

from edge.training.pool import Series
from edge.training.train import SHIPPED_WEIGHTS, Progress, learning_rate, plan_from


def test_the_learning_rate_falls_from_its_peak_to_almost_nothing() -> None:
    rates = [learning_rate(share / 20) for share in range(21)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 50 * rates[-1] > 0
    assert learning_rate(1.5) == rates[-1]


def test_progress_adds_up_over_rounds() -> None:
    assert Progress().after(300.0).after(200.0) == Progress(rounds=2, trained_s=500.0, last_round_s=200.0)


def test_a_plan_takes_its_exclusions_from_the_measuring_pictures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "labels.csv").write_text("file,plate_read_by_eye\na.png,AB12CDE\n", "utf-8")
    plan = plan_from(["--out", str(tmp_path), "--seed", "7", "--measuring-data", str(tmp_path)])
    assert plan.excluded == {"AB12CDE"}
    assert plan.seed == 7
    assert "leaving out 1 labelled" in capsys.readouterr().out


def test_training_goes_on_from_the_shipped_weights_unless_told_otherwise(tmp_path: Path) -> None:
    to = ["--out", str(tmp_path), "--measuring-data", str(tmp_path)]
    assert plan_from(to).start == SHIPPED_WEIGHTS
    assert SHIPPED_WEIGHTS.is_file()
    assert plan_from([*to, "--start", str(tmp_path / "own.keras")]).start == tmp_path / "own.keras"
    assert plan_from([*to, "--from-scratch"]).start is None


def test_only_rounds_from_scratch_begin_with_easy_pictures(tmp_path: Path) -> None:
    arguments = [
        "--pictures",
        "8",
        "--measuring-data",
        str(tmp_path),
        "--out",
        str(tmp_path),
        "--from-scratch",
    ]
    plan = plan_from(arguments)
    early, late = (list(plan.draw(number).parent.glob("*.jpg")) for number in (0, 8))
    at_full_hardness = Series(2, 0, 72, frozenset())
    hard = {f"{n}.jpg": at_full_hardness.picture(n).jpeg for n in (*range(8), *range(64, 72))}
    assert any(path.read_bytes() != hard[path.name] for path in early)
    assert all(path.read_bytes() == hard[path.name] for path in late)


def test_each_round_draws_pictures_of_its_own(tmp_path: Path) -> None:
    arguments = [
        "--out",
        str(tmp_path),
        "--pictures",
        "20",
        "--from-scratch",
        "--measuring-data",
        str(tmp_path),
    ]
    plan = plan_from(arguments)
    numbers = [
        {int(row.split(".")[0]) for row in plan.draw(n).read_text("ascii").splitlines()[1:]} for n in (0, 1)
    ]
    assert numbers[0] <= set(range(20))
    assert numbers[1] <= set(range(20, 40))
    assert min(map(len, numbers)) > 10
