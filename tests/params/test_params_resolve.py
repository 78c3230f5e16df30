import copy
from typing import Any

import pytest
from plans import DOCUMENT, DROPOUT, REGION, buying, planned

from frugalseg.core.errors import FrugalsegError
from frugalseg.params import Plan, parse, plan
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.strategies import STRATEGIES

CHECKED = {"like": "base", "validation": {"share": 0.2}}


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


def test_units_and_passes_have_to_suit_the_acquisition() -> None:
    assert buying(acquire="entropy", **REGION).arms["active"].settings.region is not None
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

    assert planned_with("dropped", "dropped", 4).arms["active"].settings.passes == 4
    for first, then, blamed in (("dropped", "small", "active"), ("small", "dropped", "initial")):
        with pytest.raises(FrugalsegError, match=r"builtin\.active\.passes: 4 stochastic") as error:
            planned_with(first, then, 4)
        assert f"that of arms.builtin.{blamed} predicts the same" in str(error.value)
    arms["active"]["acquire"] = "entropy"
    assert planned_with("small", "small", 1).arms["active"].settings.passes == 1
    arms["active"]["acquire"] = "random"  # looks at no model, whatever the passes
    assert planned_with("small", "small", 4).arms["active"].settings.passes == 4


def test_every_semi_supervised_arm_has_a_control_of_as_many_steps() -> None:
    params = parse(copy.deepcopy(DOCUMENT))
    checked = 0
    for dataset in params.arms:
        arms = plan(params, dataset).arms.values()
        for arm in arms:
            if arm.unlabeled is None or arm.settings.acquire:
                continue
            checked += 1
            assert any(
                other.strategy == "supervised"
                and (other.start, other.warm) == (arm.start, arm.warm)
                and other.training.model_copy(update={"ema_decay": None})
                == arm.training.model_copy(update={"ema_decay": None})
                for other in arms
            ), f"{dataset}.{arm.name}"
    assert checked >= 5


TEACHER = {"start": "initial", "strategy": "mean_teacher"}


def options_of(**arms: object) -> Any:
    """Return the options of the last of some arms."""
    plan = planned(initial={"labels": 0.1}, **arms)
    return dict(list(plan.arms.values())[-1].options)


def test_options_have_their_defaults_and_are_plain() -> None:
    options = options_of(arm=TEACHER | {"mean_teacher": {"ema_decay": 0.5}})
    assert (options["ema_decay"], options["keep"]) == (0.5, "teacher")
    assert options_of(arm={"start": "initial"}) == {}
    assert options_of(arm={"start": "initial", "strategy": "fixmatch"})["threshold"] == 0.95


def test_options_that_an_arm_leaves_out_come_from_its_start() -> None:
    before = TEACHER | {"mean_teacher": {"ema_decay": 0.7}, "unlabeled": {"batch": 9}}
    arms = planned(
        initial={"labels": 0.1},
        teacher=before,
        same={"start": "teacher"},
        other={"start": "teacher", "strategy": "fixmatch"},
        own={"start": "teacher", "mean_teacher": {}, "unlabeled": {"batch": 2}},
        supervised={"start": "teacher", "strategy": "supervised"},
    ).arms
    assert arms["same"].options is arms["teacher"].options
    assert arms["other"].options["threshold"] == 0.95
    assert arms["own"].options["ema_decay"] == 0.99
    assert arms["own"].unlabeled == UnlabeledParams(batch=2)
    assert arms["same"].unlabeled == UnlabeledParams(batch=9)
    assert arms["supervised"].unlabeled is None


@pytest.mark.parametrize(
    ("section", "strategy"),
    [("fixmatch", "mean_teacher"), ("unlabeled", "supervised"), ("options", "fixmatch")],
)
def test_options_of_another_strategy_are_refused(section: str, strategy: str) -> None:
    arm = {
        "start": "initial",
        "strategy": strategy,
        section: {"batch": 1} if section != "fixmatch" else {},
    }
    with pytest.raises(
        FrugalsegError, match=rf"builtin\.arm\.{section}: .*{strategy!r} does not use"
    ):
        options_of(arm=arm)


def test_a_strategy_without_a_section_gets_the_options_of_its_arm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(STRATEGIES, "sharpened", STRATEGIES["supervised"])
    arm = {"start": "initial", "strategy": "sharpened", "options": {"temperature": 0.5}}
    assert options_of(arm=arm) == {"temperature": 0.5}
    assert options_of(arm=arm, after={"start": "arm"}) == {"temperature": 0.5}


