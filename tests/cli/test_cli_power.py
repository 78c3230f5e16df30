import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from frugalseg.cli import __main__ as program
from frugalseg.params import read_config
from frugalseg.statistics.power import seeds_needed

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
            {"a": "random", "b": "initial", "margin": 0.05},
            {"a": "random", "b": "full", "claim": "not_worse", "margin": 0.02},
        ]
    }
    document.pop("published", None)
    document["seeds"] = 5
    document["statistics"]["order"] = "holm"
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


def row_of(text: str, contrast: str) -> list[str]:
    """Return the cells of a contrast in what the plan decides."""
    (line,) = (line for line in text.splitlines() if line.strip().startswith(contrast))
    return line.split()[4:]


def test_before_anything_is_run(tmp_path: Path, answer: Answer) -> None:
    text = answer("--results", str(tmp_path), "--seeds", "5", "10")
    assert "3 planned contrasts, 5 seeds; alpha 0.05 after Holm, so the hardest" in text
    assert "is planned at 0.0167" in text
    assert "A seed is 3 trainings. What one costs is measured by running one" in text
    # smallest d_z of 5 seeds at 0.05 / 3: statsmodels' TTestPower gives 2.29 and 2.65, and 1.89
    # for one-sided tests; .05 / 2.29 = .022, .02 / 1.89 = .011
    assert row_of(text, "full - initial") == ["0.0167", "2.29", "-", "-"]
    assert row_of(text, "random - initial") == ["0.0167", "2.29", "0.05", "0.022"]
    assert row_of(text, "random - full") == ["0.0167", "1.89", "0.02", "0.011"]
    assert "5        2.29        2.65 cannot (p >= 0.062)" in text
    assert "10        1.22        1.39          can decide" in text
    assert "core-hours" not in text.splitlines()[5]


def test_looks_are_named(tmp_path: Path, params: Path, answer: Answer) -> None:
    params.write_text(params.read_text().replace("seeds: 5", "seeds: {looks: [3, 5]}"))
    text = answer("--results", str(tmp_path))
    assert "5 seeds at most (looks at 3, 5; what follows is about the last one); alpha" in text


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
    # differences 0.3, 0.4, 0.5: standard deviation 0.1; 2.29 times that
    assert row_of(text, "full - initial") == ["0.0167", "2.29", "3", "0.100", "0.229", *"---"]
    assert row_of(text, "random - full")[2:] == ["0", "-", "-", "0.02", "0.011", "-"]


def test_a_margin_that_the_plan_cannot_decide_is_named(tmp_path: Path, answer: Answer) -> None:
    rows = [
        (arm, seed, 0, 1.0, "validation", "all", "dice", base + scatter * seed)
        for arm, base, scatter in (("random", 0.8, 0.05), ("initial", 0.5, 0), ("full", 0.8, 0.049))
        for seed in range(3)
    ]
    names = ["arm", "seed", "round", "fraction", "threshold", "class", "metric", "value"]
    (tmp_path / "builtin").mkdir()
    pd.DataFrame(rows, columns=names).to_csv(tmp_path / "builtin/scores.csv", index=False)
    text = answer("--results", str(tmp_path))
    # at a scatter as large as the margin, d_z = 1 at 0.05 / 3
    needed = max(seeds_needed(1, alpha=0.05 / 3), seeds_needed(1, power=0.9, alternative="greater"))
    said = " ".join(row_of(text, "random - initial")[-8:])
    assert said == f"cannot be decided with 5 seeds: needs about {needed:.0f}".split(" ", 1)[1]
    assert row_of(text, "random - full")[-1] == "yes"


def test_test_masks_are_charged_and_images_for_margins_named(
    tmp_path: Path, answer: Answer
) -> None:
    assert "The test masks cost 60 s each, once" in answer("--results", str(tmp_path))
    (tmp_path / "builtin/split").mkdir(parents=True)
    parts = pd.DataFrame({"image_id": range(40), "part": ["test"] * 30 + ["train"] * 10})
    parts.to_csv(tmp_path / "builtin/split/seed-0.csv", index=False)
    (tmp_path / "builtin/statistics").mkdir()
    rows = [
        ("random", "initial", "dice", "final", 30, 30, 0.001, 0.05, 0.02),
        ("random", "full", "dice", "final", 30, 30, 0.5, 0.05, 0.02),
    ]
    keys = ["a", "b", "metric", "at", "images", "groups", "seed_sd", "image_sd", "rest_sd"]
    table = tmp_path / "builtin/statistics/new_images.csv"
    pd.DataFrame(rows, columns=keys).to_csv(table, index=False)
    text = answer("--results", str(tmp_path))
    assert "30 test masks cost 0.5 h of annotation, once; they are in no arm's costs." in text
    lines = text[text.index("Test images with which 5 seeds") :].splitlines()
    assert lines[2].split()[:5] == ["random", "-", "initial,", "dice", "0.05"]
    assert int(lines[2].split()[5]) > 2
    assert lines[3].endswith("no number is enough")


def test_a_data_set_without_arms_is_named(params: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["power", "--params", str(params), "nobody"]) == 2
    assert "No arms are planned for the data set 'nobody'" in capsys.readouterr().err
