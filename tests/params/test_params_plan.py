import copy
from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import Plan, parse, plan, read_config

ROOT = Path(__file__).parents[2]
DOCUMENT = read_config(ROOT / "params.yaml").values


def planned(**arms: object) -> Plan:
    document = copy.deepcopy(DOCUMENT)
    base = {"model": "small", "training": "base"}
    document["arms"]["builtin"] = {
        name: ({} if "start" in arm else base) | arm  # type: ignore[operator]
        for name, arm in arms.items()
    }
    document["contrasts"]["builtin"] = []
    return plan(parse(document), "builtin")


def test_rounds_count_purchases_and_parents_chain_them() -> None:
    arms = planned(
        initial={"labels": 0.1},
        active={"start": "initial", "acquire": "random", "query": 0.1, "rounds": 2},
        later={"start": "active", "acquire": "random", "query": 0.1, "rounds": 1},
        continued={"start": "active"},
        alone={"labels": 0.1, "acquire": "random", "query": 5, "rounds": 2},
    )
    assert {name: arm.rounds for name, arm in arms.arms.items()} == {
        "initial": (0,),
        "active": (1, 2),
        "later": (3,),
        "continued": (2,),
        "alone": (0, 1, 2),
    }
    assert arms.parent("initial", 0) is None
    assert arms.parent("active", 1) == ("initial", 0)
    assert arms.parent("active", 2) == ("active", 1)
    assert arms.parent("later", 3) == ("active", 2)
    assert arms.parent("continued", 2) == ("active", 2)
    assert arms.parent("alone", 0) is None


def test_active_rounds_start_cold_and_continued_training_warm() -> None:
    arms = planned(
        initial={"labels": 0.1},
        active={"start": "initial", "acquire": "random", "query": 0.1, "rounds": 1},
        warm={"start": "initial", "acquire": "random", "query": 0.1, "rounds": 1, "warm": True},
        continued={"start": "initial"},
    )
    assert arms.start_model("active", 1) is None
    assert arms.start_model("warm", 1) == ("initial", 0)
    assert arms.start_model("continued", 0) == ("initial", 0)


def test_an_arm_inherits_from_its_start_and_changes_single_settings() -> None:
    arms = planned(
        initial={"labels": 0.1},
        slower={"start": "initial", "training": {"like": "base", "lr": 0.5}},
    ).arms
    assert arms["slower"].model == arms["initial"].model
    assert arms["slower"].training.lr == 0.5
    assert arms["slower"].training.steps == arms["initial"].training.steps


def test_a_budget_of_exactly_all_labels_is_allowed() -> None:
    arms = planned(
        initial={"labels": 0.1},
        active={"start": "initial", "acquire": "random", "query": 0.3, "rounds": 3},
    ).arms
    assert arms["active"].rounds == (1, 2, 3)
    with pytest.raises(FrugalsegError, match="130%"):
        planned(
            initial={"labels": 0.4},
            active={"start": "initial", "acquire": "random", "query": 0.3, "rounds": 3},
        )


def buying(**fields: object) -> Plan:
    return planned(
        initial={"labels": 0.1},
        active={"start": "initial", "query": 0.1, "rounds": 2} | fields,
    )


DROPOUT = {"p": 0.5, "where": "encoder"}
REGION = {"unit": "region", "region": {"size": 32, "stride": 16}}


def test_a_model_chooses_only_where_one_is_needed() -> None:
    assert buying(acquire="entropy").choosing_model("active", 1) == ("initial", 0)
    assert buying(acquire="entropy").choosing_model("active", 2) == ("active", 1)
    assert buying(acquire="entropy").choosing_model("initial", 0) is None
    for acquire in ("random", "foreground_random"):
        assert buying(acquire=acquire).choosing_model("active", 1) is None


def test_units_and_passes_have_to_suit_the_acquisition() -> None:
    assert buying(acquire="entropy", **REGION).arms["active"].region is not None
    with pytest.raises(FrugalsegError, match="'coreset' chooses by image; found 'region'"):
        buying(acquire="coreset", **REGION)
    with pytest.raises(FrugalsegError, match=r"'bald' compares stochastic passes.*2; found 1"):
        buying(acquire="bald")


def test_several_passes_need_models_with_dropout() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["models"]["dropped"] = {**document["models"]["small"], "dropout": DROPOUT}
    arms = document["arms"]["builtin"] = {"initial": {"labels": 0.1, "training": "base"}}
    arms["active"] = {"start": "initial", "acquire": "bald", "query": 0.1, "rounds": 1}
    document["contrasts"]["builtin"] = []

    def planned_with(first: str, then: str, passes: int) -> Plan:
        arms["initial"]["model"] = first
        arms["active"] |= {"model": then, "passes": passes}
        return plan(parse(document), "builtin")

    assert planned_with("dropped", "dropped", 4).arms["active"].passes == 4
    for first, then, blamed in (("dropped", "small", "active"), ("small", "dropped", "initial")):
        with pytest.raises(FrugalsegError, match=r"builtin\.active\.passes: 4 stochastic") as error:
            planned_with(first, then, 4)
        assert f"the model of arms.builtin.{blamed} has none" in str(error.value)
    arms["active"]["acquire"] = "entropy"
    assert planned_with("small", "small", 1).arms["active"].passes == 1
    arms["active"]["acquire"] = "random"  # looks at no model, whatever the passes
    assert planned_with("small", "small", 4).arms["active"].passes == 4


def test_every_semi_supervised_arm_has_a_control_of_as_many_steps() -> None:
    params = parse(copy.deepcopy(DOCUMENT))
    checked = 0
    for dataset in params.arms:
        arms = plan(params, dataset).arms.values()
        for arm in arms:
            if arm.unlabeled is None or arm.acquire:
                continue
            checked += 1
            assert any(
                other.strategy == "supervised"
                and (other.start, other.warm) == (arm.start, arm.warm)
                and other.training == arm.training
                for other in arms
            ), f"{dataset}.{arm.name}"
    assert checked >= 5
