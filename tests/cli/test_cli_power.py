import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from frugalseg.cli import __main__ as program
from frugalseg.params import read_config

DOCUMENT = Path(__file__).parents[2] / "params.yaml"

Answer = Callable[..., str]


@pytest.fixture
def params(tmp_path: Path) -> Path:
    """Write parameters with three arms and three contrasts."""
    document = read_config(DOCUMENT).values
    arms = document["arms"]["builtin"]
    document["arms"] = {"builtin": {name: arms[name] for name in ("full", "initial", "random")}}
    document["contrasts"] = {
        "builtin": [
            {"a": "full", "b": "initial"},
            {"a": "random", "b": "initial"},
            {"a": "random", "b": "full", "claim": "not_worse", "margin": 0.02},
        ]
    }
    document.pop("published", None)
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return path


@pytest.fixture
def answer(params: Path, capsys: pytest.CaptureFixture[str]) -> Answer:
    """Return what runs the command and gives what it prints."""

    def run(*arguments: str) -> str:
        assert program.main(["power", "--params", str(params), *arguments]) == 0
        return capsys.readouterr().out

    return run


def test_before_anything_is_run(tmp_path: Path, answer: Answer) -> None:
    text = answer("--results", str(tmp_path), "--seeds", "5", "10")
    assert (
        "3 planned contrasts, 5 seeds; alpha 0.05, so the hardest one is tested at 0.0167" in text
    )
    assert "A seed is 4 trainings. What one costs is measured by running one" in text
    # smallest d_z of 5 seeds at 0.05 / 3: statsmodels' TTestPower gives 2.29 and 2.65
    assert "5        2.29        2.65 cannot (p >= 0.062)" in text
    assert "10        1.22        1.39          can decide" in text
    assert "core-hours" not in text.splitlines()[5]


def test_with_a_scatter_from_elsewhere(tmp_path: Path, answer: Answer) -> None:
    text = answer("--results", str(tmp_path), "--seeds", "10", "--spread", "0.1")
    assert "difference at 80 %" in text
    assert "0.122" in text


def test_with_what_was_measured(tmp_path: Path, answer: Answer) -> None:
    for arm in ("full", "initial"):
        path = tmp_path / "builtin/train" / arm / "seed-0/round-0/run.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps({"seconds": 1800.0, "threads": 2, "arm": arm}))
    rows = [
        (arm, seed, 0, 1.0, "validation", "all", "dice", base + scatter * seed)
        for arm, base, scatter in (("full", 0.8, 0.1), ("initial", 0.5, 0.0))
        for seed in range(3)
    ]
    names = ["arm", "seed", "round", "fraction", "threshold", "class", "metric", "value"]
    pd.DataFrame(rows, columns=names).to_csv(tmp_path / "builtin/scores.csv", index=False)
    text = answer("--results", str(tmp_path))
    assert "of which 2 have been measured: 2 core-hours" in text
    lines = [line.split() for line in text.splitlines() if "full - initial" in line]
    # differences 0.3, 0.4, 0.5: standard deviation 0.1; 2.29 times that
    assert lines[0][-4:] == ["3", "0.100", "0.229", "0.265"]
    missing = [line.split() for line in text.splitlines() if "random - full" in line]
    assert missing[0][-4:] == ["0", "-", "-", "-"]


def test_a_data_set_without_arms_is_named(params: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["power", "--params", str(params), "nobody"]) == 2
    assert "No arms are planned for the data set 'nobody'" in capsys.readouterr().err
