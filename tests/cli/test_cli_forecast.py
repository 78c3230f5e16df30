from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from frugalseg.cli import __main__ as program

PARAMS = Path(__file__).parents[2] / "params.yaml"
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Return what runs the command on a finished study of `yours` and gives what it says."""
    rng = np.random.default_rng(0)
    rows = [
        ("random", seed, number, n, n * 60.0, n / 40, 0.8 - 0.5 * n**-0.5 + rng.normal(0, 0.01))
        for number, n in enumerate((1, 3, 10, 40))
        for seed in range(4)
    ]
    names = ["arm", "seed", "round", "images", "seconds", "fraction", "value"]
    table = pd.DataFrame(rows, columns=names).assign(threshold="validation", metric="dice")
    (tmp_path / "yours").mkdir()
    table.assign(**{"class": "all"}).to_csv(tmp_path / "yours" / "scores.csv", index=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        given = ["forecast", "--params", str(PARAMS), "--results", str(tmp_path), *arguments]
        try:
            code = program.main(given)
        except SystemExit as end:
            code = int(str(end.code))
        return code, *capsys.readouterr()

    return run


def test_gains_targets_and_budgets_are_said(say: Say) -> None:
    code, text, _ = say("--dataset", "yours", "--target", "0.6,0.95", "--labels", "50,100")
    assert code == 0
    assert "random: 40 more masks (40 min) are worth about +0.0" in text
    assert "Dice 0.6 is reached with the 40 masks at hand, or fewer." in text
    assert "Dice 0.95 " in text
    assert "random: with 50 masks, Dice 0.7" in text
    assert text == say("--dataset", "yours", "--target", "0.6,0.95", "--labels", "50,100")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--dataset", "yours", "--target", "1.5"), "--target: expected scores above 0"),
        (("--dataset", "yours", "--target", "high"), "--target: expected scores above 0"),
        (("--dataset", "yours", "--labels", "200,100"), "--labels: expected ascending"),
        (("--dataset", "yours", "--labels", "0"), "--labels: expected ascending"),
        (("--dataset", "yours", "--labels", "20"), "--labels 20: random has 40 labels"),
        (("--dataset", "yours", "--labels", "99999"), "up to 32 times as many"),
        (("--dataset", "yours", "--metric", "image_fpr"), "is not forecast"),
        (("--dataset", "yours", "--metric", "recall"), "hold no metric 'recall'"),
        (("--dataset", "your"), "Did you mean 'yours'?"),
        (("--dataset", "builtin"), "--dataset builtin: no finished results"),
    ],
)
def test_wrong_arguments_name_the_option(
    say: Say, arguments: tuple[str, ...], message: str
) -> None:
    code, _, text = say(*arguments)
    assert code == 2
    assert message in text
