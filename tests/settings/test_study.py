import copy
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import Params, parse, plan, read_config
from frugalseg.settings.study import ContrastParams, CostParams

DOCUMENT = read_config(Path(__file__).parents[2] / "params.yaml").values
ENTRY = {"metric": "dice", "value": 0.7, "source": "README", "arm": "full"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"b": "x"}, "two different arms, found 'x' twice"),
        ({"claim": "better"}, "'superior', 'not_worse' or 'equivalent'"),
        ({"margin": -0.1}, "greater than or equal to 0"),
        ({"margin": float("nan")}, "finite number"),
        ({"claim": "not_worse"}, "claim 'not_worse' needs a 'margin' above 0"),
        ({"claim": "equivalent"}, "claim 'equivalent' needs a 'margin' above 0"),
        ({"at": "last"}, "'final'"),
        ({"at": 0.0}, "greater than 0"),
        ({"at": 1.5}, "less than or equal to 1"),
    ],
)
def test_a_contrast_that_makes_no_sense_is_refused(wrong: dict[str, Any], message: str) -> None:
    assert ContrastParams(a="x", b="y").margin == 0
    assert ContrastParams(a="x", b="y", claim="not_worse", margin=0.02).margin == 0.02
    with pytest.raises(ValidationError, match=message):
        ContrastParams(**{"a": "x", "b": "y"} | wrong)


def test_labels_cost_something() -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        CostParams(mask_seconds=0)


def with_entry(**fields: object) -> Params:
    document = copy.deepcopy(DOCUMENT)
    document["published"] = {"builtin": [ENTRY | fields]}
    return parse(document)


def test_a_number_stands_beside_an_arm_at_one_half() -> None:
    (entry,) = with_entry().published["builtin"]
    assert (entry.threshold, entry.corrected, entry.name) == ("half", None, "")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"arm": "ful"}, r"published\.builtin\.0\.arm: Unknown arm 'ful'. Did you mean 'full'"),
        ({"corrected": "x"}, r"published\.builtin\.0\.corrected: Unknown arm 'x'"),
        ({"metric": "dise"}, "Unknown metric 'dise'"),
        ({"valu": 1}, "Did you mean 'value'"),
    ],
)
def test_a_wrong_entry_names_its_key(fields: dict[str, object], message: str) -> None:
    with pytest.raises(FrugalsegError, match=message):
        with_entry(**fields)


def test_every_data_set_with_arms_or_published_numbers_can_be_planned() -> None:
    params = parse(copy.deepcopy(DOCUMENT))
    assert set(params.published) <= set(params.arms) <= set(params.datasets)
    for dataset in params.arms:
        assert plan(params, dataset).arms


def test_active_arms_of_a_study_spend_and_train_alike() -> None:
    params = parse(copy.deepcopy(DOCUMENT))
    for dataset in ("kolektorsdd2_published", "glas", "glas_small"):
        arms = plan(params, dataset).arms.values()
        active = [arm for arm in arms if arm.settings.acquire]
        for unit in {arm.settings.unit for arm in active}:
            alike = [arm for arm in active if arm.settings.unit == unit]
            spent = {
                (repr(arm.settings.query), arm.rounds, arm.training.steps, arm.warm)
                for arm in alike
                if not arm.name.endswith("_half")
            }
            assert len(spent) == 1, f"{dataset}: {unit}"
            assert "random" in {arm.settings.acquire for arm in alike}
