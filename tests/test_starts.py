"""The study of first labels: its document, its numbers and the default that they decide on."""

from pathlib import Path

import pandas as pd
import pytest

from benchmarks.starts import SEEDS, SETS, by_budget, by_set, decide, differences
from frugalseg.settings.arm import StartParams

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.read_csv(ROOT / "benchmarks/starts.csv")


def test_tables_say_what_was_measured(table: pd.DataFrame) -> None:
    text = (ROOT / "docs/studies/starts.md").read_text()
    found = differences(table)
    for lines in (by_set(table, found), by_budget(found)):
        assert "\n".join(lines) in text


def test_the_default_is_what_the_rule_decides(table: pd.DataFrame) -> None:
    default = StartParams()
    name = default.by if default.by == "random" else f"{default.by} {default.features}"
    assert decide(differences(table)) == name


@pytest.mark.parametrize(
    ("gains", "default"),
    [
        ({"typical image": [0.05, 0.05, 0.05, 0.0, 0.0, 0.0]}, "typical image"),
        ({"typical image": [0.05, 0.05, 0.05, 0.0, 0.0, -0.05]}, "random"),  # worse somewhere
        ({"typical image": [0.05, 0.05, 0.0, 0.0, 0.0, 0.0]}, "random"),  # better on too few
        ({"typical image": [0.05] * 5}, "random"),  # a data set is missing
        ({"typical image": [0.05] * 6, "kcenter patch": [0.09] * 6}, "kcenter patch"),
    ],
)
def test_the_rule_by_hand(gains: dict[str, list[float]], default: str) -> None:
    rows = [
        (name, start, seed, 30, 0.5 + seed / 100 + gain + noise * (-1) ** seed)
        for start, of_sets in ({"random": [0.0] * 6} | gains).items()
        for noise in [0.0 if start == "random" else 0.002]
        for name, gain in zip(SETS, of_sets, strict=False)
        for seed in range(SEEDS)
    ]
    measured = pd.DataFrame(rows, columns=["dataset", "start", "seed", "pool", "4"])
    measured[["8", "16", "32"]] = float("nan")  # no budget but the first counts
    assert decide(differences(measured)) == default
