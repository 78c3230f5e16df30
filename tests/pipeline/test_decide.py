"""The looks themselves; tests/workflow/test_decide.py runs them in the real workflow."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import write_csv
from frugalseg.params import Params, load
from frugalseg.params.decisions import read_decisions
from frugalseg.pipeline import decide
from frugalseg.statistics.summarize import COLUMNS

SHIPPED = Path(__file__).parents[2] / "params.yaml"
ARMS = ("full", "initial", "random", "continued", "mean_teacher")


@pytest.fixture
def params(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Params:
    monkeypatch.chdir(tmp_path)
    return load(SHIPPED, overrides={"seeds": {"looks": [2, 3, 5]}})


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Collect the targets of every run; `random` is decided at 3 seeds, `mean_teacher` never."""
    made: list[Sequence[str]] = []

    def make(stage: str | None, targets: Sequence[str], *_: object) -> int:
        made.append(targets)
        found = read_decisions("builtin")
        n = max(found.seeds.values()) if found else 2
        rows = [
            {"a": "random", "b": "full", "look": min(n, 3), "decided": n >= 3, "verdict": "worse"},
            {"a": "mean_teacher", "b": "continued", "look": n, "decided": False},
        ]
        table = pd.DataFrame(rows, columns=list(COLUMNS)).assign(metric="dice", n=n)
        table["verdict"] = table["verdict"].fillna("undecided")
        costs = pd.DataFrame({"arm": ARMS, "core_hours": 1.0})
        for name, content in (("contrasts", table), ("costs", costs)):
            write_csv(Path(paths.TABLE.format(dataset="builtin", table=name)), content)
        return 0

    monkeypatch.setattr(decide, "make", make)
    return made


def test_looks_go_on_for_the_arms_of_undecided_contrasts(
    params: Params, looked: list[Sequence[str]]
) -> None:
    assert decide.decide(params, [], []) == 0
    found = read_decisions("builtin")
    assert found is not None
    assert [look.seeds for look in found.looks] == [2, 3, 5]
    seeds = {arm: found.seeds[arm] for arm in ARMS}
    assert seeds == {"full": 3, "initial": 5, "random": 3, "continued": 5, "mean_teacher": 5}
    assert looked == [["results/builtin/statistics/contrasts.csv"]] * 3 + [["reports/all"]]


def test_a_second_call_adds_nothing(params: Params, looked: list[Sequence[str]]) -> None:
    decide.decide(params, [], [])
    before = read_decisions("builtin")
    decide.decide(params, [], [])
    assert read_decisions("builtin") == before
    assert len(looked) == 6


def test_a_look_that_takes_longer_than_the_hours_is_an_error_after_the_reports(
    params: Params, looked: list[Sequence[str]]
) -> None:
    with pytest.raises(FrugalsegError, match=r"Raise seeds\.hours in params\.yaml, or --hours"):
        decide.decide(params, [], [], hours=0.01)
    assert looked[-1] == ["reports/all"]
    found = read_decisions("builtin")
    assert found is not None
    assert set(found.seeds.values()) == {2}


def test_a_run_that_fails_ends_the_looks(params: Params, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide, "make", lambda *_: 7)
    assert decide.decide(params, [], []) == 7
    assert read_decisions("builtin") is None


@pytest.mark.usefixtures("looked")
def test_a_fixed_number_of_seeds_is_refused(params: Params) -> None:
    fixed = params.model_copy(update={"seeds": 3})
    with pytest.raises(FrugalsegError, match="seeds: expected looks, found 3"):
        decide.decide(fixed, [], [])


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    return lambda count: monkeypatch.setattr(os, "cpu_count", lambda: count)


def test_hours_are_those_of_the_further_seeds_on_all_cores(cores: Callable[[int], None]) -> None:
    cores(4)
    costs = pd.DataFrame({"arm": ["a", "b", "all"], "core_hours": [1.0, 2.0, 3.0]})
    hours = decide.estimated_hours(costs, {"a": 5, "b": 5}, {"a": 5, "b": 8})
    assert hours == 3 * 2 / 4
