import copy

import pytest
from plans import DOCUMENT, buying, planned

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import Plan, parse, plan


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


def test_a_model_chooses_only_where_one_is_needed() -> None:
    assert buying(acquire="entropy").choosing_model("active", 1) == ("initial", 0)
    assert buying(acquire="entropy").choosing_model("active", 2) == ("active", 1)
    assert buying(acquire="entropy").choosing_model("initial", 0) is None
    for acquire in ("random", "foreground_random"):
        assert buying(acquire=acquire).choosing_model("active", 1) is None


def lengths(**arms: object) -> Plan:
    """Return the plan of arms whose training `own` has its length chosen."""
    document = copy.deepcopy(DOCUMENT)
    own = {"steps": "auto", "validation": "split"}
    document["training"]["own"] = document["training"]["base"] | own
    document["arms"]["builtin"] = {
        name: ({} if "start" in arm else {"model": "small", "training": "own"}) | arm  # type: ignore[operator]
        for name, arm in arms.items()
    }
    document["contrasts"]["builtin"] = []
    return plan(parse(document), "builtin")


def test_a_length_is_chosen_on_the_arm_with_the_most_labels() -> None:
    plan = lengths(
        few={"labels": 0.1},
        counted={"labels": 50},
        many={"labels": 0.9, "training": {"like": "own", "lr": 0.1}},
        later={"start": "few"},
        short={"start": "few", "training": {"like": "own", "steps": 60}},
        fixed={"labels": 1.0, "training": "base"},
        tagged={"labels": "tags", "strategy": "weak"},
    )
    assert plan.length_arm("own").name == "many"
    names = {name: arm.length_name for name, arm in plan.arms.items()}
    assert names.pop("fixed") is None
    assert names.pop("short") is None
    assert set(names.values()) == {"own"}
    assert lengths(few={"labels": 10}, more={"labels": 50}).length_arm("own").name == "more"


def test_a_length_needs_an_arm_with_masks_and_a_section_of_its_own() -> None:
    with pytest.raises(FrugalsegError, match=r"training\.own\.steps: .* begins with masks"):
        lengths(tagged={"labels": "tags", "strategy": "weak"})
    changed = {"like": "base", "steps": "auto"}
    with pytest.raises(FrugalsegError, match=r"arms\.builtin\.one\.training\.steps: 'auto'"):
        lengths(one={"labels": 0.1, "training": changed})


def test_learning_curves_begin_with_the_first_labels_of_one_model() -> None:
    arms = planned(
        full={"labels": 1.0},
        initial={"labels": 0.1},
        other={"labels": 0.2, "model": "shallow"},
        random={"start": "initial", "acquire": "random", "query": 0.1, "rounds": 2},
        entropy={"start": "initial", "acquire": "entropy", "query": 0.1, "rounds": 2},
        continued={"start": "entropy"},
        weak={"labels": "tags", "strategy": "weak", "training": {"like": "multiclass"}},
    )
    assert arms.learning_curves() == {
        "random": ["full", "initial", "random"],
        "entropy": ["initial", "entropy"],
        "other": ["other"],
    }
    alone = planned(full={"labels": 1.0}, half={"labels": 0.5})
    assert alone.learning_curves() == {"half": ["full", "half"]}


def test_a_length_is_chosen_where_all_is_labeled_in_the_end() -> None:
    arms = planned(
        few={"labels": 0.5, "training": "auto"},
        curve={
            **{"labels": 1, "acquire": "random", "query": "log", "rounds": 3, "training": "auto"}
        },
    )
    assert arms.length_arm("auto").name == "curve"