def test_a_validation_has_to_suit_the_labels_and_the_weights() -> None:
    def training(**changes: object) -> dict[str, object]:
        return {"training": {"like": "base", **changes}}

    first = {"labels": 0.1, **training(validation="none")}
    planned(initial=first, later={"start": "initial", **training(validation="none")})
    with pytest.raises(FrugalsegError, match=r"later\.training: 'validation: split' needs"):
        planned(initial=first, later={"start": "initial", **training(validation="split")})
    with pytest.raises(FrugalsegError, match=r"later\.training: 'validation: cross' needs models"):
        planned(initial=first, later={"start": "initial", **training(validation="cross")})
    cold = {"start": "initial", "warm": False}
    planned(initial=first, later={**cold, **training(validation="cross")})
    weak = {"labels": "tags", "strategy": "weak"}
    planned(initial=first, weak={**weak, **training(validation={"share": 0.3})})
    with pytest.raises(FrugalsegError, match=r"weak\.training: an arm that buys tags only"):
        planned(initial=first, weak={**weak, **training(validation="none")})
    teacher = {"labels": 0.1, "strategy": "mean_teacher", **training(ema_decay=0.9)}
    with pytest.raises(FrugalsegError, match=r"teacher\.training\.ema_decay: Mean Teacher keeps"):
        planned(initial=first, teacher=teacher)


def test_an_arm_may_buy_several_kinds_of_labels() -> None:
    mixed = {"images": 8, "scribbles": 0.5, "tags": "all"}
    plan = planned(
        mixed={"labels": mixed, "tags": {"grids": [[1, 1], [4, 4]]}, "strategy": "weak"},
        more={"start": "mixed", "acquire": "random", "query": 0.9, "rounds": 1},
        tags={"labels": "tags", "strategy": "weak", "training": CHECKED},
    )
    tags = plan.arms["mixed"].tags
    assert tags is not None
    assert (tags.share, tags.grids) == (1.0, [(1, 1), (4, 4)])
    assert plan.arms["mixed"].settings.amounts == {"images": 8, "scribbles": 0.5, "tags": 1.0}
    assert plan.drawn("more") == plan.drawn("mixed") == ["scribbles"]
    assert plan.drawn("tags") == []
    assert plan.buys_masks("mixed")
    assert not plan.buys_masks("tags")


def test_only_arms_of_nothing_but_masks_have_a_curve_of_masks() -> None:
    plan = planned(
        initial={"labels": 8},
        random={"start": "initial", "acquire": "random", "query": 8, "rounds": 1},
        drawn={"labels": {"points": 8}},
        more={"start": "drawn", "acquire": "random", "query": 8, "rounds": 1},
    )
    assert plan.learning_curves() == {"random": ["initial", "random"]}


@pytest.mark.parametrize(
    ("arm", "message"),
    [
        ({"labels": {"pionts": 4}}, r"labels\.pionts: Unknown kind of label.*mean 'points'"),
        ({"labels": {"points": -4}}, r"labels\.points: expected a number of images of at least 1"),
        ({"labels": {"images": 0.6, "boxes": 0.7}}, "add up to 130% of the training pool"),
        (
            {"labels": {"boxes": 4, "tags": 9}, "tags": {"share": 0.5}},
            "'labels: {tags}' and 'tags: {share}' both count images",
        ),
        (
            {"labels": {"boxes": 4}, "training": {"like": "base", "validation": {"share": 0.5}}},
            r"training: validation on an arm's own labels needs whole masks, .* buys boxes\.",
        ),
    ],
)
def test_kinds_that_cannot_be_bought_are_refused(arm: dict[str, Any], message: str) -> None:
    with pytest.raises(FrugalsegError, match=message):
        planned(a=arm)


def test_every_kind_that_is_bought_needs_a_price_and_none_is_negative() -> None:
    document = copy.deepcopy(DOCUMENT)
    prices = document["costs"]["mark_seconds"]
    del prices["points"]
    with pytest.raises(FrugalsegError, match=r"costs\.mark_seconds: .*builtin_kinds\.points buys"):
        parse(document)
    prices |= {"points": -1.0}
    with pytest.raises(FrugalsegError, match=r"costs\.mark_seconds\.points: expected a number gr"):
        parse(document)
    prices |= {"points": 0.0, "clicks": 3}
    with pytest.raises(
        FrugalsegError, match=r"costs\.mark_seconds\.clicks: Unknown kind of drawing"
    ):
        parse(document)
