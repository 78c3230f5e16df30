import copy
import logging
from pathlib import Path
from typing import Any

import pytest

from frugalseg.params import Params, parse, read_config
from frugalseg.pipeline.plan_check import warn_of_weak_plans, weak_plans

DOCUMENT = read_config(Path(__file__).parents[2] / "params.yaml").values
PAIRS = [("full", "initial"), ("random", "initial"), ("entropy", "random")]


def planned(contrasts: int, **values: Any) -> Params:
    document = copy.deepcopy(DOCUMENT) | values
    pairs = [{"a": a, "b": b} for a, b in PAIRS[:contrasts]]
    return parse(document | {"run": ["builtin"], "contrasts": {"builtin": pairs}})


def test_a_plan_whose_seeds_decide_little_is_named_once_for_each_data_set() -> None:
    # statsmodels' TTestPower: 2.29 for 5 seeds at .05 / 3, 1.68 at .05
    (warning,) = weak_plans(planned(3, seeds=5))
    assert warning.startswith(
        "builtin: with 5 seeds, the hardest of 3 planned contrasts is decided 4 times in 5 only if "
        "its difference is 2.3 times its scatter over seeds. Plan more seeds or fewer contrasts"
    )
    assert "`frugalseg power builtin`" in warning


def test_one_seed_can_decide_nothing() -> None:
    (warning,) = weak_plans(planned(1, seeds=1))
    assert "with 1 seed, none of 1 planned contrast can be decided" in warning


@pytest.mark.parametrize(
    "params",
    [
        planned(3, seeds=10),
        planned(1, seeds=5),
        planned(3, seeds=5, statistics={"order": "fixed"}),
        planned(0, seeds=1),
    ],
)
def test_other_plans_are_not_mentioned(params: Params, caplog: pytest.LogCaptureFixture) -> None:
    warn_of_weak_plans(params, logging.getLogger("test"))
    assert not caplog.records


def test_warnings_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    warn_of_weak_plans(planned(3, seeds=5), logging.getLogger("test"))
    assert [record.levelname for record in caplog.records] == ["WARNING"]
